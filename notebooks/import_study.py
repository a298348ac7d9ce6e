"""Make a study of a survey platform's export, or update the responses of one.

    python notebooks/import_study.py --name mine --export path/to/export.csv [--platform qualtrics]

Writes data/mine/survey.yml (a draft to edit), responses.csv and import.json, which says what was read,
guessed and left out, and what needs a decision. An edited file is never overwritten.
"""

import argparse
import sys
from pathlib import Path

from compendium.importing.importer import import_study

HERE = Path(__file__).resolve().parent


def told(report, folder):
    """What a person needs to know next, line by line."""
    kept = " (survey.yml is edited and was kept)" if report["edited"] else ""
    yield f"{report['source']} ({report['platform']}): {report['rows']:,} rows to {folder}{kept}"
    yield from report["read"]
    if report["guessed"] and not report["edited"]:
        kinds = [one["type"] for one in report["guessed"]]
        counted = (f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        yield f"{len(kinds)} items guessed: {', '.join(counted)}"
    for left in report["left_out"]:
        yield f"left out: {left['column']}: {left['why']}"
    for one in report["decisions"]:
        where = f"{one['item']}: " if one["item"] else ""
        yield f"decide: {where}{one['question']} ({one['why']})"


def printable(text):
    """A line without what could steer the terminal: headings come from outside."""
    return "  " + "".join(c if c.isprintable() else " " for c in text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True, help="the study's folder under data/")
    parser.add_argument("--export", required=True, help="the export; never changed")
    parser.add_argument("--platform", help="where it is from; recognised if not given")
    parser.add_argument("--data", type=Path, default=HERE.parent / "data", help="holds the studies")
    options = parser.parse_args()
    for given, remedy in (
        (options.name, "NAME is missing: give NAME=mine, the study's folder under data/."),
        (options.export, "EXPORT is missing: give EXPORT=path/to/export.csv."),
    ):
        if not given.strip():
            sys.exit(printable(remedy))
    try:
        report = import_study(options.name, options.export, options.data, options.platform or None)
    except (ValueError, OSError) as error:
        sys.exit(printable(str(error)))
    for line in told(report, options.data / options.name):
        print(printable(line))


if __name__ == "__main__":
    main()
