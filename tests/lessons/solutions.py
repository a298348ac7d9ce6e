"""The exercises solved from the export alone, by nothing of what checks them.

For teachers: ``python tests/lessons/solutions.py lesson-anna`` prints what is right for one student.
"""

import functools
import html
import sys
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import pandas as pd
import ruamel.yaml
from scipy import stats


@functools.cache
def parsed(text):
    """A YAML document."""
    return ruamel.yaml.YAML(typ="safe").load(text)


class Export:
    """A study as a teacher finds it: the rows of its export, and the questionnaire."""

    def __init__(self, folder):
        self.folder = Path(folder)
        survey = (self.folder / "survey.yml").read_text("utf-8")
        self.survey = parsed(survey[survey.index("\nprovenance:") :])  # the same for every student
        self.items = {item["id"]: item for item in self.survey["items"]}
        self.rows = pd.read_csv(self.folder / "responses.csv", dtype=str, keep_default_na=False)
        kept = self.rows.query("consent == 'Yes' and involved == 'Yes'")
        kept = kept[
            kept.drop(columns=["respondent", "provenance", "invitation"]).ne("").sum(axis=1) > 2
        ]
        self.kept = kept.drop_duplicates("invitation")

    def options(self, item):
        """Labels of an item's options by id, without *don't know*."""
        about = self.items[item]
        listed = about.get("options") or self.survey["scales"][about["scale"]]["points"]
        return {option["id"]: option["label"] for option in listed}

    def labels(self, item, of):
        """Labels that an option's or a group's id stands for."""
        about = self.items[item]
        groups = self.survey["scales"].get(about.get("scale"), {}).get("groups", [])
        members = {group["id"]: group["options"] for group in groups + about.get("groups", [])}
        return [self.options(item)[id] for id in members.get(of, [of])]

    def column(self, item, part=""):
        """Answers to an item or a statement: those on the scale, and who did not know."""
        given = self.kept[f"{item}_{part}" if part else item]
        return given[given.isin(self.options(item).values())], given.eq("Don't know").sum()

    def codes(self, file):
        """Codings of a coder as pairs of answer and code."""
        rows = pd.read_csv(self.folder / "coding" / f"{file}.csv", dtype=str, keep_default_na=False)
        return rows


def ex_1_1(export):
    return 100 * (1 - len(export.kept) / len(export.rows))


def ex_1_2(export, item):
    about = export.items[item]["asked_if"]
    led = [export.options(about["item"])[id] for id in about["any"]]
    asked = export.kept[export.kept[about["item"]].isin(led)]
    ticks = asked[[f"{item}_{id}" for id in export.options(item)]]
    return 100 * ticks.eq("").all(axis=1).mean()


def ex_1_3(export, item, option):
    ticks = export.kept[[f"{item}_{id}" for id in export.options(item)]]
    count = (ticks[f"{item}_{option}"] == "1").sum()
    return 100 * (count / ticks.ne("").any(axis=1).sum() - count / len(ticks))


def ex_2_1(export, item, of, confidence):
    given, _ = export.column(item)
    n, p = len(given), given.isin(export.labels(item, of)).mean()
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return 100 * (p + z**2 / (2 * n) - z * sqrt(p * (1 - p) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)


def ex_2_2(export, item, of, by, group):
    told, _ = export.column(by)
    given = export.column(item)[0].reindex(told.index).dropna()
    hit, one = given.isin(export.labels(item, of)), told[given.index] == export.options(by)[group]
    return stats.fisher_exact(pd.crosstab(hit, one)).pvalue


def ex_2_3(export, family, label):
    """Kendall's τ-b of each statement or tick with the answers that the plan names."""
    (question,) = [q for q in export.survey["plan"] if q.get("family") == family]
    item, by = question["item"], question["by"][0]
    other = export.column(by)[0].map({text: k for k, text in enumerate(export.options(by).values())})
    found = {}
    for part in export.items[item].get("statements") or export.items[item]["options"]:
        given, _ = export.column(item, part["id"])
        scores = given.map({text: k for k, text in enumerate(export.options(item).values())})
        both = pd.concat([scores, other], axis=1).dropna()
        found[part["label"]] = stats.kendalltau(*both.to_numpy().T, method="asymptotic").pvalue
    return min(1, len(found) * found[label])


def ex_3_2(export, code):
    first, second = (export.codes(name) for name in ("coder_a", "coder_b"))
    key = ["respondent", "item"]
    read = len(first[key].drop_duplicates().merge(second[key].drop_duplicates()))
    one, two = ((rows["code"] == code).sum() / read for rows in (first, second))
    return one * two + (1 - one) * (1 - two)


def ex_3_3(export, theme):
    book = parsed((export.folder / "codebook.yml").read_text("utf-8"))
    (codes,) = [{code["id"] for code in one["codes"]} for one in book["themes"] if one["id"] == theme]
    given = pd.concat([export.codes("coder_a"), export.codes("coder_b")])
    here = given[given["respondent"].isin(export.kept["respondent"])]
    return 100 * here[here["code"].isin(codes)]["respondent"].nunique() / here["respondent"].nunique()


def ex_4_1(export, item, group):
    inside = export.labels(item, group)
    shares = {
        part["id"]: export.column(item, part["id"])[0].isin(inside).mean()
        for part in export.items[item]["statements"]
    }
    return max(shares, key=shares.get)


def ex_4_2(export, item, statement):
    given, _ = export.column(item, statement)
    points = list(export.options(item).values())
    half = len(points) // 2
    return 100 * (given.isin(points[:half]).mean() + (given == points[half]).mean() / 2)


def ex_4_3(export, item, group, statement):
    given, unsure = export.column(item, statement)
    return 100 * given.isin(export.labels(item, group)).sum() / (len(given) + unsure)


def rounded(count, base):
    """A percentage, whole, halves up."""
    return (200 * count + base) // (2 * base)


def ex_5_1(_, percent, base):
    (count,) = [k for k in range(base + 1) if rounded(k, base) == percent]
    return count


def ex_5_2(_, base):
    return 101 - len({rounded(k, base) for k in range(base + 1)})


def ex_5_3(_, percent, first, last):
    return sum(
        any(rounded(k, base) == percent for k in range(base + 1)) for base in range(first, last + 1)
    )


def ex_6_1(_, first, second, third, never):
    pairs = [(a, b) for a in range(first) for b in range(second) if a > 0 or b >= never]
    return third * len(pairs)


def ex_6_2(_, count, larger):
    return len([1, *range(larger)]) / len([1, *range(count)])


def ex_6_3(_, one, other, one_same, other_same):
    return 100 * (one_same * other - other_same * one) / (one * other)


def settled(export, answers):
    """Exercise 3.1 has no single answer: what was settled of the ten is one that is right."""
    rows = export.codes("consensus").query("decision != 'dropped'")
    given = rows.groupby(["respondent", "item"])["code"].agg(list)
    known = {place: given.get(key, []) for place, key in enumerate(answers, 1)}
    return {place: [code for code in codes if code != "none"] for place, codes in known.items()}


SOLVED = {
    name.removeprefix("ex_").replace("_", "."): solve
    for name, solve in list(globals().items())
    if name.startswith("ex_")
}


if __name__ == "__main__":
    from compendium.lessons.table import EXERCISES
    from helpers import open_study

    study = open_study(sys.argv[1])
    export = Export(study.folder)
    for id, one in EXERCISES.items():
        if id in SOLVED:
            task = one.task(study)
            print(id, html.unescape(one.asked(task)), SOLVED[id](export, **task.facts), sep="\n  ")
