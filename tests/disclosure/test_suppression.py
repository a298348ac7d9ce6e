"""Small cells: none can be worked out, nothing is withheld in vain, bad input is refused."""

from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.disclosure.suppression import feasibility_intervals, suppress


def possible(cells, sums, minimum, hidden, top):
    """Every value that each hidden count can take, by trying all tables: no solver, no algebra.

    Counts without an upper limit are tried up to `top`.
    """
    ranges = [range(minimum) if cells[n] < minimum else range(minimum, top + 1) for n in hidden]
    seen = {name: set() for name in hidden}
    for values in product(*ranges):
        table = cells | dict(zip(hidden, values, strict=True))
        if all(table[total] == sum(table[part] for part in parts) for total, parts in sums):
            for name, value in zip(hidden, values, strict=True):
                seen[name].add(value)
    return seen


def exposed(cells, sums, minimum, hidden):
    values = possible(cells, sums, minimum, hidden, top=max(cells.values()) + 2)
    return [name for name in hidden if cells[name] < minimum and len(values[name]) == 1]


def crosstab(counts):
    """Cells, both margins and the total of a two-way table, with what adds up to what."""
    counts = np.asarray(counts)
    rows = [f"r{i}" for i in range(counts.shape[0])]
    columns = [f"c{j}" for j in range(counts.shape[1])]
    cells = {r + c: int(counts[i, j]) for i, r in enumerate(rows) for j, c in enumerate(columns)}
    cells |= dict(zip(rows, counts.sum(axis=1).tolist(), strict=True))
    cells |= dict(zip(columns, counts.sum(axis=0).tolist(), strict=True))
    cells["n"] = int(counts.sum())
    sums = [(r, [r + c for c in columns]) for r in rows]
    sums += [(c, [r + c for r in rows]) for c in columns]
    return cells, [*sums, ("n", rows), ("n", columns)]


def groups(counts):
    """Four options, two groups of them, and the base."""
    options = dict(zip("abcd", counts, strict=True))
    cells = options | {"ab": counts[0] + counts[1], "cd": counts[2] + counts[3], "n": sum(counts)}
    return cells, [("n", "abcd"), ("ab", "ab"), ("cd", "cd"), ("n", ["ab", "cd"])]


small_tables = st.one_of(
    st.lists(st.integers(0, 7), min_size=4, max_size=4).map(groups),
    st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2).map(crosstab),
)


@settings(deadline=None, max_examples=40)
@given(small_tables, st.sampled_from([2, 3]))
def test_no_small_count_can_be_worked_out_and_none_is_withheld_in_vain(table, minimum):
    cells, sums = table
    try:
        hidden = suppress(cells, sums, minimum)
    except ValueError:  # only where withholding everything does not help either
        small = [name for name in cells if cells[name] < minimum]
        bounds = feasibility_intervals(cells, sums, minimum, list(cells))
        assert small
        assert (bounds["low"] == bounds["high"]).any()
        return
    assert {name for name in cells if cells[name] < minimum} <= set(hidden)
    if len(hidden) > 6:
        hidden_bounds = feasibility_intervals(cells, sums, minimum, hidden)
        assert not (hidden_bounds["low"] == hidden_bounds["high"]).any()
        return
    assert exposed(cells, sums, minimum, hidden) == []
    for spared in [name for name in hidden if cells[name] >= minimum]:
        assert exposed(cells, sums, minimum, [name for name in hidden if name != spared])


@settings(deadline=None, max_examples=40)
@given(small_tables, st.sampled_from([2, 3, 5]), st.data())
def test_attack_finds_the_bounds_that_trying_all_tables_finds(table, minimum, data):
    cells, sums = table
    others = data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=2, unique=True))
    small = [name for name in cells if cells[name] < minimum]
    hidden = list(dict.fromkeys([*small[:4], *(name for name in others if name != "n")]))
    values = possible(cells, sums, minimum, hidden, top=max(cells.values()) + 2)
    bounds = feasibility_intervals(cells, sums, minimum, hidden).set_index("name")
    assert bounds.index.tolist() == [name for name in hidden if cells[name] < minimum]
    for name, low, high in bounds.itertuples():
        assert (low, high) == (min(values[name]), max(values[name]))


def test_a_small_option_takes_the_next_smallest_with_it():
    cells = {"n": 92, "micro": 3, "small": 30, "medium": 12, "large": 47}
    assert suppress(cells, [("n", list(cells)[1:])], 5) == ["micro", "medium"]


def test_two_small_options_protect_each_other():
    cells = {"n": 92, "a": 3, "b": 2, "c": 40, "d": 47}
    assert suppress(cells, [("n", "abcd")], 5) == ["a", "b"]


def test_two_small_options_at_their_limit_do_not_protect_each_other():
    # 8 people in two cells of at most 4: both hold 4, so the marks alone would give them away.
    cells = {"n": 58, "a": 4, "b": 4, "c": 20, "d": 30}
    assert feasibility_intervals(cells, [("n", "abcd")], 5, ["a", "b"])["low"].tolist() == [4, 4]
    assert suppress(cells, [("n", "abcd")], 5) == ["a", "b", "c"]


def test_zeros_are_small_counts():
    cells = {"n": 60, "a": 0, "b": 20, "c": 40}
    assert suppress(cells, [("n", "abc")], 5) == ["a", "b"]


def test_one_small_cell_of_a_cross_table_takes_three_others():
    # A cell alone is its row less the rest; two in a row are their columns less the rest.
    cells, sums = crosstab([[3, 20, 30], [10, 40, 50], [60, 70, 80]])
    assert suppress(cells, sums, 5) == ["r0c0", "r0c1", "r1c0", "r1c1"]
    for hidden in (["r0c0"], ["r0c0", "r0c1"], ["r0c0", "r0c1", "r1c0"]):
        assert feasibility_intervals(cells, sums, 5, hidden).values.tolist() == [["r0c0", 3, 3]]
    assert feasibility_intervals(cells, sums, 5, suppress(cells, sums, 5)).values.tolist() == [
        ["r0c0", 0, 4]
    ]


def test_a_group_gives_its_option_away_unless_another_of_the_group_goes_too():
    cells, sums = groups([3, 30, 12, 47])
    assert suppress(cells, sums, 5) == ["a", "b"]  # c is smaller, but a is the group less b


def test_a_sibling_table_that_shares_a_count_is_looked_at_too():
    # The option is shown by size and by sector; the total and the rest are the same in both.
    cells = {"n": 50, "s1": 3, "s2": 17, "s3": 30, "micro": 8, "large": 42, "t1": 20, "t2": 30}
    sums = [("n", ["s1", "s2", "s3"]), ("n", ["micro", "large"]), ("t1", ["s1", "s2"])]
    sums += [("t2", ["s3"]), ("n", ["t1", "t2"])]
    hidden = suppress(cells, sums, 5)
    assert hidden == ["s1", "s2"]
    assert exposed(cells, sums, 5, ["s1", "s3"]) == ["s1"]


def test_of_a_multi_response_option_ticked_and_not_ticked_go_together():
    cells = {
        "n": 92,
        "cost": 3,
        "not cost": 89,
        "time": 40,
        "not time": 52,
        "pay": 90,
        "not pay": 2,
    }
    sums = [("n", [option, f"not {option}"]) for option in ("cost", "time", "pay")]
    assert suppress(cells, sums, 5) == ["cost", "not cost", "pay", "not pay"]


def test_totals_go_last():
    # Only the second row could hide it, and the base of a row only after its cells.
    cells, sums = crosstab([[1, 2], [30, 40], [50, 60]])
    hidden = suppress(cells, sums, 5)
    assert {"r0c0", "r0c1", "r0"} <= set(hidden)
    assert "n" not in hidden
    bounds = feasibility_intervals(cells, sums, 5, hidden)
    assert (bounds["low"] < bounds["high"]).all()


def test_what_is_last_is_withheld_late_and_never_at_infinity():
    cells, sums = {"n": 92, "a": 3, "b": 12, "c": 77}, [("n", "abc")]
    assert suppress(cells, sums, 5, last={"b": 1, "n": 2}) == ["a", "c"]
    assert suppress(cells, sums, 5, last={"b": 2, "c": 2, "n": 1}) == ["n", "a"]
    with pytest.raises(ValueError, match="'a' is below the minimum of 5 and can be worked out"):
        suppress(cells, sums, 5, last=dict.fromkeys("nbc", inf))


def test_derived_counts_are_protected_and_harmless_ones_are_not():
    cells, sums = {"n": 92, "ticked": 90, "rest": 2}, [("n", ["ticked", "rest"])]
    assert suppress(cells, sums, 5, derived=["rest"], last={"n": 1}) == ["ticked"]
    assert suppress(cells, sums, 5, harmless=["rest"]) == []
    assert feasibility_intervals(cells, sums, 5, [], derived=["rest"]).values.tolist() == [
        ["rest", 2, 2]
    ]
    free = feasibility_intervals(cells, sums, 5, ["n", "ticked"], derived=["rest"])
    assert free["high"].isna().tolist() == [True]


def test_a_solution_in_fractions_is_no_other_table():
    # x + y = 1 and x + z = 1, so y + z = 2 - 2x, which is below 2: only x = 1 is whole. With
    # fractions x = 1/2 would do, and y + z might be 1.
    cells = {"x": 1, "y": 0, "z": 0, "y+z": 0, "k": 2, "p": 3, "q": 3}
    sums = [("p", "xyk"), ("q", "xzk"), ("y+z", "yz")]
    hidden = ["x", "y", "z", "y+z"]
    assert exposed(cells, sums, 2, hidden) == hidden
    bounds = feasibility_intervals(cells, sums, 2, hidden)
    assert bounds["low"].tolist() == bounds["high"].tolist() == [1, 0, 0, 0]


def test_minimum_of_one_withholds_nothing():
    cells, sums = crosstab([[0, 1], [2, 30]])
    assert suppress(cells, sums, 1) == []


def test_nothing_small_nothing_withheld():
    cells, sums = crosstab([[5, 6], [7, 30]])
    assert suppress(cells, sums, 5) == []


def test_the_order_of_tables_and_names_does_not_weaken_it():
    cells, sums = crosstab([[3, 20, 30], [10, 4, 50], [60, 70, 0]])
    backwards = dict(reversed(cells.items()))
    hidden = suppress(backwards, sums[::-1], 5)
    assert hidden == [name for name in backwards if name in hidden]
    bounds = feasibility_intervals(cells, sums, 5, hidden)
    assert (bounds["low"] < bounds["high"]).all()


@pytest.mark.parametrize("respondents", [92, 5_000, 200_000])
def test_sectors_by_a_scale(respondents):
    rng = np.random.default_rng(7)
    shares = np.outer(rng.dirichlet(np.full(22, 0.5)), rng.dirichlet(np.ones(7)))
    cells, sums = crosstab(rng.multinomial(respondents, shares.ravel()).reshape(22, 7))
    hidden = suppress(cells, sums, 5)
    bounds = feasibility_intervals(cells, sums, 5, hidden)
    assert len(bounds) == sum(count < 5 for count in cells.values())
    assert (bounds["low"] < bounds["high"]).all()
    assert "n" not in hidden


@pytest.mark.parametrize(
    ("cells", "sums", "minimum", "message"),
    [
        ({"n": 9, "a": 4, "b": 4}, [("n", "ab")], 5, "'n' is 9 but its parts add up to 8"),
        ({"n": 9, "a": 9}, [("n", "ab")], 5, "'b' has no count"),
        ({"a": -1}, [], 5, "the count of 'a' is -1"),
        ({"a": 2.0}, [], 5, "the count of 'a' is 2.0"),
        ({"a": True}, [], 5, "the count of 'a' is True"),
        ({"a": 2}, [], 0, "minimum is 0"),
    ],
)
def test_bad_input_is_refused(cells, sums, minimum, message):
    with pytest.raises(ValueError, match=message):
        suppress(cells, sums, minimum)


def test_a_total_that_stays_and_gives_small_counts_away_is_refused():
    cells = {"base": 8, "a": 4, "b": 4}
    with pytest.raises(ValueError, match="can be worked out whatever else is withheld"):
        suppress(cells, [("base", ["a", "b"])], 5, last={"base": inf})
