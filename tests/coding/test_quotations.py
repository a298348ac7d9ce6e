"""Which answers are quoted."""

import pandas as pd

from compendium.coding.quotations import quotations


def test_quotations_follow_their_rule(codebook):
    theme = next(t for t in codebook.themes if t.id == "barriers")
    long = "word " * 10
    rows = [
        ("r1", "q", f"{long}one", ["cost"]),
        ("r2", "q", f"{long}two three", ["cost", "time"]),  # adds two codes: first
        ("r2", "p", f"{long}four", ["awareness"]),  # the same writer: passed over
        ("r3", "q", f"{long}five a@b.example", ["awareness", "green"]),  # carries another theme
        ("r4", "q", f"{long}six seven", ["awareness"]),  # fewest others: second
        ("r5", "q", "too short", ["awareness"]),
    ]
    answers = pd.DataFrame([r[:3] for r in rows], columns=["respondent", "item", "text"])
    marks = pd.DataFrame([{c: float(c in r[3]) for c in codebook.ids} for r in rows])
    picked = quotations(answers, marks, theme)
    assert [q.split()[-1] for q in picked["quotation"]] == ["three", "seven"]
    assert "respondent" not in picked
    alone = quotations(answers.iloc[[3]], marks.iloc[[3]], theme)["quotation"].iloc[0]
    assert alone.endswith("[e-mail]")
