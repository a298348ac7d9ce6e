"""Exercises of chapter 3: code ten answers, compute what chance agrees on, count other codings."""

from compendium.lessons.exercise import Task, Verdict, exercise, filled
from compendium.wording import number, plain, texts

TOPIC = 5  # answers from which one and the same coding of all is no coding


def _ten(study):
    coding = study.coding
    if coding.codebook is None or not coding.coders:
        return
    from compendium.coding.reading import practice
    from compendium.disclosure.masking import mask_all

    places = practice.to_practise(coding, study.seed)
    masked, _ = mask_all(coding.answers["text"], study.instrument.disclosure.names)
    answers = coding.answers.assign(text=masked)
    shown = practice.practice_shown(practice.practised(coding, answers, places, {}), study.instrument)
    yield Task(
        "", words={"answers": len(places), "coders": len(coding.coders)},
        facts={"instrument": study.instrument, "coding": coding, "answers": answers, "places": places},
        parts=[texts(shown, "practice")],
    )  # fmt: skip


def _as_near_as_coders(task, mine):
    """How near a student's codes are to what was settled, measured by the coders among themselves."""
    coding, answers, places = (task.facts[name] for name in ("coding", "answers", "places"))
    mistake, said = _misread(coding, mine, len(places))
    if mistake:
        return Verdict(False, said, mistake)
    from compendium.coding.reading import practice

    frame = practice.practised(coding, answers, places, mine)
    shown = (texts(practice.practice_shown(frame, task.facts["instrument"]), "practice"),)
    near, told = (
        practice.nearness(frame, coding.coders)["nearness"],
        practice.nearness_said(frame, coding.coders),
    )
    mistake = _habit(coding, frame, len(places))
    settled = near[f"{practice.YOURS} and {practice.SETTLED}"]
    among = [value for pair, value in near.items() if practice.YOURS not in pair]
    right = not mistake and settled >= min(among, default=1) - 1e-9
    hint = TEN.why if right else TEN.hints.get(mistake, TEN.look)
    return Verdict(right, f"{filled(hint, task, coded=len(frame))} {told}", mistake, shown)


def _misread(coding, mine, answers):
    """What makes codes unreadable: the mistake's name and what to say, or two empty texts."""
    themes = {theme.id: [code.id for code in theme.codes] for theme in coding.codebook.themes}
    if not isinstance(mine, dict) or not all(isinstance(c, str | list) for c in mine.values()):
        return "form", 'Write codes by number: `{1: ["cost"], 2: []}`.'
    if not set(mine) <= set(range(1, answers + 1)):
        return "number", f"Answers are numbered from 1 to {answers}."
    for given in mine.values():
        for code in [given] if isinstance(given, str) else given:
            if code in themes and code not in coding.codebook.ids:
                return "theme", f"“{plain(code)}” is a theme. Its codes are {', '.join(themes[code])}."
            if code not in coding.codebook.ids:
                return "unknown", f"The codebook has no code “{plain(str(code))}”. Take its ids."
    return "", ""


def _habit(coding, frame, answers):
    """Which habit of beginners the codes show, by its name; empty for none."""
    from compendium.coding.reading import practice

    mine = frame[practice.YOURS]
    others = [frame[practice.given_by(coder)].map(len).mean() for coder in coding.coders]
    if len(mine) >= TOPIC and len(set(mine)) == 1:
        return "topic"
    if len(mine) < answers:
        return "unfinished"
    if mine.map(len).mean() > 1 + 1.5 * max(others):
        return "many"
    if mine.map(len).mean() < 0.5 * min(others):
        return "few"
    return ""


TEN = exercise(
    "3.1", "Code ten answers yourself", judge=_as_near_as_coders,
    aim="Apply a codebook, and find the sentence of it that decides a case.",
    minutes=40, kind="codes", needs="answers that coders have read",
    ask="Code these {answers} answers with ids of the codebook. An empty list says that none applies.",
    look="Not yet as near to what was settled as coders are to each other. Take the answer on which "
    "you differ most, and find the sentence of the codebook that decides it.",
    why="As near to what was settled as the coders are to each other.",
    hints={
        "topic": "You gave every answer the same codes. A code that never says no is a topic.",
        "unfinished": "{coded} of {answers} are coded. So far:",
        "many": "You give many more codes than the coders do. Code what is *said*, not what is meant.",
        "few": "You give far fewer codes than the coders do. One answer can make several points.",
    },
)(_ten)  # fmt: skip


def _pairs(study):
    """Of each code: its name, and how often both, the first, the second, no coder gave it."""
    coding = study.coding
    if coding.codebook is None or len(coding.coders) < 2:
        return
    first, second = (coding.marks[coder] for coder in coding.coders[:2])
    read = (first.notna() & second.notna()).all(axis=1)
    for code in coding.codebook.ids:
        a, b = (marks.loc[read, code].eq(1) for marks in (first, second))
        yield code, [int((x & y).sum()) for x, y in ((a, b), (a, ~b), (~a, b), (~a, ~b))]


@exercise(
    "3.2", "Compute what chance agrees on",
    aim="Compute the agreement that Cohen's κ expects by chance, and see why rare codes lower κ.",
    minutes=20, kind="proportion", needs="answers that two coders have read",
    ask="Two coders read {n} answers. Both gave “{code}” to {both}, only the first to {first}, only "
    "the second to {second}, neither to {neither}. On which proportion of answers do they agree by "
    "chance, as Cohen's κ sees it?",
    look="Each coder's own rate: p₁ and p₂. By chance both give the code in p₁p₂ and neither in "
    "(1 − p₁)(1 − p₂).",
    why="p₁ = {p1}, p₂ = {p2}: p₁p₂ + (1 − p₁)(1 − p₂). The rarer a code, the more of this comes from "
    "answers that neither gave it to.",
    hints={
        "observed": "That is how often they *do* agree.",
        "kappa": "That is κ itself. The pₑ in it is asked for.",
        "both_only": "That is p₁p₂, both giving the code. They also agree where neither does.",
        "gwet": "That is chance as Gwet's AC1 sees it, 2π(1 − π).",
        "apart": "That is how often chance makes them *differ*.",
    },
)  # fmt: skip
def by_chance(study):
    names = study.coding.codebook.names if study.coding.codebook else {}
    for code, (both, first, second, neither) in _pairs(study):
        n = both + first + second + neither
        if not n or not both:
            continue
        one, two = (both + first) / n, (both + second) / n
        expected, observed = one * two + (1 - one) * (1 - two), (both + neither) / n
        pi = (one + two) / 2
        yield Task(
            expected,
            {"observed": observed,
             "kappa": (observed - expected) / (1 - expected) if expected < 1 else None,
             "both_only": one * two, "gwet": 2 * pi * (1 - pi), "apart": 1 - expected},
            {"n": n, "code": names[code], "both": both, "first": first, "second": second,
             "neither": neither, "p1": number(one, 3), "p2": number(two, 3)},
            {"code": code},
        )  # fmt: skip


@exercise(
    "3.3", "Let one coder be enough",
    aim="Change the rule by which a code counts, and see how far a prevalence rests on it.",
    minutes=25, kind="percent", needs="answers that two coders have read",
    ask="What percent of the respondents with a coded answer raise “{theme}” if a code counts as soon "
    "as one coder gave it?",
    look="`study.coding.marks` has a table a coder: one row an answer, one column a code, 1 where it "
    "was given. Put the tables together, then the answers of each respondent.",
    why="{raised} of {base}. Settled codes give {settled}: what coders differ on is in one and not "
    "always in the other.",
    hints={
        "settled": "That is by what was settled.",
        "both": "That is where *both* coders gave it.",
        "answers": "You counted answers. A respondent counts once.",
        "everybody": "You took all {respondents} for the base. Without a coded answer nobody is in it.",
        "one_coder": "That is by the first coder alone.",
    },
)  # fmt: skip
def either_coder(study):
    coding = study.coding
    if coding.codebook is None or len(coding.coders) < 2 or coding.settled.empty:
        return
    from compendium.coding.themes import coded_respondents

    base = coded_respondents(study.themed)
    first, second = (coding.marks[coder].eq(1) for coder in coding.coders[:2])
    marks = {"either": first | second, "both": first & second, "first": first}
    marks["settled"] = coding.consensus.eq(1)
    for theme in coding.codebook.themes:
        codes = [code.id for code in theme.codes]
        raised = {name: mark[codes].any(axis=1) for name, mark in marks.items()}
        people = {name: int(given.groupby(level=0).any().sum()) for name, given in raised.items()}
        if not people["either"]:
            continue
        yield Task(
            100 * people["either"] / base,
            {"settled": 100 * people["settled"] / base, "both": 100 * people["both"] / base,
             "answers": 100 * raised["either"].sum() / len(raised["either"]),
             "everybody": 100 * people["either"] / study.n,
             "one_coder": 100 * people["first"] / base},
            {"theme": theme.name, "raised": people["either"], "base": base,
             "settled": people["settled"], "respondents": study.words.respondents},
            {"theme": theme.id},
        )  # fmt: skip
