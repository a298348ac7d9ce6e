"""Kinds of faults that real exports and public bug reports show, each with the right value.

All answers are made up. A case stands for its siblings: other languages, other platforms, numbers for
words.
"""

import pandas as pd
import pyreadstat
import pytest

from compendium.importing.importer import import_study
from compendium.survey.study import load_study

TEA = ("Do you like tea?", ["Yes", "No"])


def kinds(report):
    return {one["kind"] for one in report["decisions"]}


# ---- what is no answer

EN = ["Never", "Rarely", "Sometimes", "Often", "Always"]
DE = ["Nie", "Selten", "Manchmal", "Oft", "Immer"]
FR = ["Jamais", "Rarement", "Parfois", "Souvent", "Toujours"]


@pytest.mark.parametrize(
    ("points", "gone"),
    [
        (EN, "NA"),
        (EN, "N/A"),
        (EN, "n/a"),
        (EN, "No answer"),
        (EN, "REFUSED"),
        (EN, "-"),
        (EN, "NULL"),
        (EN, "<NA>"),
        (EN, "99 - No answer"),
        (DE, "keine Angabe"),
        (DE, "k. A."),
        (DE, "k.A."),
        (DE, "Keine Antwort"),
        (FR, "Sans réponse"),
        (FR, "Refus"),
        (EN, "No\u00a0answer"),
        (EN, "[No answer]"),
        (EN, "#NULL!"),
        (EN, "-88"),
        (EN, "99"),
        (EN, "No sabe / No contesta"),
        (EN, "Нет ответа"),
        (EN, "無回答"),
        (list("12345"), "99"),
        (list("12345"), "9"),
        (list("12345"), "-9"),
        (list("1234567"), "-99"),
        (list("1234"), "NA"),
    ],
)
def test_words_and_codes_for_no_answer_are_off_the_scale_and_in_no_base(study_of, points, gone):
    report, study = study_of([("How often is it so?", [*points, gone]), TEA])
    item = study.instrument.items[0]
    assert item.type == "scale"
    assert [point.raw for point in item.points] == points
    assert (study.states[item.id] == "skipped").sum() == 60 // (len(points) + 1)
    assert study.answers[item.id].notna().sum() == 60 - 60 // (len(points) + 1)
    assert "missing" in kinds(report)


@pytest.mark.parametrize("beside", ["Det kan jag inte säga", "Depends on the cook", "None"])
def test_one_answer_beside_a_whole_scale_is_off_it_and_asked_about(study_of, beside):
    report, study = study_of([("How often is it so?", [*EN, beside]), TEA])
    item = study.instrument.items[0]
    assert [point.raw for point in item.points] == EN
    assert [option.raw for option in item.dont_know] == [beside]
    (asked,) = [one for one in report["decisions"] if one["kind"] == "missing"]
    assert asked["question"].startswith(f"Is “{beside}” no answer,")


@pytest.mark.parametrize("gone", ["NA", "k. A.", "Refused", "99", "-99", "n/a", "-"])
def test_a_number_stays_one_whatever_stands_for_no_answer(study_of, gone):
    _, study = study_of([("Age in years", [*map(str, range(21, 50)), gone])])
    (item,) = study.instrument.items
    assert item.type == "number"
    assert study.answers[item.id].mean() == 35  # of 21 to 49
    assert study.answers[item.id].count() == 58


def test_high_numbers_without_a_gap_and_numbers_that_are_counted_stay(study_of):
    ages = [str(age) for age in (*range(60, 98), 99, 99)]
    _, study = study_of([("How old are you?", ages), ("How many cats do you have?", list("123459"))])
    assert not any(item.missing for item in study.instrument.items)
    assert study.answers.max().tolist() == [99, 9]


def test_a_scale_from_minus_to_plus_keeps_its_signs(study_of):
    _, study = study_of([("What do you think of it?", ["--", "-", "o", "+", "++"])])
    assert not study.instrument.items[0].missing
    assert study.answers.notna().all(axis=None)


def test_ticks_that_are_missing_leave_the_question_unanswered(study_of):
    columns = [
        ("Why? [Taste]", ["Taste", "Not selected", "NA"]),
        ("Why? [Price]", ["Price", "Price", "NA"]),
    ]
    _, study = study_of([*columns, TEA])
    item = study.instrument.items[0]
    assert item.type == "multi"
    assert (study.states.iloc[:, :2] == "skipped").sum().tolist() == [20, 20]
    assert study.answers.iloc[:, :2].sum().tolist() == [20, 40]


def test_one_odd_answer_of_an_open_question_is_an_answer(study_of):
    words = [f"I would say that it was thing {i} that I liked best" for i in range(29)]
    _, study = study_of([("What did you like?", [*words, "n/a"])], rows=30)
    assert study.answers.notna().all(axis=None)


# ---- scales


def test_a_scale_gets_the_fewest_points_and_asks_about_those_that_nobody_chose(study_of):
    report, study = study_of(
        [("How often?", ["Never", "A few times a year", "Monthly", "Weekly", "Daily"])]
    )
    assert len(study.instrument.items[0].points) == 5
    assert "points" not in kinds(report)
    report, study = study_of([("Is it good?", ["Agree", "Disagree", "Strongly agree"])])
    assert next(p.label for p in study.instrument.items[0].points) == "Strongly disagree"
    (asked,) = [one for one in report["decisions"] if one["kind"] == "points"]
    assert asked["question"].startswith("Is Strongly disagree a point of this scale? Nobody chose it.")


@pytest.mark.parametrize(
    ("points", "scale"),
    [
        (["غير موافق بشدة", "غير موافق", "محايد", "موافق", "موافق بشدة"], "agreement"),
        (["لا أوافق", "أوافق", "أوافق بشدة"], "agreement"),
        (["非常不同意", "不同意", "一般", "同意", "非常同意"], "agreement"),
        (["Trifft nicht zu", "Trifft eher nicht zu", "Trifft eher zu", "Trifft zu"], "agreement"),
        (["Pas d'accord", "D'accord", "Tout à fait d'accord"], "agreement"),
        (["En desacuerdo", "De acuerdo", "Totalmente de acuerdo"], "agreement"),
        (["أبدا", "نادرا", "أحيانا", "غالبا", "دائما"], "frequency"),
        (["非常不满意", "不满意", "满意", "非常满意"], "satisfaction"),
        (["Никогда", "Редко", "Иногда", "Часто", "Всегда"], "frequency"),
        (["そう思わない", "どちらともいえない", "そう思う"], "agreement"),
        (["Discordo totalmente", "Discordo", "Concordo", "Concordo totalmente"], "agreement"),
        (["Ontevreden", "Neutraal", "Tevreden", "Zeer tevreden"], "satisfaction"),
    ],
)
def test_scales_of_other_languages_are_ordered_and_asked_about(study_of, points, scale):
    """A wrong order would be worse than none: the evidence stands beside the decision."""
    report, study = study_of([("A?", points[::-1]), TEA])
    (item, _) = study.instrument.items
    raws = [point.raw for point in item.points]
    assert [raw for raw in raws if raw in points] == points
    asked = [one for one in report["decisions"] if one["kind"] in ("order", "points")]
    assert any(one["item"] == item.id and scale in one["why"] for one in asked)


@pytest.mark.parametrize(("yes", "no"), [("نعم", "لا"), ("是", "否"), ("Ja", "Nein"), ("Sí", "No")])
def test_yes_stands_before_no_in_other_languages(study_of, yes, no):
    _, study = study_of([("A?", [no, yes, yes]), TEA])
    assert [option.label for option in study.instrument.items[0].options] == [yes, no]


def test_statements_in_brackets_are_one_grid_though_their_points_differ(study_of):
    columns = [
        ("How is it? [One]", ["Hopeless", "Poor-ish", "Passable"]),
        ("How is it? [Two]", ["Pretty good", "Peachy"]),
        ("How is it? [Three]", ["Peachy"]),
    ]
    report, study = study_of(columns)
    (item,) = study.instrument.items
    assert (item.type, len(item.statements), len(item.points)) == ("grid", 3, 5)
    assert "order" in kinds(report)


@pytest.mark.parametrize("rated", [["*", "**", "****"], ["★", "★★", "★★★★★"], ["★☆☆", "★★☆", "★★★"]])
def test_stars_are_points(study_of, rated):
    _, study = study_of([("How good is it?", rated[::-1]), TEA])
    assert [point.raw for point in study.instrument.items[0].points] == rated
    assert study.answers.notna().all(axis=None)


def test_break_offs_are_no_skip_rule(study_of):
    report, study = study_of(
        [
            ("How rich are you, 1 to 4?", ["1", "2", "4", ""]),
            ("Where?", ["Market", "Shop", "Market", ""]),
        ]
    )
    assert all(item.asked_if is None for item in study.instrument.items)
    assert not (study.states == "not_asked").any(axis=None)
    assert "asked_if" not in kinds(report)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["50-249", "09-Jan", "Oct-49", "250+"], ["09-Jan", "Oct-49", "50-249", "250+"]),
        (["50-249", "1. Sep", "Okt 49"], ["1. Sep", "Okt 49", "50-249"]),
        (["50-249", "9/1/2024", "10/1/1949"], ["9/1/2024", "10/1/1949", "50-249"]),
        (["50-249", "01.09.2024", "01.10.1949"], ["01.09.2024", "01.10.1949", "50-249"]),
        (["50-249", "2026-09-01", "1949-10-01"], ["2026-09-01", "1949-10-01", "50-249"]),
        (["50-249", "9-ene", "oct-49"], ["9-ene", "oct-49", "50-249"]),
        (["10-49", "1月9日", "50-249"], ["1月9日", "10-49", "50-249"]),
        (
            ["1949-10-01 00:00:00", "2024-01-09 00:00:00", "50 or more"],
            ["2024-01-09 00:00:00", "1949-10-01 00:00:00", "50 or more"],
        ),
    ],
)
def test_bands_that_became_dates_are_asked_about(study_of, values, order):
    report, study = study_of([("How many employees?", values)])
    assert [point.raw for point in study.instrument.items[0].points] == order
    (asked,) = [one for one in report["decisions"] if one["kind"] == "dates"]
    assert "1-9" in asked["question"]
    assert "10-49" in f"{values} {asked['question']}"


def test_months_are_no_bands(study_of):
    report, _ = study_of([("When?", ["Jan-24", "Feb-24", "Mar-24"])])
    assert "dates" not in kinds(report)


@pytest.mark.parametrize(
    ("form", "unit", "mean"),
    [
        ("{}%", "percent", 19.5),
        ("{} %", "percent", 19.5),
        ("{},5 %", "percent", 20.0),
        ("€{}", "€", 19.5),
        ("{} kg", "kg", 19.5),
        ("{} Prozent", "percent", 19.5),
        ("{} pct", "percent", 19.5),
        ("%{}", "percent", 19.5),
        ("{}％", "percent", 19.5),
        ("R$ {}", "R$", 19.5),
        ("₹{}", "₹", 19.5),
        ("{} zł", "zł", 19.5),
        ("{} лет", "лет", 19.5),
        ("{}岁", "岁", 19.5),
        ("{} litres", "litres", 19.5),
        ("1 0{:02d} kr", "kr", 1019.5),
    ],
)
def test_numbers_with_their_unit_are_numbers(study_of, form, unit, mean):
    _, study = study_of([("How much of it?", [form.format(i) for i in range(40)])], rows=40)
    (item,) = study.instrument.items
    assert (item.type, item.unit) == ("number", unit)
    assert study.answers[item.id].mean() == mean


def test_numbers_in_other_digits_are_numbers(study_of):
    arabic, wide = (str.maketrans("0123456789", "".join(chr(zero + i) for i in range(10)))
                    for zero in (0x660, 0xFF10))  # fmt: skip
    ages = [str(age) for age in range(20, 40)]
    columns = [
        ("العمر", [a.translate(arabic) for a in ages]),
        ("年齢", [a.translate(wide) for a in ages]),
    ]
    _, study = study_of([TEA, *columns, ("Change", ["\u22123", "4", "5.5", "1e+02"] * 10)])
    assert study.answers.iloc[:, 1:].mean().tolist() == [29.5, 29.5, 26.625]


def test_a_few_percents_to_choose_from_stay_points(study_of):
    _, study = study_of([("How much?", ["0%", "25%", "50%", "100%"])])
    assert [p.label for p in study.instrument.items[0].points] == ["0%", "25%", "50%", "100%"]


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("wgt", True),
        ("Weight", True),
        ("Gewichtung", True),
        ("pondération", True),
        ("final_weight", True),
        ("Body weight in kg", False),
        ("How far?", False),
    ],
)
def test_a_weight_is_asked_about(study_of, heading, asked):
    values = [f"{0.7 + i / 10:.2f}" for i in range(40)]
    report, study = study_of([(heading, values), TEA])
    assert ("weight" in kinds(report)) == asked
    assert study.instrument.items[0].type == "number"


# ---- spellings


def test_canonical_equivalents_are_one_option_and_other_spellings_are_asked_about(study_of):
    values = ["Caf\u00e9", "Cafe\u0301", "Bar", "bar", "BAR", "The\u00a0Inn", "The Inn"]
    report, study = study_of([("Where?", values)], rows=70)
    (item,) = study.instrument.items
    assert [option.label for option in item.options] == ["Caf\u00e9", "Bar", "The Inn"]
    assert study.answers[item.id].value_counts().tolist() == [30, 20, 20]
    (asked,) = [one for one in report["decisions"] if one["kind"] == "spelling"]
    assert "Caf" not in asked["question"]


def test_a_known_scale_is_known_in_any_spelling(study_of):
    _, study = study_of([("How often?", ["Never", "never", "Sometimes", "OFTEN", "Often", "Always"])])
    (item,) = study.instrument.items
    assert (item.type, len(item.points)) == ("scale", 4)
    assert study.answers.notna().all(axis=None)


def test_what_takes_no_room_is_stripped_and_joined_emoji_stay_joined(study_of):
    farmer = "\U0001f469\U0001f3fd\u200d\U0001f33e"
    _report, study = study_of(
        [("Emoji\ufeff?", [farmer, "Te\u200ba", "Tea\u200d", "\u0645\u06cc\u200c\u062e"])]
    )
    labels = [option.label for option in study.instrument.items[0].options]
    assert labels == [farmer, "Tea", "\u0645\u06cc\u200c\u062e"]
    assert study.instrument.items[0].question == "Emoji?"


def test_markup_parts_words_and_entities_are_signs(study_of):
    _, study = study_of(
        [("How often<br>do you<BR/>cy<b>cle</b>?<p>Really?</p>", ["A &amp; B", "C&#39;s", "D"])]
    )
    (item,) = study.instrument.items
    assert item.question == "How often do you cycle? Really?"
    assert [option.label for option in item.options] == ["A & B", "C's", "D"]


# ---- consent


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [
        ("Do you consent to take part?", "Yes, I consent", "No, I do not consent"),
        ("Consent", "1", "0"),
        ("Consent", "TRUE", "FALSE"),
        ("Einwilligung", "Ja", "Nein"),
        ("Sind Sie mit der Teilnahme einverstanden?", "Ja, ich stimme zu", "Nein, ich stimme nicht zu"),
        ("Consentement", "J'accepte de participer", "Je n'accepte pas"),
        ("Consentimiento", "Sí, acepto", "No acepto"),
        ("Statement", "I agree to take part", "I do not agree"),
        ("Do you agree to participate?", "Agree", "Disagree"),
        ("Informed consent", "Checked", ""),
        ("Participation", "Accept", "Decline"),
        ("I understand and wish to continue", "Yes", "No"),
        ("هل توافق على المشاركة في هذا الاستبيان؟", "نعم", "لا"),
        ("我已阅读以上说明并同意参加本次调查", "同意", "不同意"),
        ("本調査への参加に同意しますか？", "はい", "いいえ"),
        ("क्या आप इस सर्वेक्षण में भाग लेने के लिए सहमत हैं?", "हाँ", "नहीं"),
        ("האם אתה מסכים להשתתף בסקר?", "כן", "לא"),
        ("Вы согласны участвовать в опросе?", "Да", "Нет"),
        ("Czy wyraża Pan zgodę na udział w badaniu?", "Tak", "Nie"),
        ("Acconsenti a partecipare allo studio?", "Sì", "No"),
        ("Concorda em participar desta pesquisa?", "Sim", "Não"),
        ("Gaat u akkoord met deelname aan dit onderzoek?", "Ja, ik ga akkoord", "Nee, niet akkoord"),
        ("Bu araştırmaya katılmayı kabul ediyor musunuz?", "Evet", "Hayır"),
        ("Bạn có đồng ý tham gia khảo sát không?", "Có", "Không"),
    ],
)
def test_who_refuses_is_left_out_and_that_is_asked_about(study_of, heading, yes, no):
    report, study = study_of([(heading, [yes, yes, no]), TEA])
    assert study.instrument.items[0].type == "consent"
    assert study.n == 40
    assert "consent" in kinds(report)


def test_a_question_about_consent_with_other_answers_is_asked_about(study_of):
    report, study = study_of([("Should consent be asked for?", ["Yes", "No", "It depends"])])
    assert study.instrument.items[0].type == "single"
    assert study.n == 60
    assert "consent" in kinds(report)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([("Er du klar?", ["Jeps", "Jeps", "Niks"]), ("Farve?", ["Rød", "Blå", ""])], "nothing after"),
        ([("Хотите?", ["Ага"] * 19 + ["Не-а"]), TEA], "57 of 60 gave the same answer"),
        ([TEA, (f"{'I was told all that matters. ' * 4}", ["X"]), TEA], "60 of 60"),
        ([("Opt in", ["1", "2"]), TEA], "its question says so"),
    ],
)
def test_what_may_decide_who_is_counted_is_asked_about_in_any_language(study_of, columns, why):
    report, study = study_of(columns)
    assert study.n == 60
    assert report["decisions"][0]["kind"] == "consent"
    assert why in report["decisions"][0]["why"]


def test_leave_to_ask_again_excludes_nobody(study_of):
    asked = "Would you agree to take part in a follow-up interview?"
    _, study = study_of([(asked, ["Yes", "No"]), TEA])
    assert (study.instrument.items[0].type, study.n) == ("consent", 60)


# ---- respondents' own words, and columns about a person

WROTE = "The cook Wilma Quillfeather shouted at me"


@pytest.mark.parametrize(
    "values",
    [
        [WROTE, *[""] * 29],
        [WROTE, "Wilma", "Zebra pudding", *[""] * 17],
        ["Wilma", *[""] * 59],
        ["No"] * 29 + [WROTE],
        ["No"] * 57 + [WROTE, "Wilma", "Zebra"],
        ["No"] * 57 + ["Wilma", "Zebra", "Q"],
        ["Pasta", "Soup"] * 14 + [WROTE, "Wilma"],
        ["Need 2 more Wilmas", "Need 5 more Wilmas", *[""] * 18],
        ["Pasta; Soup", "Pasta", "Soup"] * 9
        + [f"Pasta; {WROTE}", "Soup; Wilma ate it all by herself, twice"],
    ],
)
def test_what_few_wrote_names_no_option_id_or_heading(study_of, data, values):
    _, study = study_of([("Which meal, and what happened?", values), TEA], rows=60)
    for name in ("survey.yml", "import.json"):
        text = (data / "mine" / name).read_text(encoding="utf-8").casefold()
        assert "wilma" not in text
        assert "zebra" not in text
    answers = study.answers.astype(object).fillna("").astype(str).to_numpy().ravel()
    assert sum("Wilma" in answer for answer in answers) >= sum("Wilma" in v for v in values)


@pytest.mark.parametrize(
    "heading",
    [
        "Name of person filling out the form",
        "Person completing this form",
        "Ausgefüllt von",
        "Nom et prénom",
        "Nombre y apellidos",
        "Contact person",
        "Respondent's name",
        "Vor- und Nachname",
        "Ansprechpartner",
        "Full name",
        "Completed by",
        "IP",
        "Device",
        "User agent",
        "Latitude",
        "ФИО",
        "姓名",
        "お名前",
        "الاسم الكامل",
        "Imię i nazwisko",
        "Correo electrónico",
        "电话",
        "NHS number",
        "Fecha de nacimiento",
        "Your supervisor",
        "Interviewer",
        "Employer",
        "Name of organisation",
        "Nombre de la empresa",
        "1. Name *",
        "Name (optional)",
        "Respondent (first and last name)",
        "Teacher's name",
        "Wie heißen Sie?",
        "Как вас зовут?",
    ],
)
def test_columns_about_a_person_are_left_out_and_that_is_said(study_of, data, heading):
    report, _ = study_of([(heading, [f"Ann{i} Bee" for i in range(60)]), TEA])
    assert [left["column"] for left in report["left_out"]] == [heading]
    assert "Ann1 Bee" not in (data / "mine" / "responses.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2024-05-01 10:{:02d}:11", "time of day"),
        ("1/5/2024 10:{:02d} AM", "time of day"),
        ("2024-05-01T10:{:02d}:11+02:00", "time of day"),
        ("55.95{}, -3.18{}", "coordinates"),
        ("Mozilla/5.0 (X11; Linux {})", "devices"),
    ],
)
def test_values_that_tell_time_place_or_device_are_left_out(study_of, value, why):
    values = [value.format(i, i) for i in range(60)]
    report, _ = study_of([("When and where", values), TEA])
    assert why in report["left_out"][0]["why"]


@pytest.mark.parametrize(
    "heading",
    [
        "Conference (full name)",
        "Full name of the journal",
        "Which device do you use?",
        "What is the name of your favourite drink?",
        "Which contact persons helped you?",
        "Mobile phone use",
        "Telephone helpline quality",
        "Signature dish",
        "Employer",
    ],
)
def test_a_question_is_not_personal_for_a_word_in_it(study_of, heading):
    report, study = study_of([(heading, ["Tea", "Coffee", "Milk"]), TEA])
    assert report["left_out"] == []
    assert study.instrument.items[0].type == "single"


# ---- identifiers


@pytest.mark.parametrize(
    ("heading", "values", "kept"),
    [
        ("RespondentID", [str(3292879000 + i) for i in range(60)], True),
        ("Teilnehmer-ID", [str(903 + 7 * i) for i in range(60)], True),
        ("Response Id", [f"R_{i}x" for i in range(60)], True),
        ("", [str(i) for i in range(60)], False),
        ("Unnamed: 0", [str(i) for i in range(60)], False),
        ("Ticket", [str(3292879000 + i) for i in range(60)], False),
        ("Collector ID", ["4711", "4712"], False),
    ],
)
def test_what_tells_respondents_apart_is_no_number(study_of, data, heading, values, kept):
    _, study = study_of([(heading, values), TEA], ids=False)
    assert [item.type for item in study.instrument.items] == ["single"]
    ids = pd.read_csv(data / "mine" / "responses.csv", dtype=str)["respondent"].tolist()
    assert (ids == values) == kept


def test_salaries_are_no_identifiers(study_of):
    _, study = study_of([("Salary", [str(20000 + 731 * i) for i in range(60)]), TEA])
    assert [item.type for item in study.instrument.items] == ["number", "single"]


# ---- several answers


def test_limesurvey_without_its_own_columns_is_one_item(study_of):
    heads = [f"dis[{i}]. Which disciplines (tick all) [{name}]" for i, name in enumerate(["A", "B"], 1)]
    columns = [
        (heads[0], ["Yes", "No"]),
        (heads[1], ["No", "No", "Yes"]),
        ("age. How old?", ["41", "52"]),
    ]
    report, study = study_of(columns, ids=False)
    assert report["platform"] == "limesurvey"
    assert [item.type for item in study.instrument.items] == ["multi", "number"]
    assert study.answers.iloc[:, :2].sum().tolist() == [30, 20]


@pytest.mark.parametrize(
    "hint", ["(tick all that apply)", "Mehrfachnennung möglich", "plusieurs réponses"]
)
def test_yes_and_no_are_ticks_where_the_question_says_so(study_of, hint):
    _, study = study_of(
        [(f"Which {hint} - A", ["Yes", "No"]), (f"Which {hint} - B", ["No", "No", "Yes"])]
    )
    assert [item.type for item in study.instrument.items] == ["multi"]


def test_yes_and_no_can_be_made_ticks_by_hand(study_of, data):
    columns = [("Which - A", ["Yes", "No"]), ("Which - B", ["No", "No", "Yes"])]
    _, study = study_of(columns)
    (item,) = study.instrument.items
    assert item.type == "grid"
    path = data / "mine" / "survey.yml"
    text = path.read_text(encoding="utf-8").replace("type: grid", "type: multi")
    start, end = text.index("    points:"), text.index("    statements:")
    path.write_text(text[:start] + text[end:].replace("statements:", "options:"), encoding="utf-8")
    _, study = study_of(columns)
    assert study.answers.sum().tolist() == [30, 20]


@pytest.mark.parametrize("second", ["Other (please specify)", "Other"])
@pytest.mark.parametrize("tick", ["Other (please specify)", "1", "Yes"])
def test_two_columns_of_other_are_one_option_and_its_text(study_of, tick, second):
    own = ["", "", tick]
    columns = [
        ("Sides? - Corn", [tick if len(tick) < 5 else "Corn", "", ""]),
        ("Sides? - Squash", ["", tick if len(tick) < 5 else "Squash", ""]),
        (f"Sides? - {second}", own),
        ("Sides? - Other (please specify)", ["", "", "my own dish", "", "", "what I find"]),
    ]
    _, study = study_of(columns)
    (item,) = study.instrument.items
    assert item.type == "multi"
    assert [option.label for option in item.options][:2] == ["Corn", "Squash"]
    assert item.options[2].label in (second, tick)
    assert item.options[2].text
    assert study.answers.iloc[:, 2].sum() == 20
    assert study.answers.iloc[:, 3].notna().sum() == 20


def test_a_text_beside_ticks_of_yes_and_no_is_an_option(study_of):
    columns = [
        ("¿Qué? [Té]", ["Sí", "No"]), ("¿Qué? [Café]", ["No", "Sí"]), ("¿Qué? [Otro]", ["", "mate", ""])
    ]  # fmt: skip
    _, study = study_of([*columns, TEA])
    item = study.instrument.items[0]
    assert [(option.label, option.text) for option in item.options] == [
        ("Té", False), ("Café", False), ("Otro", True)
    ]  # fmt: skip
    assert study.answers.iloc[:, :3].sum().tolist() == [30, 30, 20]


@pytest.mark.parametrize("sign", [";", "；", "┋", "|", "、", "，", "، ", "\n", " / "])
def test_ticks_in_a_cell_are_parted_by_any_sign(study_of, sign):
    cells = [
        sign.join(parts) for parts in (["Tea", "Milk"], ["Tea"], ["Milk", "Mate"], ["Mate", "Tea"])
    ]
    report, study = study_of([("Which of these?", cells), TEA])
    assert sorted(option.label for option in study.instrument.items[0].options) == [
        "Mate",
        "Milk",
        "Tea",
    ]
    assert sorted(study.answers.iloc[:, :3].sum()) == [30, 30, 45]
    assert "several" in kinds(report)


def test_ticks_with_columns_of_their_own_are_counted_once(study_of):
    """KoboToolbox and ODK write ``fruit`` and beside it ``fruit/apple``, ``fruit/pear``."""
    columns = [("a/fruit", ["apple pear", "apple", "pear"]), ("a/fruit/apple", ["1", "1", "0"])]
    report, study = study_of([*columns, ("a/fruit/pear", ["1", "0", "1"]), TEA])
    assert [left["column"] for left in report["left_out"]] == ["a/fruit"]
    assert study.instrument.items[0].type == "multi"
    assert study.answers.iloc[:, :2].sum().tolist() == [40, 40]


def test_a_labelled_code_below_one_is_no_point(data):
    """What SPSS files of surveys have for *does not apply* and the like, in any language."""
    labels = {-1.0: "No procede", 1.0: "Malo", 2.0: "Regular", 3.0: "Bueno", 4.0: "Excelente"}
    codes = [[1, 2, 4], [2, 4, -1], [1, 2, 3]]
    frame = pd.DataFrame({f"b{k}": [float(of[i % 3]) for i in range(30)] for k, of in enumerate(codes)})
    path = data.parent / "a.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels=dict.fromkeys(frame, labels))
    report = import_study("mine", path, data)
    (item,) = load_study("mine", data).instrument.items
    assert [point.label for point in item.points] == ["Malo", "Regular", "Bueno", "Excelente"]
    assert [option.label for option in item.dont_know] == ["No procede"]
    assert "missing" in kinds(report)
