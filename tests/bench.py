"""Measure how long everything takes: python tests/bench.py, or make bench."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from helpers.agreement import by_code, by_set, jaccard, masi
from helpers.codebook import open_answers, read_codebook
from helpers.rules import code_answers, compile_rules
from helpers.study import load_study
from helpers.themes import assigned, load_coding

ROOT = Path(__file__).parents[1]
NAMES = ("1_responses", "2_familiarity", "3_themes", "4_figures", "5_claims")
PLAIN = """
import contextlib, io, json, os, sys
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
MANY = 100_000
ANSWERS = 200_000


def timed(command, **options):
    """Seconds that a command takes; its output is thrown away unless it fails."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - started


def plain(folder):
    """All cells in one plain Python process, its imports done once."""
    return timed([sys.executable, "-c", PLAIN, str(folder), *NAMES])


def cold():
    """`make -j2 all` with the environment in place and nothing built."""
    shutil.rmtree(ROOT / "build" / "microcredentials", ignore_errors=True)
    return timed(["make", "-j2", "all"])


def many(folder):
    """The notebooks over many synthetic respondents: seconds, and the largest process in GiB."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    study = data / "microcredentials"
    timed([sys.executable, "-m", "helpers.synthetic", str(study), "--respondents", str(MANY)])
    (study / "claims.yml").unlink()  # they are about 92 respondents
    seconds = 0.0
    for name in NAMES:
        settings = {"data_dir": str(data), "out_dir": str(folder), "figures_dir": str(folder / "f")}
        command = (
            "import json, sys; sys.path.insert(0, 'notebooks'); import run; from pathlib import Path;"
            "run.execute(run.HERE / sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))"
        )
        output = str(folder / name)
        arguments = [sys.executable, "-c", command, f"{name}.ipynb", output, json.dumps(settings)]
        seconds += timed(arguments)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, peak * (1 if sys.platform == "darwin" else 1024) / 1024**3


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
    answers = open_answers(study)
    codebook, codings, _ = load_coding(study, ROOT / "data" / "microcredentials")
    marks = {c: assigned(given, answers, codebook.ids) for c, given in codings.groupby("coder")}
    sets = {c: [frozenset(r.index[r == 1]) for _, r in m.iterrows()] for c, m in marks.items()}
    started = time.perf_counter()
    by_code(marks, answers["respondent"], seed=1)
    for distance in (masi, jaccard):
        by_set(sets, answers["respondent"], distance, seed=1)
    return time.perf_counter() - started


def main():
    os.environ.pop("MAKEFLAGS", None)
    os.environ.pop("MAKELEVEL", None)
    with tempfile.TemporaryDirectory() as folder:
        one, run = plain(Path(folder)), cold()
        print(f"  plain process, same cells     {one:6.1f} s")
        print(f"  cold make -j2 all             {run:6.1f} s   {run / one:.1f} times (aim: 2)")
        print(f"  make all, nothing to do       {timed(['make', 'all']):6.2f} s   (aim: 0.5 s)")
        seconds, memory = many(Path(folder))
        print(f"  {MANY:,} respondents          {seconds:6.1f} s   (aim: 90 s)")
        print(f"  largest process               {memory:6.2f} GiB (aim: 2 GiB)")
    rate, length = rule_coding()
    print(f"  rule coding, {length:.0f} words        {rate:6,.0f} answers a second (aim: 40,000)")
    print(f"  agreement, 1,000 resamples    {agreement():6.1f} s   (aim: 10 s)")


if __name__ == "__main__":
    main()
