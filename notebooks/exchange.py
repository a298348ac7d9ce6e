"""Exchange codebook and codings with other QDA software, in the REFI-QDA formats.

    python notebooks/exchange.py --study microcredentials
    python notebooks/exchange.py --study microcredentials --read theirs.qdpx

The first writes `codebook.qdc` and `project.qdpx` into `build/<study>/exchange/`. The second reads a
file of another program: codings become `data/<study>/coding/<coder>.csv`, the codebook of a `.qdc`
becomes `build/<study>/exchange/codebook.yml`, to be compared with the study's own.
"""

import argparse
import re
import sys
from pathlib import Path

import yaml

from compendium.coding.codebook import open_answers, read_codebook, read_codings
from compendium.coding.refi_codebook import read_codebook_file
from compendium.coding.refi_project import codings_in, read_project
from compendium.coding.refi_write import write_codebook, write_project
from compendium.coding.sheet_reading import write_codings
from compendium.coding.sheets import NOTICE
from compendium.disclosure.release import described, masked_answers
from compendium.survey.study import load_study


def write(study, folder, output):
    """Write both files; return what to tell the user."""
    codebook = read_codebook(folder / "codebook.yml")
    answers, messages = masked_answers(study)
    codings = read_codings(folder / "coding", codebook, open_answers(study))
    cases = described(study, answers["respondent"])
    note = NOTICE if study.synthetic else ""
    files = {
        output / "codebook.qdc": write_codebook(codebook),
        output / "project.qdpx": write_project(codebook, answers, codings, cases, note),
    }
    output.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    return [*messages, *(f"Written: {path}" for path in files)]


def read(path, study, folder, output, replace):
    """Read a file of another program; return what to tell the user."""
    if path.suffix.lower() == ".qdc":
        codebook, messages = read_codebook_file(path)
        target = output / "codebook.yml"
        output.mkdir(parents=True, exist_ok=True)
        content = codebook.model_dump(exclude_defaults=True)
        target.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
        return [*messages, f"Written: {target}"]
    project, codebook = read_project(path), read_codebook(folder / "codebook.yml")
    codings = codings_in(project, codebook)
    files = {coder: re.sub("[^a-z0-9_-]+", "_", coder.lower()) for coder in codings["coder"].unique()}
    if len(set(files.values())) < len(files):
        raise ValueError(f"{path}: the names of two coders differ in capitals and signs only; rename "
                         "one of them.")  # fmt: skip
    codings["coder"] = codings["coder"].map(files)
    written = write_codings(folder / "coding", codings, codebook, open_answers(study), replace)
    told = [f"{len(codings)} codings are read."] + [f"Written: {file}" for file in written]
    return project.messages + told


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="microcredentials", help="the study's folder in data/")
    parser.add_argument("--read", type=Path, help="a .qdc or .qdpx file of another program")
    parser.add_argument("--replace", action="store_true", help="overwrite other codings")
    options = parser.parse_args()
    folder, output = Path("data") / options.study, Path("build") / options.study / "exchange"
    try:
        study = load_study(options.study, "data")
        if options.read:
            messages = read(options.read, study, folder, output, options.replace)
        else:
            messages = write(study, folder, output)
    except ValueError as error:
        sys.exit(f"  {error}")
    print("\n".join(f"  {message}" for message in messages))


if __name__ == "__main__":
    main()
