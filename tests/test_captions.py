"""The words of figures, together in one file."""

import pytest

from compendium.captions import read_captions, write_captions


def test_captions_refuse_a_file_that_is_not_the_words_of_a_figure(tmp_path):
    (tmp_path / "4_x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"4_x\.json: not the words of a figure"):
        write_captions(tmp_path)
    assert not (tmp_path / "captions.json").exists()


def test_a_folder_without_figures_has_no_captions(tmp_path):
    assert read_captions(tmp_path) == {}
