"""Set poster, handout and report of one study as PDF, from what its notebooks wrote.

    python report/build_pdf.py --study microcredentials

They appear in `build/<study>/report/`, and only when all three could be set; when something fails,
those that were there before stay.
"""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "report" / "poster"), str(ROOT / "src")]

from content import poster_content  # noqa: E402

from compendium.files import write_json  # noqa: E402
from compendium.publishing.typesetting import typeset  # noqa: E402

PAGES = ("poster", "handout", "report")


def build(study, top=ROOT):
    """Write `build/<study>/report/{poster,handout,report}.pdf`, and the data they are set from.

    Parameters
    ----------
    study : str
        Name of the study's folder; its notebooks were executed.
    top : pathlib.Path
        The repository, or a copy of it.

    Raises
    ------
    ValueError
        When something that is shown is missing or malformed; no PDF is changed then.
    """
    out = top / "build" / study
    content = poster_content(
        top / "data" / study,
        out,
        top / "figures" / study,
        top / "CITATION.cff",
        top / "report" / "references.bib",
    )
    write_json(out / "report" / "content.json", content)
    # Typst reads paths from the top.
    inputs = {"data": f"/build/{study}/report/content.json", "figures": f"/figures/{study}"}
    sources = {page: top / "report" / "poster" / f"{page}.typ" for page in PAGES}
    made = {page: typeset(source, top, inputs) for page, source in sources.items()}
    for page, pdf in made.items():
        unfinished = out / "report" / f".{page}.part"
        unfinished.write_bytes(pdf)
        os.replace(unfinished, out / "report" / f"{page}.pdf")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="microcredentials", help="the study's folder")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        build(options.study)
    except ValueError as error:
        sys.exit(f"  report: {error}")
    print(f"  poster, handout, report: done in {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
