"""One set of notebooks for every study: real answers, nothing but one item, coding without counts."""

import json

import nltk
import pytest
from chapters import TINY, lay_out, run_all, run_chapter


def results(top, study, name):
    return json.loads((top / "build" / study / "results" / f"{name}.json").read_text(encoding="utf-8"))


def shown(outputs):
    return "\n".join(str(one) for one in outputs)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """The study of real answers, all chapters run: the folder, and what each chapter showed."""
    top = tmp_path_factory.mktemp("second")
    lay_out(top, TINY.parents[2] / "data" / "anes96", "anes96")
    return top, run_all(top, "anes96")


def test_the_second_study_reproduces_what_others_published(second):
    audit = results(second[0], "anes96", "claims")
    assert {row["status"] for row in audit} == {"reproduced"}
    assert len(audit) >= 6


def test_the_second_study_says_which_figures_it_cannot_have(second):
    top, told = second
    said = "".join(one.get("text/markdown", "") for one in told["4_figures"])
    for reason in ("'contrast'", "no coded free text", "no model.yml"):
        assert reason in said
    drawn = {path.stem for path in (top / "figures" / "anes96").glob("*.svg")}
    assert drawn >= {"4_share_democrats", "4_scale_left_right", "4_by_vote_by_party_party"}


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
    run_chapter("1_responses", tmp_path, drawn=False)
    told = run_chapter("3_themes", tmp_path, drawn=False, coding_mode="reflexive")
    found = results(tmp_path, "tiny", "3_themes")
    without = ("themes.agreement", "themes.rules", "themes.sets")
    assert [id for id in found if id.startswith(without)] == []
    assert "No coefficients: coding is reflexive." in shown(told)


def test_texts_are_analysed_without_any_loader_of_nltk(tmp_path, monkeypatch):
    """Its corpora are not needed: neither the downloader nor `nltk.data` is asked for anything."""

    def refuse(*_, **__):
        raise AssertionError("NLTK looked for a corpus.")

    for name in ("load", "find", "retrieve"):
        monkeypatch.setattr(nltk.data, name, refuse)
    monkeypatch.setattr(nltk.downloader.Downloader, "download", refuse)
    monkeypatch.setattr(nltk, "download", refuse)
    with pytest.raises(AssertionError, match="looked for a corpus"):
        nltk.word_tokenize("One. Two.")
    with pytest.raises(AssertionError, match="looked for a corpus"):
        nltk.download("punkt")
    lay_out(tmp_path, TINY)
    run_chapter("1_responses", tmp_path, drawn=False)
    run_chapter("3_themes", tmp_path, drawn=False, resamples=20)
    assert results(tmp_path, "tiny", "3_themes")["themes.agreement.lanes.alpha"]["value"] is not None


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"survey\.yml: there is no such file"):
        run_chapter("1_responses", tmp_path)
