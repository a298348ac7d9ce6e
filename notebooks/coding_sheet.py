"""Write a spreadsheet for a coder, or read one back.

    python notebooks/coding_sheet.py --study microcredentials --coder jo
    python notebooks/coding_sheet.py --study microcredentials --coder jo --read jo.xlsx

The first writes `build/<study>/coding/<coder>.xlsx`, with the marks that the coder has set before.
The second checks every row and mark and writes `data/<study>/coding/<coder>.csv`.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

from compendium.coding.codebook import CODING, open_answers, read_codebook, read_coding
from compendium.coding.sheet_reading import check_coder, read_sheet, write_codings
from compendium.coding.sheets import write_sheet
from compendium.disclosure.release import masked_answers
from compendium.survey.study import load_study


def write(study, codebook, path, target, replace):
    """Write the workbook with the marks in `path`; return what to tell the user."""
    answers, messages = masked_answers(study)
    coded = read_coding(path, codebook, answers) if path.exists() else pd.DataFrame(columns=CODING)
    content = write_sheet(codebook, answers, coded, study.synthetic)
    if target.exists() and not replace and target.read_bytes() != content:
        raise ValueError(f"{target}: may hold marks that were not read back; read it first (make: "
                         "READ=...), or add --replace (make: REPLACE=1).")  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return [*messages, f"Written: {target}"]


def read(workbook, study, codebook, path, replace):
    """Read a workbook into `path`; return what to tell the user."""
    answers = open_answers(study)
    rows = read_sheet(workbook, codebook, answers)
    marked = len(rows.drop_duplicates(["respondent", "item"]))
    write_codings(path.parent, rows.assign(coder=path.stem), codebook, answers, replace)
    where = f"their codes are in {path}" if marked else "nothing is written"
    return [f"{marked} of {len(answers)} answers are read; {where}."]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="microcredentials", help="the study's folder in data/")
    parser.add_argument("--coder", required=True, help="small letters, digits, _ and -")
    parser.add_argument("--read", type=Path, help="the coder's workbook")
    parser.add_argument("--replace", action="store_true", help="overwrite other codings")
    options = parser.parse_args()
    if not options.coder.strip():
        sys.exit("  CODER is missing: give CODER=name, in small letters.")
    folder = Path("data") / options.study
    try:
        check_coder(options.coder)
        study, codebook = load_study(options.study, "data"), read_codebook(folder / "codebook.yml")
        path = folder / "coding" / f"{options.coder}.csv"
        if options.read:
            messages = read(options.read, study, codebook, path, options.replace)
        else:
            target = Path("build") / options.study / "coding" / f"{options.coder}.xlsx"
            messages = write(study, codebook, path, target, options.replace)
    except ValueError as error:
        sys.exit(f"  {error}")
    print("\n".join(f"  {message}" for message in messages))


if __name__ == "__main__":
    main()
