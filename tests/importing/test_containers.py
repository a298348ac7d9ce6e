"""What platforms pack answers into: zip archives, VV files, workbooks, numbers for choices."""

import zipfile

import pytest
from described_survey import save

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

VV = [
    ("id", "Response ID"), ("submitdate", "Date submitted"), ("lastpage", "Last page"),
    ("startlanguage", "Start language"), ("tea", "Do you like tea?"), ("why", "Why (or why not)?"),
]  # fmt: skip


def test_a_zip_archive_with_one_table_is_read_as_the_table(data):
    """As Google Forms and Qualtrics send them; what macOS adds is passed over."""
    table = "Timestamp,Do you like tea?\n" + "2024/05/01 10:00:00 AM GMT+1,Yes\n" * 20
    with zipfile.ZipFile(data.parent / "tea.csv.zip", "w") as archive:
        archive.writestr("Tea (Responses) - Form responses 1.csv", table)
        archive.writestr("__MACOSX/._Tea (Responses) - Form responses 1.csv", b"\0\5\x16")
    report = import_study("mine", data.parent / "tea.csv.zip", data)
    assert (report["platform"], report["rows"]) == ("google", 20)


@pytest.mark.parametrize("part", ["{} ({})", "{} \n{}", "{}  - {}"])
def test_a_vv_file_is_read_whichever_sign_parts_its_texts(data, part):
    parts = [("use_SQ1", "Tea (green)"), ("use_SQ2", "Coffee")]
    heads = VV + [(code, part.format("Which do you use?", text)) for code, text in parts]
    rows = [[text for _, text in heads], [code for code, _ in heads]]
    for i in range(40):
        asked = "A2" if i % 4 else "{question_not_shown}"
        said = "{quote}Tea{newline}for {lbrace}two}" if i == 1 else f"It is my reason number {i}"
        rows.append([str(i), "2024-05-01" if i else "{question_not_shown}", "4", "en", asked, said,
                     "Y" if i % 2 else "", "Y" if i % 3 else ""])  # fmt: skip
    save(data.parent / "vvexport_1.txt", rows, delimiter="\t")
    report = import_study("mine", data.parent / "vvexport_1.txt", data)
    study = load_study("mine", data)
    use = study.instrument.item("use")
    assert (report["rows"], use.question) == (40, "Which do you use?")
    assert [option.label for option in use.options] == ["Tea (green)", "Coffee"]
    assert study.instrument.item("why").question == "Why (or why not)?"
    assert study.answers["why"].iloc[1] == '"Tea\nfor {two}'
    assert any("not finished stay in (1 of 40)" in one["question"] for one in report["decisions"])


def test_a_vv_file_of_numbered_columns_is_refused_with_the_way_out(data):
    heads = [code if code != "why" else "12345X1X7" for code, _ in VV]
    rows = [[text for _, text in VV], heads, *[["1", "", "4", "en", "A1", "So"]] * 9]
    save(data.parent / "vvexport_1.txt", rows, delimiter="\t")
    with pytest.raises(ValueError, match=r"columns go by numbers such as 12345X1X7; export it again"):
        import_study("mine", data.parent / "vvexport_1.txt", data)


def test_numbers_for_the_choices_of_qualtrics_are_asked_about(data):
    """*Use numeric values* leaves out what they mean; in a workbook without import ids as well."""
    heads = [("StartDate", "Start Date"), ("Status", "Response Type"), ("IPAddress", "IP Address"),
             ("Finished", "Finished"), ("ResponseId", "Response ID"), ("Q1", "How often do you sail?"),
             ("Q2_1", "Which boats? - Selected Choice - Dinghies"),
             ("Q2_4", "Which boats? - Selected Choice - Other"),
             ("Q2_4_TEXT", "Which boats? - Other - Text")]  # fmt: skip
    rows = [list(row) for row in zip(*heads, strict=True)]
    for i in range(40):
        rows.append(
            [
                "2024-05-01 10:00:00",
                1 if i == 7 else 0,
                "192.0.2.7",
                int(i != 3),
                f"R_{i:03d}",
                i % 5 + 1,
                1 if i % 2 else "",
                1 if i == 9 else "",
                "Rafts" if i == 9 else "",
            ]
        )
    save(data.parent / "a.xlsx", rows)
    report = import_study("mine", data.parent / "a.xlsx", data)
    study = load_study("mine", data)
    assert (report["platform"], report["rows"]) == ("qualtrics", 39)
    assert "IPAddress" in {left["column"] for left in report["left_out"]}
    assert [(item.type, item.question) for item in study.instrument.items] == [
        ("scale", "How often do you sail?"), ("multi", "Which boats?")
    ]  # fmt: skip
    assert [option.text for option in study.instrument.items[1].options] == [False, True]
    asked = [one["question"] for one in report["decisions"] if one["kind"] == "points"]
    assert asked == ["What do the points 1 to 5 of q1 mean, and are they all there?"]
