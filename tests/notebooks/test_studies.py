"""One set of notebooks for every study: real answers, nothing but one item, coding without counts."""

import json

import pytest
from chapters import NAMES, TINY, lay_out, run_all, run_chapter


def results(top, study, name):
    return json.loads((top / "build" / study / "results" / f"{name}.json").read_text(encoding="utf-8"))


def shown(outputs):
    return "\n".join(str(one) for one in outputs)


def test_the_second_study_reproduces_what_others_published(tmp_path):
    lay_out(tmp_path, TINY.parents[2] / "data" / "anes96", "anes96")
    for name in NAMES:
        run_chapter(name, tmp_path, "anes96")
    audit = results(tmp_path, "anes96", "claims")
    assert {row["status"] for row in audit} == {"reproduced"}
    assert len(audit) >= 6


def test_a_study_with_nothing_but_one_item_passes_through(tmp_path):
    folder = lay_out(tmp_path) / "bare"
    folder.mkdir()
    (folder / "survey.yml").write_text(
        "title: One <b>question</b> & $no$ plan\nprovenance: collected\nlicence: none\n"
        "sections: [{id: s, title: S}]\n"
        "items:\n  - {id: like, section: s, type: single, question: 'Like it?',\n"
        "     options: [{id: yes, label: 'Yes'}, {id: no, label: 'No'}]}\n",
        encoding="utf-8",
    )
    (folder / "responses.csv").write_text("like\n" + "Yes\n" * 9 + "No\n" * 8)
    told = run_all(tmp_path, "bare")
    assert results(tmp_path, "bare", "2_familiarity")["s.like.yes"]["count"] == 9
    assert "<b>question</b>" not in shown(told["1_responses"])


def test_reflexive_coding_reports_no_coefficients(tmp_path):
    lay_out(tmp_path, TINY)
    run_chapter("1_responses", tmp_path)
    told = run_chapter("3_themes", tmp_path, coding_mode="reflexive")
    found = results(tmp_path, "tiny", "3_themes")
    without = ("themes.agreement", "themes.rules", "themes.sets")
    assert [id for id in found if id.startswith(without)] == []
    assert "No coefficients: coding is reflexive." in shown(told)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"survey\.yml: there is no such file"):
        run_chapter("1_responses", tmp_path)
