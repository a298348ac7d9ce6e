"""Executed notebooks as pages need them: addresses, harmless outputs, words for pictures, answers."""

import json

import pytest

from compendium.publishing.notebooks import (
    active_markup,
    addresses,
    check_outputs,
    figures_of,
    for_page,
    read_notebooks,
)


def code(source, id, *outputs, tags=(), count=None):
    return {"cell_type": "code", "id": id, "source": source, "execution_count": count,
            "metadata": {"tags": list(tags)}, "outputs": list(outputs)}  # fmt: skip


def shown(data, **metadata):
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def written(folder, *cells, name="1_responses"):
    folder.mkdir(parents=True, exist_ok=True)
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    return read_notebooks(folder)


def test_results_are_addressed_by_the_cell_that_recorded_them(tmp_path):
    added = code("study = 1", "f00", tags=["injected-parameters"], count=2)
    notebooks = written(tmp_path, added, code("record()", "1-04", count=4))
    results = {
        "sample.n": {"notebook": "1_responses", "cell": 4},
        "sample.given": {"notebook": "1_responses", "cell": 2},
        "sample.old": {"notebook": "1_responses"},
        "other.n": {"notebook": "9_other", "cell": 4},
    }
    assert addresses(results, notebooks) == {
        "sample.n": "1_responses.html#cell-1-04",
        "sample.given": "1_responses.html",
        "sample.old": "1_responses.html",
    }


def test_a_failed_run_is_no_notebook_and_none_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="there are no executed notebooks; run the notebooks first"):
        read_notebooks(tmp_path)
    (tmp_path / "1_a.failed.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="there are no executed notebooks"):
        read_notebooks(tmp_path)


def test_sources_and_outputs_are_one_text_however_they_are_stored(tmp_path):
    cell = code(["a = 1\n", "a"], "1-01", shown({"text/html": ["<p>", "1</p>"]}))
    (cell,) = written(tmp_path, cell)["1_responses"]["cells"]
    assert cell["source"] == "a = 1\na"
    assert cell["outputs"][0]["data"]["text/html"] == "<p>1</p>"


def test_links_to_notebooks_that_are_not_there_become_text(tmp_path):
    source = "Before: [1 · A](1_responses.ipynb). Next: [9 · B](9_b.ipynb)."
    told = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}
    (cell,) = for_page("1_responses", written(tmp_path, told), {})["cells"]
    assert cell["source"] == "Before: [1 · A](1_responses.ipynb). Next: 9 · B."


def test_a_picture_that_is_not_saved_brings_its_own_words():
    said = {"compendium": {"figure": "by_size"}, "image/png": {"alt": "Micro: 12 percent."}}
    cell = code("show(view)", "2-09", shown({"image/png": "…"}, **said))
    assert figures_of("2_familiarity", cell) == [("2_by_size", "Micro: 12 percent.")]


def test_a_picture_has_the_words_of_the_figure_that_its_output_names(tmp_path):
    named = shown({"image/png": "…"}, compendium={"figure": "share_concept"})
    cell = code(
        "show(view)", "4-02", named, shown({"text/html": "<p>x</p>"}), shown({"image/png": "…"})
    )
    notebooks = written(tmp_path, cell, name="4_figures")
    assert figures_of("4_figures", cell) == [("4_share_concept", "A picture."), ("", "A picture.")]
    (page,) = for_page("4_figures", notebooks, {"4_share_concept": "Bars."})["cells"]
    assert page["metadata"]["compendium"] == {"anchor": "cell-4-02", "alts": ["Bars.", "A picture."]}


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>5 &lt; 6 &amp; <b>bold</b></p>", ""),
        ('<a href="https://doi.org/10.1">doi</a>', ""),
        ('<img alt="x" src="data:image/png;base64,AAAA">', ""),
        ("&lt;script&gt;hit()&lt;/script&gt;", ""),
        ("<ScRiPt>hit()</sCrIpT>", "<script>"),
        ("text\n<img src=x onerror=hit()>", "the attribute 'src' of <img>"),
        ("<b OnMouseOver='hit()'>b</b>", "the attribute 'onmouseover' of <b>"),
        ("<a href='java\nscript:hit()'>b</a>", "the attribute 'href' of <a>"),
        ("<svg/onload=hit()>", "the attribute 'onload' of <svg>"),
        ("<iframe srcdoc='x'>", "<iframe>"),
        ("<link rel=stylesheet href=//evil>", "<link>"),
    ],
)
def test_active_markup_is_found(markup, found):
    assert active_markup(markup) == found


def test_an_output_that_could_run_is_refused_with_its_place_and_the_remedy(tmp_path):
    cell = code("show()", "3-01", shown({"text/markdown": "<script>hit()</script>"}))
    notebooks = written(tmp_path, cell, name="3_themes")
    with pytest.raises(ValueError, match=r"3_themes.ipynb: cell '3-01': .*<script>.*wording.plain"):
        for_page("3_themes", notebooks, {})
    active = code("show()", "3-01", shown({"application/javascript": "hit()"}))
    with pytest.raises(ValueError, match=r"here: .*application/javascript.*table or a picture"):
        check_outputs("here", active)
