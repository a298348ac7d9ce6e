"""The codebook: that of the default study, and what does not fit."""

from pathlib import Path

import pytest

from compendium.coding.codebook import read_codebook


def test_codebook_has_what_a_coder_needs(codebook):
    assert 5 <= len(codebook.themes) <= 6
    assert 16 <= len(codebook.ids) <= 24
    for code in codebook.codes:
        assert all([code.definition, code.include, code.exclude])
        assert len(code.examples) >= 2
        assert code.rules


def test_examples_are_not_taken_from_the_answers(codebook, answers):
    said = " ".join(answers["text"]).lower()
    assert not [e for code in codebook.codes for e in code.examples if e.lower().rstrip(".!?") in said]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("id: cost\n", "id: time\n"), "codes: 'time' stands twice"),
        (("id: barriers\n", "id: rules\n"), "themes: 'rules' names other results"),
        (("id: cost\n", "id: none\n"), "'none' means no code applies"),
        (("        definition: Names fees", "        definitoin: Names fees"), "the key"),
    ],
)
def test_a_codebook_that_does_not_fit_is_refused(tmp_path, edit, message):
    text = Path("data/microcredentials/codebook.yml").read_text(encoding="utf-8")
    assert edit[0] in text
    path = tmp_path / "codebook.yml"
    path.write_text(text.replace(*edit), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as error:
        read_codebook(path)
    assert "codebook.yml" in str(error.value)
