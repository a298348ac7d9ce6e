"""Measure how long everything takes: python tests/bench.py, or make bench."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from compendium.coding.automatic.rule_coder import code_answers, compile_rules
from compendium.coding.codebook import read_codebook
from compendium.coding.codings import load_coding, open_answers
from compendium.multiverse.engine import chunk
from compendium.multiverse.ground import Material, lay_ground
from compendium.multiverse.inference import joint, p_values
from compendium.multiverse.universe import shuffles
from compendium.publishing.execution import NAMES as CHAPTERS
from compendium.statistics.coders.agreement import by_code, by_set, jaccard, masi
from compendium.survey.study import load_study

ROOT = Path(__file__).parents[1]
BEFORE = "ee1dead"  # before the house was rebuilt: what `make all` is measured against
NAMES = ("1_responses", "2_familiarity", "3_themes", "4_figures", "5_claims")  # of then
PLAIN = """
import contextlib, io, json, os, sys
sys.path.insert(0, os.path.abspath("src"))
os.chdir("notebooks")
import matplotlib
matplotlib.use("agg")
out, names = sys.argv[1], sys.argv[2:]
for name in names:
    space = {"__name__": "__main__", "display": lambda *_: None}
    for cell in json.load(open(f"{name}.ipynb", encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                exec("".join(cell["source"]), space)
            if "parameters" in cell["metadata"].get("tags", []):
                space.update(out_dir=out + "/build", figures_dir=out + "/figures")
"""
MANY = ((100_000, 60, 2), (1_000_000, 480, 6))  # respondents; aims in seconds and GiB
ANSWERS = 200_000
ROWS, COLUMNS = 200_000, 60
AGREE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
OFFERS = ["Placements", "Mentoring", "Short courses"]
EXECUTE = (
    "import json, sys; from pathlib import Path; from compendium.publishing import execution;"
    "execution.execute(Path('notebooks', sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))"
)


def measured(command, **options):
    """Seconds and GiB that a command takes; its output is thrown away unless it fails."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said, **{"cwd": ROOT} | options)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            said.seek(0)
            sys.exit(said.read())
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - started, used.ru_maxrss * unit / 1024**3


def timed(command):
    """Seconds that a command takes."""
    return measured(command)[0]


def plain(folder):
    """The cells of `BEFORE` in one plain Python process, its imports done once."""
    old = folder / "before"
    old.mkdir()
    archive = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(old)], input=archive.stdout, check=True)
    return measured([sys.executable, "-c", PLAIN, str(folder), *NAMES], cwd=old)[0]


def cold():
    """`make all` with the environment in place and nothing built."""
    shutil.rmtree(ROOT / "build" / "microcredentials", ignore_errors=True)  # if any
    return timed(["make", "all"])


def many(folder, respondents):
    """The notebooks over many synthetic respondents: seconds, and the largest process in GiB."""
    folder = folder / f"{respondents}"
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    study = data / "microcredentials"
    synthesise = str(study / "synthesise.py")
    timed([sys.executable, synthesise, str(study), "--respondents", str(respondents)])
    (study / "claims.yml").unlink()  # claims and codings are about 92 respondents
    shutil.rmtree(study / "coding")
    return notebooks("microcredentials", data, folder)


def notebooks(study, data, folder):
    """All notebooks over a study, two at a time as in `make`: seconds, and the largest one in GiB."""

    def peak(name):
        settings = {"study": study, "data_dir": str(data), "out_dir": str(folder)}
        settings["figures_dir"] = str(folder / "f")
        command = [sys.executable, "-c", EXECUTE, f"{name}.ipynb", str(folder / name)]
        return measured([*command, json.dumps(settings)])[1]

    started = time.perf_counter()
    with ThreadPoolExecutor(2) as cores:  # later ones read what the first three record
        peaks = [*cores.map(peak, CHAPTERS[:3]), *cores.map(peak, CHAPTERS[3:])]
    return time.perf_counter() - started, max(peaks)


def imported(folder):
    """An export of many respondents read, and its untouched draft analysed."""
    rng, columns = np.random.default_rng(1), []
    for k in range(COLUMNS - 3):
        options = AGREE if k % 2 else [f"Kind {k}.{n}" for n in range(4)]
        columns.append((f"Question {k}?", rng.choice([*options, ""], ROWS)))
    ticks = [";".join(o for o in OFFERS if rng.random() < 0.5) for _ in range(1000)]
    columns.append(("What do you offer?", rng.choice(ticks, ROWS)))
    columns.append(("How many people work for you?", rng.integers(1, 500, ROWS).astype(str)))
    texts = [f"We would say {n} things about this" for n in range(ROWS)]
    columns.append(("What else should we know?", texts))
    export, data = folder / "export.csv", folder / "own"
    with export.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(title for title, _ in columns)
        writer.writerows(zip(*(values for _, values in columns), strict=True))
    data.mkdir()
    for name in ("response_scales.yml", "published.csv", "checklists.csv"):
        shutil.copy(ROOT / "data" / name, data)
    reader = [sys.executable, "-m", "compendium", "import", "--name=many", f"--export={export}"]
    return measured([*reader, "--data", str(data)]), notebooks("many", data, folder)


def small_studies(folder, scheduler, count=50):
    """Seconds for so many exports of 60 respondents and 7 questions, from import to audit."""
    top, rng = folder / f"studies {scheduler}", np.random.default_rng(7)
    (top / "data").mkdir(parents=True)
    for name in ("response_scales.yml", "published.csv", "checklists.csv"):
        shutil.copy(ROOT / "data" / name, top / "data")
    asked = {
        "How old are you?": ["18-29", "30-44", "45-64"],
        "Which sector?": ["Public", "Private", "Third"],
        "Our staff have the skills they need": AGREE,
        "Training pays off for us": AGREE,
        "What do you use?": OFFERS,
        "How many people work here?": [str(number) for number in range(1, 200)],
        "What stands in the way?": [f"We lack {k} things, time above all" for k in range(40)],
    }
    for number in range(count):
        with (top / f"export {number:03}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(asked)
            writer.writerows(zip(*(rng.choice(a, 60) for a in asked.values()), strict=True))
    names = sorted(path.name for path in top.glob("*.csv"))
    (top / "studies.txt").write_text("\n".join(names), encoding="utf-8")
    command = [sys.executable, "-m", "compendium", "studies", "--list=studies.txt"]
    return measured(command, cwd=top, env=os.environ | {"SCHEDULER": scheduler})[0]


def wide(columns=2000, respondents=400):
    """Seconds to decide what is withheld of a study with many closed questions."""
    from compendium.disclosure.counts import suppressed_counts

    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder, "wide")
        study.mkdir()
        options = ", ".join(f"{{id: o{k}, label: Option {k}}}" for k in range(5))
        items = (
            f"  - {{id: q{k}, section: s, type: single, question: Q {k}?, options: [{options}]}}"
            for k in range(columns)
        )
        head = (
            "title: Wide\nprovenance: collected\nlicence: none\nsections: [{id: s, title: S}]\nitems:\n"
        )
        (study / "survey.yml").write_text(head + "\n".join(items) + "\n")
        chosen = rng.choice(5, (respondents, columns), p=[0.4, 0.3, 0.2, 0.09, 0.01])
        with (study / "responses.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(f"q{k}" for k in range(columns))
            writer.writerows([f"Option {k}" for k in row] for row in chosen)
        opened = load_study("wide", folder)
        started = time.perf_counter()
        suppressed_counts(opened)
        return time.perf_counter() - started


def pages():
    """Seconds for the PDF files and for the site, of the study that is built."""
    return [timed([sys.executable, "-m", "compendium", part]) for part in ("pdf", "site")]


def rule_coding():
    """Answers a second, explanations kept, of 25 words on average, in this one process."""
    study = load_study("microcredentials", ROOT / "data")
    answers = open_answers(study)
    compiled = compile_rules(read_codebook(ROOT / "data" / "microcredentials" / "codebook.yml"))
    words = answers["text"].str.split().str.len().to_numpy()
    drawn = np.random.default_rng(1).choice(len(answers), ANSWERS, p=words / words.sum())
    many = answers.iloc[drawn].reset_index(drop=True)
    started = time.perf_counter()
    code_answers(many, compiled)
    return ANSWERS / (time.perf_counter() - started), words[drawn].mean()


def agreement():
    """Seconds for the coefficients of 24 codes and both set distances with 1,000 resamples."""
    study = load_study("microcredentials", ROOT / "data")
    coding = load_coding(study, ROOT / "data" / "microcredentials")
    answers, marks = coding.answers, coding.marks
    sets = {c: [frozenset(r.index[r == 1]) for _, r in m.iterrows()] for c, m in marks.items()}
    started = time.perf_counter()
    by_code(marks, answers["respondent"], seed=1)
    for distance in (masi, jaccard):
        by_set(sets, answers["respondent"], distance, seed=1)
    return time.perf_counter() - started


def coverage(samples=400):
    """Of so many samples of 92, the share whose interval holds what it should (aim: 0.95)."""
    sys.path.insert(0, str(ROOT / "tests" / "statistics"))
    from test_sizes import SKEWED, pseudo_r2_held, rank_biserial_held, v_held

    for name in SKEWED:
        for kind in ("line", "diagonal"):
            found = {v: v_held(name, kind, v, samples) for v in (0, 0.1, 0.2, 0.3, 0.4, 0.5)}
            told = "  ".join(f"{v:g}: {held:.3f}" for v, held in found.items() if held == held)
            yield f"V, {name}, {kind}", told
    cases = [(0, 0.5, 92), (0.3, 0.5, 92), (0.8, 0.5, 92), (0, 0.5, 20), (0.3, 0.8, 30)]
    for true, spread, n in cases:
        held = rank_biserial_held(true, spread, samples, n)
        yield f"rank-biserial, shift {true:g}, correlation {spread:g}, n {n}", f"{held:.3f}"
    for slope in (0, 0.25, 0.5, 1):
        yield f"McFadden's R², slopes {slope:g}", f"{pseudo_r2_held(slope, samples):.3f}"


def sizes(samples=1000):
    """Of samples under parallel lines, the share in which they are rejected at 5% (aim: .03 to .07)."""
    from test_sizes import parallel

    for study in ("microcredentials", "anes96"):
        p = parallel(study, samples, seed=7)
        for term, share in ((p < 0.05).sum() / p.notna().sum()).items():
            yield f"size of parallel lines, {study}, {term}", f"{share:.3f}"


def universes(counts=(500, 10_000), shuffled=500):
    """Seconds for so many universes of the default study in one process, its joint test included."""
    study = load_study("microcredentials", ROOT / "data")
    material = Material(study, load_coding(study, ROOT / "data" / "microcredentials"))
    names = "recruitment_by_familiarity", "value_by_familiarity", "model"
    grounds = [lay_ground(material, study.instrument.plan[name]) for name in names]
    every = [(ground, number) for ground in grounds for number in range(len(ground.universes))]
    for count in counts:
        started = time.perf_counter()
        asked = [every[at % len(every)] for at in range(count)]
        for ground in grounds:
            numbers = [number for one, number in asked if one is ground]
            if not numbers:
                continue
            rows, _ = chunk(ground, numbers, shuffled, 1, 0.95)
            effects = np.delete(rows, [1, 2, 3], axis=1)
            joint(effects, p_values(effects, True), signed=True)
        yield count, time.perf_counter() - started


def joint_sizes(samples=2000, shuffled=99, most=40):
    """Of so many shuffled outcomes, how often each joint test is below 5%."""
    study = load_study("microcredentials", ROOT / "data")
    material = Material(study, load_coding(study, ROOT / "data" / "microcredentials"))
    for name in ("value_by_familiarity", "interest_by_size", "persuasion"):
        ground = lay_ground(material, study.instrument.plan[name])
        ground = replace(ground, universes=ground.universes[:: len(ground.universes) // most + 1])
        null, found = shuffles(ground, samples, 5)[1:], []
        for number, one in enumerate(null):
            if ground.kind == "contrast":
                outcomes = {key: array * one for key, array in ground.outcomes.items()}
                sample = replace(ground, outcomes=outcomes)
            else:
                sample = replace(
                    ground, groups={key: array[one] for key, array in ground.groups.items()}
                )
            rows, _ = chunk(sample, range(len(ground.universes)), shuffled, number, 0.95)
            effects = np.delete(rows, [1, 2, 3], axis=1)
            tested = joint(effects, p_values(effects, ground.signed), ground.signed)
            found.append([tested[f"{test}_p"] for test in ("median", "significant", "dominant")])
        told = " ".join(f"{share:.3f}" for share in (np.array(found) <= 0.05).mean(axis=0))
        yield f"{name}, {len(ground.universes)} universes", told


def main():
    sys.stdout.reconfigure(line_buffering=True)
    os.environ.pop("MAKEFLAGS", None)
    os.environ.pop("MAKELEVEL", None)
    with tempfile.TemporaryDirectory() as folder:
        one, run = plain(Path(folder)), cold()
        print(f"  plain process, cells of old   {one:6.1f} s")
        print(f"  cold make all                 {run:6.1f} s   {run / one:.2f} times (aim: 1.2)")
        print(f"  make all, nothing to do       {timed(['make', 'all']):6.2f} s   (aim: 0.3 s)")
        for respondents, most, memory_aim in MANY:
            seconds, memory = many(Path(folder), respondents)
            print(f"  {respondents:9,} respondents         {seconds:6.1f} s   (aim: {most} s)")
            print(f"  largest process               {memory:6.2f} GiB (aim: {memory_aim} GiB)")
        (seconds, memory), (after, largest) = imported(Path(folder))
        print(f"  import, {ROWS:,} × {COLUMNS}       {seconds:6.1f} s   (aim: 30 s)")
        print(f"  its largest process           {memory:6.2f} GiB (aim: 2 GiB)")
        print(f"  its notebooks                 {after:6.1f} s   {largest:.2f} GiB")
        for engine in ("", "processes"):
            seconds = small_studies(Path(folder), engine)
            print(f"  50 small studies, {engine or 'one process':12} {seconds:6.1f} s")
    pdf, site = pages()
    print(f"  poster, handout, report       {pdf:6.1f} s   (aim: 2 s)")
    print(f"  site                          {site:6.1f} s   (aim: 8 s)")
    print(f"  withheld of 2,000 questions   {wide():6.1f} s   (aim: 5 s)")
    rate, length = rule_coding()
    print(f"  rule coding, {length:.0f} words        {rate:6,.0f} answers a second (aim: 40,000)")
    for name, told in coverage():
        print(f"  {name:44} {told}")
    for name, told in sizes():
        print(f"  {name:52} {told} (aim: 0.03 to 0.07)")
    for count, seconds in universes():
        aim = "   (aim: 60 s)" if count == 500 else ""
        print(f"  {count:6,} universes, 500 shuffles  {seconds:6.1f} s{aim}")
    for name, told in joint_sizes():
        print(f"  size of joint tests, {name:36} {told} (aim: 0.04 to 0.06)")
    print(f"  agreement, 1,000 resamples    {agreement():6.1f} s   (aim: 10 s)")


if __name__ == "__main__":
    main()
