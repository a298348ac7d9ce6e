"""The command line: ``python -m compendium COMMAND``, run at the top of the repository.

Each command calls one function of the subject that it belongs to, and imports that subject only. What
goes wrong ends in one line and status 1.
"""

import argparse
import os
import re
import sys
import time
from pathlib import Path


def run(options):
    from compendium.publishing.execution import run

    yield run(options.notebook, options.study, options.output)


def refresh(options):
    from compendium.publishing.execution import refresh

    yield from refresh()


def import_(options):
    import gc

    from compendium.importing.draft.decisions import screen
    from compendium.importing.importer import import_study

    gc.disable()  # thousands of columns leave few cycles; looking for them takes a tenth of the time

    if not options.export.strip():
        raise ValueError("EXPORT is missing: give EXPORT=path/to/export.csv.")
    given = (options.platform or None, options.structure or None)
    report = import_study(options.name, options.export, options.data, *given)
    yield from screen(report, options.data / options.name)


def coding_sheet(options):
    from compendium.coding.exchange import coding_sheet

    study, coder, replace = options.study, options.coder, options.replace
    if options.read:
        yield from coding_sheet.read(
            study, coder, options.read, replace=replace, reattach=options.reattach
        )
    else:
        yield from coding_sheet.write(study, coder, replace=replace, sample=options.sample or "")


def exchange(options):
    from compendium.coding.exchange import refi_read, refi_write

    if options.read:
        yield from refi_read.read(
            options.study, options.read, replace=options.replace, reattach=options.reattach
        )
    else:
        yield from refi_write.write(options.study)


def consensus(options):
    from compendium.coding.exchange import consensus_sheet

    if options.read:
        yield from consensus_sheet.read(options.study, options.read, replace=options.replace)
    else:
        yield from consensus_sheet.write(options.study, replace=options.replace)


def reattach(options):
    from compendium.coding.codings import reattach

    yield from reattach(options.study)


def suppress(options):
    from compendium.coding.codings import load_coding
    from compendium.coding.themes import with_themes
    from compendium.disclosure.counts import write_suppressed
    from compendium.survey.study import load_study

    study = load_study(options.study, "data")
    study = with_themes(study, load_coding(study, Path("data", options.study)))
    write_suppressed(Path("build", options.study, "suppressed.json"), study)
    yield from ()


def multiverse(options):
    from compendium.multiverse.summary import run_multiverse

    how = {"scheduler": scheduler(), "progress": bar}
    yield from run_multiverse(options.study, briefly=options.briefly, **how)


def studies(options):
    from compendium.studies.run import run_studies

    if not options.list.strip():
        raise ValueError("LIST is missing: give LIST=studies.txt, one export a line.")
    yield from run_studies(options.list, scheduler=scheduler(), progress=bar)


def lesson(options):
    from compendium.lessons.students import draw

    yield from draw(options.student)


def weights(options):
    from compendium.statistics.design.raking import weigh

    yield from weigh(options.study)


def freeze(options):
    from compendium.survey.freeze import freeze

    yield from freeze(Path("data", options.study))


def trail(options):
    from compendium.audit.provenance import write_trail
    from compendium.captions import write_captions

    write_trail(options.study)
    write_captions(Path("figures", options.study))
    yield from ()


def verdict(options):
    from compendium.audit.claims import verdict

    return (yield from verdict(Path("build", options.study)))


def claims(options):
    from compendium.publishing.manuscript import check_manuscript

    if not options.draft.strip():
        raise ValueError("DRAFT is missing: give DRAFT=path/to/paper.docx.")
    yield from check_manuscript(options.study, options.draft)


def pdf(options):
    from compendium.publishing.pdf import build_pdfs

    started = time.monotonic()
    build_pdfs(options.study)
    yield f"poster, handout, report: done in {time.monotonic() - started:.1f} s"


def site(options):
    from compendium.publishing.site.build import build_site

    started = time.monotonic()
    pages = build_site(options.study)
    yield f"site: {pages} pages in {time.monotonic() - started:.0f} s"


def new_study(options):
    from compendium.publishing.template import new_study

    yield from new_study(options.study, options.authors, options.repository or "")


def bundle(options):
    from compendium.publishing.bundle.write import write_bundle

    yield from write_bundle(options.study, options.answers or "")


def verify(options):
    from compendium.audit.committed import verify

    if options.bundle:
        from compendium.publishing.bundle.compare import verify_bundle

        return (yield from verify_bundle(options.study, options.bundle))
    return (yield from verify(Path("figures", options.study)))


COMMANDS = {
    "run": (run, "execute one notebook for a study"),
    "refresh": (refresh, "record the outputs of the committed notebooks anew"),
    "import": (import_, "make a study of a survey platform's export, or update its responses"),
    "coding-sheet": (coding_sheet, "write a spreadsheet for a coder, or read one back"),
    "consensus": (consensus, "write what coders are to settle as a spreadsheet, or read it back"),
    "reattach": (reattach, "move codings to the answers that they were made for"),
    "exchange": (exchange, "exchange codebook and codings with other QDA software"),
    "suppress": (suppress, "decide which counts of a study may not be shown"),
    "multiverse": (multiverse, "ask the planned questions in every reasonable analysis"),
    "studies": (studies, "take many exports from import to audit"),
    "lesson": (lesson, "draw a student's own synthetic answers"),
    "weights": (weights, "rake the sample of a study to the margins of its population"),
    "freeze": (freeze, "write down the plan of a study before its answers are read"),
    "trail": (trail, "write what the results of a study were made from"),
    "verdict": (verdict, "say how the audit went; status 1 where a numeric claim failed"),
    "claims": (claims, "bind every number of a manuscript to what computed it"),
    "pdf": (pdf, "set poster, handout and report of a study"),
    "site": (site, "build the web site of a study"),
    "new-study": (new_study, "make README and citation file those of a study of one's own"),
    "bundle": (bundle, "put a study into one archive for reviewers and repositories"),
    "verify": (verify, "compare the figures with the committed ones, or a whole run with a bundle"),
}
WITHOUT_STUDY = ("refresh", "import", "lesson", "studies")


def parser():
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="python -m compendium", description=__doc__.splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {name: commands.add_parser(name, help=text) for name, (_, text) in COMMANDS.items()}
    for name in made.keys() - set(WITHOUT_STUDY):
        made[name].add_argument("--study", default="microcredentials", help="its folder in data/")
    made["run"].add_argument("notebook", help="name without ending, such as 1_responses")
    made["run"].add_argument("--output", type=Path, help="where the executed copy goes")
    add = made["import"].add_argument
    add("--name", required=True, help="the study's folder in data/")
    add("--export", required=True, help="the export; never changed")
    add("--platform", help="where it is from; recognised if not given")
    add("--structure", help="the survey's .lss, .lsq or .qsf; found beside the export by its name")
    add("--data", type=Path, default=Path("data"), help="holds the studies")
    made["multiverse"].add_argument("--briefly", action="store_true", help="no more than seconds")
    made["studies"].add_argument("--list", required=True, help="one export a line, or a table")
    made["lesson"].add_argument("--student", required=True, help="letters, digits, _ and -")
    made["coding-sheet"].add_argument("--coder", required=True, help="letters, digits, _ and -")
    made["coding-sheet"].add_argument("--read", help="the coder's sheet: .xlsx, .ods or .csv")
    made["coding-sheet"].add_argument("--sample", help="respondents to draw at random, or drawn before")
    made["exchange"].add_argument("--read", help="a .qdc or .qdpx file of another program")
    made["claims"].add_argument("--draft", required=True, help="the manuscript; never changed")
    made["consensus"].add_argument("--read", help="the settled sheet")
    made["verify"].add_argument("--bundle", help="a bundle to compare the present run with")
    made["new-study"].add_argument("--authors", required=True, help="parted by semicolons")
    made["new-study"].add_argument("--repository", help="owner/name on GitHub")
    made["bundle"].add_argument("--answers", help="include: answers of people too")
    for name in ("coding-sheet", "exchange", "consensus"):
        made[name].add_argument("--replace", action="store_true", help="overwrite other codings")
    for name in ("coding-sheet", "exchange"):
        made[name].add_argument("--reattach", action="store_true", help="codings follow their texts")
    return top


def scheduler():
    """What runs many analyses: as given in the environment; empty for this process."""
    return os.environ.get("SCHEDULER", "").strip()


def bar(done, total):
    """How far a long run is, where somebody looks at a terminal."""
    if sys.stderr.isatty():
        line = f"\r  {'█' * (30 * done // max(total, 1)):30} {done:,} of {total:,}"
        print(line, end="\n" * (done == total), file=sys.stderr, flush=True)


def check_folder(variable, name):
    """Refuse a name of a study that is not one part of a path.

    Raises
    ------
    ValueError
        With the name of make's variable.
    """
    if not name.strip():
        example = "anna, a name" if variable == "STUDENT" else "mine, the study's folder in data/"
        raise ValueError(f"{variable} is missing: give {variable}={example}.")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f"{variable}: use letters, digits, - and _ only, not '{name}'.")


def say(line, file):
    """Print a line without what could steer the terminal: names and headings come from outside.

    What the terminal's encoding cannot write is escaped.
    """
    line = "  " + "".join(c if c.isprintable() else " " for c in line)
    coding = getattr(file, "encoding", None) or "utf-8"
    print(line.encode(coding, "backslashreplace").decode(coding), file=file, flush=True)


def spoken(lines):
    """Print the lines of a command as they come; returns the status that it ends with."""
    while True:
        try:
            say(next(lines), sys.stdout)
        except StopIteration as ended:
            return ended.value or 0


def main(arguments=None):
    """Run one command; returns the status to end with."""
    options = parser().parse_args(arguments)
    try:
        for variable in {"name", "student", "study"} & vars(options).keys():
            check_folder(variable.upper(), getattr(options, variable))
        return spoken(COMMANDS[options.command][0](options))
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    except OSError as error:
        from compendium.files import unwritable

        say(unwritable(error.filename or "a file under build/ or data/", error), sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
