"""Pictures of coded free text: themes and codes, what comes together, how far coders agree."""

import math
from collections import Counter

import pandas as pd

from compendium.figures.estimates import (
    draw_bars,
    draw_coefficients,
    draw_groups,
    draw_pairs,
    draw_panels,
    draw_shares,
)
from compendium.figures.shares import ALL, compared, enough, paged, percent, picture_of, sentence
from compendium.figures.style import (
    ACCENT,
    GREY,
    PALE,
    STATES,
    Picture,
    frame,
    legend_below,
    legend_rows,
)
from compendium.results import ResultId, mark
from compendium.wording import coefficient, in_percent, number, why_not_shown

COEFFICIENTS = {"kappa": "Cohen's κ", "alpha": "Krippendorff's α", "ac1": "Gwet's AC1"}
TOGETHER = (STATES[0], STATES[1], STATES[3], PALE)  # both, the one, the other, neither
MOST = 43  # codes that a page holds as rows of a triangle
CUSTOMS = (0.667, 0.8)  # Krippendorff (2004), doi 10.1111/j.1468-2958.2004.tb00738.x


def prevalence(source, themes):
    """Themes and, lighter, their codes, in percent of the respondents with a coded answer.

    Parameters
    ----------
    source : shares.Source
    themes : sequence of Theme
        Of the codebook, those with results.

    Returns
    -------
    list of Picture or str
    """
    table = pd.concat([source.gather(_theme_ids(theme)) for theme in themes])
    if table["base"].isna().all():
        return ["Themes and codes: how many answers were coded is withheld"]
    table["total"] = table["result"].str.endswith(".respondents")
    base = (
        f"What they write about: percent of {number(int(table['base'].max()))} {source.respondents} "
        f"with a coded answer, {source.level}"
    )
    raised = table.loc[table["total"], "percent"].dropna()
    title, found = f"What {source.respondents} write about, by theme and code", []
    if len(raised) > 1:
        title = (
            f"{raised.idxmax()}: raised by {percent(raised.max())} of {source.respondents}; "
            f"{raised.idxmin()}, by {percent(raised.min())}"
        )
    one = source.instrument.words.respondent
    caption = f"Themes (dark) and their codes (light). {base}; one {one} can raise several."
    for more, end, rows in paged(range(len(table)), [0.26] * len(table), 1.2):
        height, part = 1 + 0.26 * len(rows), table.iloc[rows]
        figure, axes = frame(title + more, base, source.synthetic, height=height)
        draw_bars(axes, part, width=2.9)
        found.append(picture_of(part, figure, f"themes{end}", caption))
    return found


def _theme_ids(theme):
    """A theme first, then its codes, with the ids of their results."""
    codes = [(code.name, str(ResultId(f"themes.{theme.id}", code.id))) for code in theme.codes]
    return [(theme.name, _raised(theme)), *codes]


def _raised(theme, by=None, row=None):
    return str(ResultId(f"themes.{theme.id}", "respondents", by, row))


def by_groups(source, themes):
    """Each theme by the groups of respondents that were recorded: one picture a grouping.

    Parameters
    ----------
    source : shares.Source
    themes : sequence of Theme

    Returns
    -------
    list of Picture or str
    """
    rows = {}
    for id in map(ResultId.read, source.results):
        if id.by and id.key.startswith("themes.") and id.of == "respondents":
            rows.setdefault(id.by, {})[id.row] = None
    pictures = []
    for by, found in rows.items():
        few = len(found) < 3
        lines = [themes[k : k + (1 if few else 3)] for k in range(0, len(themes), 1 if few else 3)]
        sizes = [0.58 if few else 0.45 + 0.34 * len(found)] * len(lines)
        for more, end, part in paged(lines, sizes, 1.5):
            together = [theme for line in part for theme in line]
            pictures.append(_by_group(source, together, source.item(by), list(found), more, end))
    return pictures


def _by_group(source, themes, by, rows, more, end):
    """Marks of two groups and of all in one axes; panels where there are more groups."""
    few = len(rows) < 3
    ids = []
    for theme in themes:
        groups = [(by.label_of(row), _raised(theme, by.id, row)) for row in rows]
        groups = [(ALL, _raised(theme)), *groups] if few else groups
        ids += [((theme.name, group), id) for group, id in groups]
    table = source.gather(ids)
    if not enough(table):
        return f"Themes by “{by.question}”: most cells are withheld"
    base = (
        f"Percent of the {source.respondents} with a coded answer, by: {sentence(by.question)} "
        f"{source.level[0].upper()}{source.level[1:]}; n beside the label"
    )
    deep, said = math.ceil(len(themes) / 3), compared(table)
    figure, axes = frame(
        (said.said if said else f"Which themes {source.respondents} raise") + more, base,
        source.synthetic, legend=few,
        squeeze=False, height=1.5 + (0.58 * len(themes) if few else (0.45 + 0.34 * len(rows)) * deep),
        rows=1 if few else deep, columns=1 if few else 3,
    )  # fmt: skip
    if few:
        draw_groups(axes[0, 0], table)
        legend_below(axes[0, 0], 3)
    else:
        draw_panels(axes, table.swaplevel())
    caption = f"{base}. Wilson's intervals; withheld cells are marked."
    return picture_of(table, figure, f"themes_by_{by.id}{end}", caption)


def together(source, themes, pairs):
    """Which codes are raised by the same respondents.

    Parameters
    ----------
    source : shares.Source
    themes : sequence of Theme
    pairs : pandas.DataFrame
        `code_a`, `code_b` and `count`, missing where it is withheld.

    Returns
    -------
    list of Picture or str
    """
    told = pairs.dropna(subset=["count"])
    if told.empty:
        return ["Which codes come together: every count is withheld, or none was made"]
    codes, raised = (
        [code for theme in themes for code in theme.codes],
        {*told["code_a"], *told["code_b"]},
    )
    names = {code.id: code.name for code in codes if code.id in raised}
    shown = f"{len(names)} of {len(codes)} codes have a count to show"
    if len(names) > MOST:
        names = {id: names[id] for id in names if id in _most_often(told)}
        shown = f"the {len(names)} of {len(codes)} codes with the highest counts"
    cells = {
        (a, b): None if pd.isna(count) else int(count)
        for a, b, count in zip(pairs["code_a"], pairs["code_b"], pairs["count"], strict=True)
        if a in names and b in names
    }
    steps = {int(x) for x in told["count"].quantile([0.5, 0.8, 0.95])} - {int(told["count"].min())}
    a, b = (names.get(id, id) for id in told.loc[told["count"].idxmax(), ["code_a", "code_b"]])
    figure, axes = frame(
        f"Most often together: {a}, and {b} ({told['count'].max():.0f} {source.respondents})",
        f"{source.respondents.capitalize()} who raise both; a dot is a withheld count; {shown}",
        source.synthetic, height=0.9 + 0.205 * len(names),
    )  # fmt: skip
    draw_pairs(axes, cells, names, sorted(steps))
    top = told.sort_values("count", ascending=False, kind="stable").head(10)
    said = [
        f"{names[a]} and {names[b]}: {count:.0f}"
        for a, b, count in zip(top["code_a"], top["code_b"], top["count"], strict=True)
    ]
    caption = (
        "Respondents who raise both codes. Counts are withheld where any part of the pair's table is "
        "small."
    )
    nothing = pd.DataFrame({"result": [], "percent": [], "shown": []})
    alt = f"Most often together: {'; '.join(said)}."
    return [picture_of(nothing, figure, "together", caption, alt)]


def _most_often(told):
    """The codes of the highest counts, as many as a page holds."""
    highest = told.sort_values("count", ascending=False, kind="stable")
    return set(highest[["code_a", "code_b"]].stack().drop_duplicates().head(MOST))


def agreement(source, themes):
    """How far coders agree on each code, in three coefficients with the intervals of notebook 3.

    Parameters
    ----------
    source : shares.Source
    themes : sequence of Theme

    Returns
    -------
    list of Picture or str
    """
    names = {
        code.id: code.name
        for theme in themes
        for code in theme.codes
        if f"themes.agreement.{code.id}.kappa" in source.results
    }
    if not names:
        return ["Agreement of coders: notebook 3 recorded none"]
    return [
        _agreement(source, {code: names[code] for code in part}, more, end)
        for more, end, part in paged(names, [0.225] * len(names), 1.6)
    ]


def _agreement(source, names, more, end):
    """A page of it."""
    ids = {name: [f"themes.agreement.{code}.{name}" for code in names] for name in COEFFICIENTS}
    tables = {
        name: _coefficients([source.results[id] for id in column], names.values())
        for name, column in ids.items()
    }
    read = source.results[ids["kappa"][0]]["base"]
    base = f"Agreement code by code: {read:,} answers read by each coder; intervals of notebook 3"
    known, title = tables["kappa"]["value"].dropna(), "How far coders agree, code by code"
    if len(known) > 1:
        title = f"Coders agree least on “{known.idxmin()}” (κ {number(known.min(), 2)})"
    height = 1.35 + 0.225 * len(names)
    figure, axes = frame(title + more, base, source.synthetic, height=height, columns=3)
    for axis, (name, table) in zip(axes, tables.items(), strict=True):
        draw_coefficients(axis, table, 2.3 if name == "kappa" else None, marks=CUSTOMS)
        axis.set_title(COEFFICIENTS[name], size=9, weight="bold")
    said = [f"{label}: kappa {number(x, 2)}" for label, x in tables["kappa"]["value"].items()]
    caption = (
        f"Agreement of coders on each code: Cohen's kappa, Krippendorff's alpha and Gwet's AC1. "
        f"{read:,} answers were read by each coder."
    )
    drawn = pd.DataFrame({"result": [id for column in ids.values() for id in column]})
    return picture_of(drawn, figure, f"agreement{end}", caption, f"{'; '.join(said)}.")


def _coefficients(results, labels):
    """Value, interval, and why there is none, by label."""
    rows = [(x["value"], x.get("low"), x.get("high"), mark(x)) for x in results]
    table = pd.DataFrame(rows, columns=["value", "low", "high", "shown"], index=list(labels))
    return table.astype({"value": float, "low": float, "high": float})


def joint_picture(study, rows, heads, confidence):
    """Numbers and words side by side: shares, whether the same people gave both, and the fit.

    Parameters
    ----------
    study : Study
    rows : list of dict
        As from `joint_display.joint_display`, not empty.
    heads : sequence of str
        What the four counts of a row are called.
    confidence : float
        Level of the intervals, a proportion, for the line below the title.

    Returns
    -------
    list of Picture
    """
    pages = paged(rows, [0.5] * len(rows), 1.35)
    return [_joint(study, part, heads, confidence, *page) for *page, part in pages]


def _joint(study, rows, heads, confidence, more, end):
    """A page of it."""
    who = study.instrument.words.respondents
    base = (
        f"Left: percent of {who} who chose it, and of those with a coded answer who wrote of it, "
        f"{in_percent(confidence)} intervals. Right: {who} of whom both is known"
    )
    fits = Counter(row["fit"] for row in rows if row["fit"])
    title = ", ".join(f"{fit} in\u00a0{count}" for fit, count in fits.most_common())
    title = f"Of {len(rows)} topics, numbers and words show {title}" if fits else "Numbers beside words"
    figure, axes = frame(
        title + more, base, study.synthetic, height=1.35 + 0.5 * len(rows),
        legend=2, columns=3, width_ratios=[1.15, 1, 0.55],
    )  # fmt: skip
    kinds = {"chosen": "Chosen", "said": "Said"}
    shares = {(row["topic"], name): row[key] for row in rows for key, name in kinds.items()}
    table = pd.DataFrame.from_dict(shares, orient="index")
    table.index = pd.MultiIndex.from_tuples(shares)
    table = table.astype({"percent": float, "low": float, "high": float, "base": "Int64"})
    draw_groups(axes[0], table, width=1.35)
    _draw_together(axes[1], rows, heads)
    _say_fit(axes[2], rows)
    legend_rows(figure, [axis.get_legend_handles_labels()[0] for axis in axes[:2]])
    said = [f"{row['topic']}: {_in_short(row, heads)}" for row in rows]
    caption = (
        "Joint display: for each topic the share who chose it and the share who wrote of it, then the "
        f"same {who} by both, with φ and its interval, and how the words fit the number by the rule "
        "declared in survey.yml. Bases stand beside the topics: chosen / said."
    )
    ids = [row[key]["result"] for row in rows for key in kinds] + [
        c for row in rows for c in row["cells"]
    ]
    alt = f"{'. '.join(said)}."
    return Picture(figure, f"joint_display{end}", caption, alt, tuple(dict.fromkeys(ids)))


def _draw_together(axes, rows, heads):
    """The four counts of each row as one bar of 100%; a word where they are withheld."""
    counts = pd.DataFrame([list(row["cells"].values()) for row in rows], columns=list(heads))
    counts = counts.astype("Int64").set_axis([row["topic"] for row in rows])
    percent = 100 * counts.astype(float).div(counts.sum(axis=1).replace(0, 1).astype(float), axis=0)
    draw_shares(axes, percent, TOGETHER, counts.astype(str))
    for y, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
        if row["base"] is None:
            axes.text(2, y, "withheld", va="center", size=8.5, color=GREY, style="italic")
    axes.set_yticks([])
    axes.set_xlabel("Percent, with counts")


def _say_fit(axes, rows):
    """The fit of each row in a word, and φ below it."""
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(-0.6, len(rows) - 0.4))
    for y, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
        told = "" if row["phi"] is None else f"φ {coefficient(row['phi'], row['low'], row['high'])}"
        axes.text(0, y + 0.16, row["fit"] or "–", va="center", size=8.5, weight="bold", clip_on=False)
        axes.text(0, y - 0.16, told, va="center", size=8, color=GREY, clip_on=False)


def _in_short(row, heads):
    """A row of the joint display in words."""
    shares = [
        f"{name} {number(row[name]['percent'], 0)} percent" if row[name]["percent"] is not None
        else f"{name}: {why_not_shown(row[name]['shown'] or 'nobody answered')}"
        for name in ("chosen", "said")
    ]  # fmt: skip
    counts = [
        "withheld" if n is None else f"{head.lower()} {n}"
        for head, n in zip(heads, row["cells"].values(), strict=True)
    ]
    return "; ".join(dict.fromkeys([*shares, *counts, row["fit"] or "no fit"]))


def saturation_picture(study, curve, most, result):
    """How many different codes have turned up after so many respondents.

    Parameters
    ----------
    study : Study
    curve : pandas.DataFrame
        As from `themes.saturation`; `low` and `high` are left out where they would tell how few raise
        two codes.
    most : int
        Respondents after whom nine tenths of the codes have turned up.
    result : str
        Id of that number.

    Returns
    -------
    Picture
    """
    respondents = study.instrument.words.respondents
    figure, axes = frame(
        f"Nine tenths of the codes have turned up after {most} {respondents}",
        f"How soon no new code turns up: {len(curve):,} {respondents} in all orders"
        + ("; band: about 90 of 100 orders" if "low" in curve else ""),
        study.synthetic, height=2.9,
    )  # fmt: skip
    if "low" in curve:
        axes.fill_between(curve.index, curve["low"], curve["high"], color=PALE)
    axes.plot(curve.index, curve["codes"], color=ACCENT, lw=2)
    axes.annotate(
        f"nine tenths after {most}", (most, curve["codes"].loc[most]), xytext=(18, -22),
        textcoords="offset points", size=8.5, arrowprops={"arrowstyle": "-", "color": GREY},
    )  # fmt: skip
    axes.set(
        xlabel=f"{respondents.capitalize()} heard",
        ylabel="Different codes seen",
        ylim=(0, None),
        xlim=(0, len(curve)),
    )
    caption = f"Different codes met after so many {respondents}, mean over all orders of hearing them."
    alt = (
        "The curve rises steeply and flattens; nine tenths of the codes have turned up after "
        f"{most} of {len(curve)} {respondents}."
    )
    return Picture(figure, "saturation", caption, alt, (result,))
