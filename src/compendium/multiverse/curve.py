"""The specification curve of a question: every estimate in order, and the choices behind it below."""

import numpy as np

from compendium.figures.style import ACCENT, GREY, INK, PALE, WARM, Picture, frame, wrap
from compendium.survey.plan import TAKES
from compendium.wording import number

MOST = 240  # universes that a page can hold; more are thinned out evenly
MOST_TAKES, OTHERS = 12, "all others"  # of a decision, such as the statements of a long grid
LABELS = 2.1  # inches


def curve_picture(table, facts, words, question, synthetic, level=0.05):
    """Draw the curve of a question.

    Parameters
    ----------
    table : pandas.DataFrame
        Its universes, as from `summary.table_of`.
    facts : dict
        As from `summary.summed_up`.
    words : dict of str to dict of str to str
        How a decision and what it takes are called, by decision; under the empty name the decision.
    question : str
    synthetic : bool
        Whether the answers were made up.
    level : float
        Below which a universe counts as significant.

    Returns
    -------
    Picture

    References
    ----------
    Simonsohn, Simmons & Nelson (2020), doi 10.1038/s41562-020-0912-z.
    """
    known = table[table["estimate"].notna()]
    known = known.sort_values("estimate", kind="stable").reset_index(drop=True)
    shown = known.iloc[_thinned(known)]
    rows = [(name, take) for name in varied_names(known) for take in _takes(known, name)]
    heads = len(dict.fromkeys(name for name, _ in rows))
    labels = [wrap(words[name].get(take, take), LABELS, 8.5, most=3) for name, take in rows]
    lines = heads + sum(1 + label.count("\n") for label in labels)
    height = 3.2 + 0.17 * lines
    effect = EFFECTS[facts["kind"]]
    robust = facts["robust"]
    title = f"As planned in {robust['agree']:,} of {robust['of']:,} universes"
    if robust["decision"]:
        title += f"; what turns it most: {words[robust['decision']][''].lower()}"
    base = (
        f"{question} {effect} with its interval, in order; dark: p below {level:g}; grey: 95% of "
        "shuffles; ◆ as planned"
    )
    ratios = {"height_ratios": [2.2, 0.17 * lines]}
    figure, (above, below) = frame(
        title, base, synthetic, height, rows=2, sharex=True, gridspec_kw=ratios
    )
    _draw_estimates(above, shown, facts, len(known), level)
    _draw_choices(below, shown, rows, labels, words, level)
    alt = (
        f"{effect} in {len(known):,} universes: from {number(known['estimate'].iloc[0], 2)} to "
        f"{number(known['estimate'].iloc[-1], 2)}, median {number(facts['joint']['median'], 2)}; "
        f"{number(int((known['p'] <= level).sum()))} with p below {level:g}. The conclusion is the "
        f"plan's in {robust['agree']:,} of {robust['of']:,}."
    )
    caption = (
        f"{question} Specification curve: each column is one analysis, from the smallest effect to the "
        "largest; marks below say which choices it makes; the grey band is the 95% interval of the "
        "curve in shuffled answers."
    )
    ids = tuple(f"multiverse.{facts['id']}.{name}" for name in ("median", "robust"))
    return Picture(figure, f"curve_{facts['id']}", caption, alt, ids)


EFFECTS = {
    "pairs": "Correlation", "association": "Association, 0 to 1", "grid": "Kendall's W",
    "contrast": "Difference in percentage points", "share": "Percent",
}  # fmt: skip


def varied_names(table):
    """Decisions that the universes of a table differ in, outcome and grouping first."""
    return [name for name in ("outcome", "by", *TAKES) if table[name].nunique() > 1]


def _takes(table, name):
    order = list(TAKES.get(name, ()))
    found = list(dict.fromkeys(table[name]))
    found = sorted(found, key=lambda take: order.index(take) if take in order else len(order))
    return found if len(found) <= MOST_TAKES else [*found[: MOST_TAKES - 1], OTHERS]


def _thinned(known):
    """Places of evenly spaced universes, with the plan's own among them."""
    some = np.unique(np.linspace(0, len(known) - 1, min(MOST, len(known))).round().astype(int))
    return np.union1d(some, np.flatnonzero(known["planned"]))


def _draw_estimates(axes, shown, facts, n, level):
    band = np.array(facts["null"])
    axes.fill_between(band[:, 0] * (n - 1), band[:, 1], band[:, 2], color=PALE, lw=0, zorder=0)
    axes.axhline(0, color=GREY, lw=0.8)
    x, below = shown.index.to_numpy(), (shown["p"] <= level).to_numpy()
    for colour, some in ((GREY, ~below), (ACCENT, below)):
        rows = shown[some]
        axes.vlines(x[some], rows["low"], rows["high"], color=colour, lw=0.5, alpha=0.35)
        axes.plot(x[some], rows["estimate"], ".", color=colour, ms=2.5)
    own = shown[shown["planned"]]
    axes.plot(own.index, own["estimate"], "D", color=WARM, mec=INK, mew=0.4, ms=4)
    axes.set(xlim=(-n * 0.01 - 1, n * 1.01), xticks=[])
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_choices(axes, shown, rows, labels, words, level):
    y, ticks, last = 0.0, [], None
    for (name, take), label in zip(rows, labels, strict=True):
        if name != last:
            y, last = y + 0.9, name
            axes.annotate(words[name][""], (0, y), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                          textcoords="offset points", ha="right", va="center", size=8.5,
                          weight="bold", annotation_clip=False)  # fmt: skip
            y += 1
        y += label.count("\n") / 2
        named = [one for head, one in rows if head == name]
        hit = shown[~shown[name].isin(named) if take == OTHERS else shown[name] == take]
        below = (hit["p"] <= level).to_numpy()
        for colour, some in ((GREY, ~below), (ACCENT, below)):
            axes.vlines(hit.index[some], y - 0.36, y + 0.36, color=colour, lw=0.6)
        ticks.append(y)
        y += 1 + label.count("\n") / 2
    axes.set_yticks(ticks, labels, size=8.5)
    axes.set(ylim=(y, 0), xticks=[])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)
