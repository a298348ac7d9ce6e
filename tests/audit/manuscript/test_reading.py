"""Manuscripts of each kind are read as the same text."""

import docx
import pytest
import typst

from compendium.audit.manuscript.reading import read_manuscript

SAID = "Of 92 employers, 12 (13%) were not familiar."
CITED = "Wilson, E. B. (1927). Probable inference, 22(158)."


def _docx(path):
    made = docx.Document()
    made.add_heading("Results", 1)
    made.add_paragraph(SAID)
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ["", "Micro", "Not familiar", "11%"], strict=True):
        cell.text = text
    made.add_heading("References", 1)
    made.add_paragraph(CITED)
    made.save(path)


TABLE = "| | Micro |\n|---|---|\n| Not familiar | 11% |\n"
MARKDOWN = f"# Results\n\n{SAID}\n\n{TABLE}\n# References\n\n{CITED}\n"
BOLD = SAID.replace("12", "*12*")
TYPST = f"#set page(width: 12cm)\n= Results\n{BOLD} @wilson\n\n= References\n{CITED}\n"
LATEX = (
    "\\documentclass{article}\n% 77 of them\n\\begin{document}\n\\section{Results}\n"
    + SAID.replace("%", "\\%").replace("12", "\\textbf{12}")
    + "\n\n\\begin{tabular}{lr}\n & Micro \\\\\nNot familiar & 11\\% \\\\\n\\end{tabular}\n"
    + f"\n\\section{{References}}\n{CITED}\n\\end{{document}}\n"
)


def write(folder, kind):
    path = folder / f"paper.{kind}"
    if kind == "docx":
        _docx(path)
    elif kind == "pdf":
        typst.compile(f"= Results\n{SAID}\n= References\n{CITED}".encode(), output=str(path))
    else:
        path.write_text({"md": MARKDOWN, "typ": TYPST, "tex": LATEX}[kind], encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["docx", "pdf", "md", "typ", "tex"])
def test_every_kind_says_the_same(tmp_path, kind):
    blocks = read_manuscript(write(tmp_path, kind))
    assert any(block.text.strip() == SAID and not block.cited for block in blocks)
    assert any("1927" in block.text and block.cited for block in blocks)
    assert not any("77" in block.text for block in blocks)


@pytest.mark.parametrize("kind", ["docx", "md", "tex"])
def test_a_cell_knows_its_row_and_column(tmp_path, kind):
    blocks = read_manuscript(write(tmp_path, kind))
    cell = next(block for block in blocks if block.text == "11%")
    assert cell.cell
    assert "Not familiar" in cell.heads
    assert "Micro" in cell.heads


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("paper.odt", b"x", "is no manuscript"),
        ("paper.docx", b"no zip", "no sound zip archive"),
        ("paper.pdf", b"%PDF-1.4 torn", "PDF"),
        ("paper.md", b"  \n", "holds no text"),
        ("paper.md", b"\xff\xfe\x00", "paper.md"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=said) as told:
        read_manuscript(tmp_path / name)
    assert name in str(told.value)
    with pytest.raises(ValueError, match="is no file"):
        read_manuscript(tmp_path / "missing.md")
