"""Identifying text: what is masked, what is left alone, and that no text takes for ever."""

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.disclosure.masking import mask, mask_all

# Numbers from Ofcom's ranges for drama: no subscriber has them.
IDENTIFYING = [
    ("Write to jane.o'hare+jobs@mail.example.org.", "Write to [e-mail].", "e-mail"),
    ("jane (at) example.com", "[e-mail]", "e-mail"),
    ("See https://www.example.org/a?b=1, please", "See [web address], please", "web address"),
    ("(www.example.com/a.)", "([web address].)", "web address"),
    ("Our site is example.ac.uk.", "Our site is [web address].", "web address"),
    ("0131 496 0123", "[telephone]", "telephone"),
    ("(0131) 496-0123 ext. 12", "[telephone]", "telephone"),
    ("07700900456", "[telephone]", "telephone"),
    ("01632 960123 2019", "[telephone] 2019", "telephone"),
    ("+44 (0)131 496 0123", "[telephone]", "telephone"),
    ("0044 131 496 0123", "[telephone]", "telephone"),
    ("44 131 496 0123", "[telephone]", "telephone"),
    ("+353 20 912 3456", "[telephone]", "telephone"),
    ("+49 30/1234567", "[telephone]", "telephone"),
    ("(212) 555-0123", "[telephone]", "telephone"),
    ("tel. 960123", "tel. [telephone]", "telephone"),
    ("Call us on 496 0123", "Call us on [telephone]", "telephone"),
    ("at EH8 9YL.", "at [postcode].", "postcode"),
    ("sw1a1aa", "[postcode]", "postcode"),
    ("M1 1AE", "[postcode]", "postcode"),
    ("GIR 0AA", "[postcode]", "postcode"),
    ("my name is Jane van der Berg.", "my name is [name].", "name"),
    ("My name’s jane smith, I hire", "My name’s [name], I hire", "name"),
    ("Ask for Élodie Brontë", "Ask for [name]", "name"),
    ("Ask to speak to Jean", "Ask to speak to [name]", "name"),
    ("Prof. J. Smith-Jones said", "[name] said", "name"),
    ("see dr brown", "see [name]", "name"),
    ("Kind regards, Jean Muir", "Kind regards, [name]", "name"),
]


@pytest.mark.parametrize(("text", "masked", "kind"), IDENTIFYING)
def test_masks(text, masked, kind):
    assert mask(text) == (masked, {kind: 1})


# The shortest and the longest that each pattern takes, and what is just shorter or longer.
TELEPHONES = [
    *(("fax {}", n, 6 <= n <= 15) for n in (5, 6, 11, 12, 15, 16)),
    *(("+1{}", n, 6 <= n <= 14) for n in (5, 6, 14, 15)),
    *(("001{}", n, 6 <= n <= 14) for n in (5, 6, 14, 15)),
    *(("44{}", n, n in (10, 11)) for n in (9, 10, 11, 12)),
    *(("01{}", n, n in (8, 9)) for n in (7, 8, 9, 10)),
]


@pytest.mark.parametrize(("shape", "digits", "masked"), TELEPHONES)
def test_telephone_numbers_at_the_edges_of_their_patterns(shape, digits, masked):
    number = shape.format("2345678923456789"[:digits])
    assert mask(f"It is {number}, says she")[1] == ({"telephone": 1} if masked else {})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a@b.c", "e-mail"),
        ("a@b", None),
        ("x.co.uk", "web address"),
        ("x.coo", None),
        ("www.x", "web address"),
        ("www.", None),
        ("200-555-0123", "telephone"),
        ("100-555-0123", None),
        ("1 200 555 0123", "telephone"),
        ("2005550123", None),
        ("fax no is on my 496 0123", "telephone"),
        ("fax me us him her them 496 0123", None),  # a cue reaches over four words
        ("fax 496 0123%", None),
        ("M1 1AE", "postcode"),
        ("M1 1A", None),
        ("SW1A  1AA", "postcode"),
        ("SW1A   1AA", None),
        ("Q1 1AE", None),
        ("M1 1CE", None),
        ("my name is Jo", "name"),
        ("I'm called Jo", "name"),
        ("I am called jo and more", None),
        ("ask with Jo", "name"),
        ("regards, Jo Van", "name"),
        ("Mx Jo", "name"),
        ("Mx Excel", None),
        ("Mxx Jo", None),
        ("see dr jo", "name"),
        ("see dr j", None),
        ("see dr and", None),
    ],
)
def test_patterns_at_their_edges(text, kind):
    assert list(mask(text)[1]) == ([kind] if kind else [])


@pytest.mark.parametrize(
    "text",
    [
        "From 2019 to 2021, in 2019-2020 and 2019 2020 2021 2022",
        "12.5%, 0.123456789012, £10,000, 1,000,000 staff and 15000 calls",
        "2-3 days, 9:30, 01/02/2019 10:30, 24/7, 5 - 10 people",
        "0 1 2 3 4 5 6 7 8 9 10, from 0 - 10",
        "We call 10,000 people and text 2000 more",
        "SCQF level 7, level B2 and S4, CO2, A1, MS365, 3D",
        "MS Excel, Ms Word and ms teams",
        "We ask for English, Maths and SVQs; they ask for Jobs; ask for CVs",
        "I miss Deadlines. My name is not on the list.",
        "e.g. node.js, i.e. skills.it is done.We go on",
        "",
    ],
)
def test_leaves_alone(text):
    assert mask(text) == (text, {})


def test_listed_names_are_whole_words_in_any_case_longest_first():
    names = ["Muir", "Muir & Sons", "Jean  Muir", "O'Neil"]
    text = "JEAN MUIR of Muir & sons, muir's and O’Neil; Muirhead, Jeanmuir"
    assert mask(text, names) == (
        "[name] of [name], [name]'s and [name]; Muirhead, Jeanmuir",
        {"name": 4},
    )
    assert mask(text, names) == mask(text, names[::-1])
    assert mask("Muir (Holdings)? Muir (Holdings) too", ["Muir (Holdings)"])[1] == {"name": 2}


def test_a_listed_name_inside_an_address_does_not_break_the_address_up():
    text = "Jean: jean.muir@muir.example.org, www.muir.example.com"
    assert mask(text, ["jean", "muir"])[0] == "[name]: [e-mail], [web address]"


def test_a_name_that_is_also_the_name_of_a_kind_leaves_the_marks_alone():
    assert mask("Postcode EH8 9YL", ["postcode", "name"])[0] == "[name] [postcode]"


@pytest.mark.parametrize("names", [["Jean", ""], [" "], [None], "Jean Muir"])
def test_names_that_cannot_be_meant(names):
    with pytest.raises(ValueError, match="name"):
        mask("Jean", names)


def test_only_text_is_masked():
    with pytest.raises(ValueError, match="is not text"):
        mask(None)


TELLTALE = ["01632 960123", "jean@example.org", "https://example.org/a", "EH8 9YL", "Jean Muir"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(TELLTALE), min_size=1, max_size=6),
    st.lists(st.sampled_from([" ", ", ", "; ", "\n", " and ", ". "]), min_size=6, max_size=6),
)
def test_nothing_identifying_survives_in_any_order(parts, joints):
    text = "".join(part + joint for part, joint in zip(parts, joints, strict=False))
    masked, counts = mask(text, ["Jean Muir"])
    assert not any(part in masked for part in TELLTALE)
    assert sum(counts.values()) == len(parts)
    assert mask(masked, ["Jean Muir"]) == (masked, {})


@settings(deadline=None)
@given(st.text(alphabet="ab01 .,@+-()[]/'\nMrDskfo", max_size=60))
def test_what_is_not_matched_stays_as_it_was(text):
    masked, review = mask_all(pd.Series([text], dtype=object))
    rebuilt = masked[0]
    for kind, matched in review[["kind", "matched"]].itertuples(index=False):
        assert matched in text
        rebuilt = rebuilt.replace(f"[{kind}]", "", 1) if f"[{kind}]" not in text else rebuilt
    if not any(f"[{kind}]" in text for kind in review["kind"]):
        assert len(rebuilt) == len(text) - review["matched"].str.len().sum()


def listed_texts():
    """Kind, text and the pieces of it that identify, from a list older than the rules."""
    kind, found = None, []
    for line in Path(__file__).with_name("texts.txt").read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[[^\]]*\]", line):
            kind = line[1:-1]
        elif line and not line.startswith("#"):
            found.append((kind, re.sub("[⟦⟧]", "", line), re.findall("⟦(.*?)⟧", line)))
    return found


def test_recall_and_false_alarms_on_texts_that_are_older_than_the_rules():
    texts = listed_texts()
    told = [(kind, text, pieces) for kind, text, pieces in texts if pieces]
    innocent = [text for _, text, pieces in texts if not pieces]
    assert len(told) >= 130
    assert len(innocent) >= 75

    missed = [(k, text) for k, text, pieces in told if any(p in mask(text)[0] for p in pieces)]
    alarms = [text for text in innocent if mask(text)[1]]
    # With all rules: 120 of 120 numbers and addresses, 7 of 12 names, 1 false alarm in 78. The first
    # rules found 42 and 4, with one false alarm too.
    numbers = [text for kind, text in missed if kind != "names"]
    assert 1 - len(numbers) / sum(kind != "names" for kind, *_ in told) >= 0.98, numbers
    assert sum(kind == "names" for kind, _ in missed) <= 5, missed
    assert len(alarms) / len(innocent) <= 0.02, alarms


@pytest.mark.parametrize(
    "text",
    [
        "Ask Priya about it, she runs the course",
        "Everybody calls him Big Tam at the depot",
        "ring me on oh seven seven double oh nine hundred",
        "my address is dana, then the at sign, then example, then com",
        "We are the firm that lost the tram contract in spring",
        "I am the only blacksmith in Lerwick",
    ],
)
def test_what_the_chapter_says_masking_cannot_catch_passes(text):
    assert mask(text)[0] == text


def test_the_list_says_where_it_comes_from():
    head = Path(__file__).with_name("texts.txt").read_text(encoding="utf-8").partition("\n\n")[0]
    assert "was not written from" in head  # texts that rules were made for would praise them
    assert "made up" in head


# Each rule that needs more than a shape, from both sides. IBANs and cards: of the banks' examples.
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GB29 NWBK 6016 1331 9268 19 for it", "[bank account] for it"),
        ("GB29 NWBK 6016 1331 9268 18 for it", None),
        ("IBAN GB29 NWBK 6016 1331 9268 18", "IBAN [bank account]"),
        ("4012-8888-8888-1881", "[card]"),
        ("4012-8888-8888-1882", None),
        ("2001:db8::1, 64:ff9b::192.0.2.1", "[IP address], [IP address]"),
        ("12:34:56, 1:2:3:4, aa:bb:cc:dd:ee:ff, std::cout, section 4.2.1.3", None),
        ("tw987654a, AA 12 34 56 B", "[national number], [national number]"),
        ("AA 12 34 56 H", None),
        ("we 10 20 30 a day", None),
        ("sam at firm dot com", "[e-mail]"),
        ("we worked at the dot com", None),
        ("12 May 1979", None),
        ("born on 12 May 1979", "born on [date of birth]"),
        (
            "Level 62012 Teams, 12000 Learners and 15000 Euro",
            "Level [postcode], 12000 Learners and 15000 Euro",
        ),
        ("SIC 62012 Software", None),
        ("A4 PDF, M25 AND S7 PLC", None),
        ("reg A4 PDF", "reg [number plate]"),
        ("staff number 123456789012345", "staff number [personal number]"),
        ("learner numbers 12000 to 15000", None),
    ],
)
def test_shapes_that_need_a_cue_or_check_digits(text, masked):
    assert mask(text)[0] == (masked or text)


# Wholly masked, cue apart; numbers are of the formats' own examples, or made up.
WHOLE = {
    "e-mail": [
        "john dot smith at example dot com", "kim underscore li at example dot co dot uk",
        "jo -at- example -dot- org", "jo<at>example.com", "jo(a)example.com", "jo @ example . com",
        "jo at gmail com", "jo%40example.com", "jo &#64; example.com", "jo＠example。com",
        "j\u200bo@exa\u00admple.com",
    ],
    "telephone": [
        "０７７００ ９００１２３", "o7700 900123", "(0)7700 900123", "01 234 5678",
        "138 0013 8000", "(11) 98765-4321", "0412 345 678", "+34 612 34 56 78", "090-1234-5678",
        "044 668 18 00", "021 123 4567", "0 7 7 0 0 9 0 0 1 2 3",
    ],
    "national number": [
        "CPF 123.456.789-09", "RSSMRA85T10A562S", "12345678Z", "X1234567L", "811218-9876",
        "MORGA657054SM9IJ", "0000-0002-1825-0097",
    ],
    "number plate": ["1HGCM82633A004352"],
    "postcode": [
        "K1A 0B1", "D02 AF30", "8001 Zürich", "1012 AB Amsterdam", "CH-8001 Zürich", "00-950 Warszawa",
        "113 47 Stockholm", "Sydney NSW 2000", "01310-100 São Paulo", "〒100-0001", "Lisboa 1100-148",
    ],
    "coordinates": ["55.9533, -3.1883", "GPS 52.5200, 13.4050", "///filled.count.soap"],
    "street": ["12 Leith Walk", "Unit 7, Seafield Industrial Estate"],
    "IP address": ["00:1B:44:11:3A:B7"],
    "bank account": ["0x742d35Cc6634C0532925a3b844Bc454e4438f44e"],
}  # fmt: skip
CUED = {
    "national number": [
        ("NHS no. ", "943 476 5919"), ("my UTR is ", "12345 67890"), ("tax reference ", "123/AB456"),
        ("Steuer-ID ", "12 345 678 901"), ("VAT number ", "GB123456789"), ("PPS number ", "1234567T"),
        ("Passport no. ", "53 340 1372"), ("my passport ", "C01X00T47"), ("EIN ", "12-3456789"),
        ("driver's license ", "D1234567"), ("BSN ", "123456782"), ("company number ", "SC123456"),
    ],
    "personal number": [("my student number is ", "s1234567")],
    "date of birth": [
        ("born on the ", "third of May 1979"), ("born on ", "May third, nineteen seventy-nine"),
        ("my birthday is ", "3 May"), ("Born in ", "May 1979"),
        ("born on the ", "12th of June nineteen eighty"), ("geboren am ", "3. März 1979"),
    ],
    "postcode": [("Eircode ", "A65 F4E2"), ("postcode ", "2000")],
    "handle": [("my linkedin is ", "jo-park-12"), ("Snapchat ", "jo_p99")],
    "name": [
        ("my manager ", "Jo Park"), ("speak to ", "Jo Park"), ("Signed, ", "Jo Park"),
        ("Name: ", "Jo Park"), ("Yours sincerely, ", "J Park"), ("I'm ", "Jo Park"),
    ],
}  # fmt: skip
TOWNS = re.compile(
    r"[ ]?\b(?:Zürich|Amsterdam|Warszawa|Stockholm|São Paulo|Lisboa|Sydney NSW|GPS|CPF)[ ]?"
)


@pytest.mark.parametrize("kind", WHOLE)
def test_shapes_of_many_countries_and_ways_of_writing(kind):
    assert {text: TOWNS.sub("", mask(text)[0]) for text in WHOLE[kind]} == dict.fromkeys(
        WHOLE[kind], f"[{kind}]"
    )


@pytest.mark.parametrize("kind", CUED)
def test_shapes_that_a_word_before_them_tells(kind):
    masked = {cue + hit: mask(cue + hit)[0] for cue, hit in CUED[kind]}
    assert masked == {cue + hit: f"{cue}[{kind}]" for cue, hit in CUED[kind]}


# Each is close to a rule above.
INNOCENT = """
We look at gmail and outlook for mail; look at scale. In 2019 we grew
a dash of dot com firms at large, working @ scale. Net effect: none
I was born in Scotland; the idea was born in 2019, in the second year; my birthday party was fun
VAT is 20% on 12000, 15000 a year; tax code 1257L, tax year 2019/20, license 2019-2020
the digital skills passport 2025 edition, a passport to 30 jobs, student numbers 12000 to 15000
CHI squared 12.5, original sin 2020, company registration in 2019, nie 12 Leute
Speak to Human Resources, contact Student Services, call Learning Support on Monday
I am Managing Director of it, I am Head Chef, I'm HR Manager; my boss I think agrees
Course name: Python Basics. Thanks, but no; signed, sealed and delivered
Level D02 AF and unit F12 2019, F24 2019, SCQF H12 3456
2024 Oslo conference, 2019 Vienna meeting, in Porto 2019, Auckland 2023
B-2019 Update, E-10 fuel, A-1010 model, ISO 27001-2013, Equality ACT 2010, WA 2019
10-150 People, 50-100 Learners, 12-345 parts, 100 20 Learners, 130 2020 2021
0.1234, 0.5678 are the p values; mean 3.4012, 4.5023; a 3.1415 and 2.7182 ratio
12-34-56-78-90-12, 201920-2021, 240615-1234, 12345678A, 20240501T, 0000-0001
Instagram is great, Twitter: never, linkedin learning2020, LinkedIn top10 lists; reg 2019
""".strip().splitlines()


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_resembles_them_stays(text):
    assert mask(text) == (text, {})


# A pattern that starts over inside a run, or backtracks into it, would need about 10^9 steps here.
@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        "a@",
        "1",
        "+1 ",
        "0 1",
        "www.",
        "http://",
        "Dr A ",
        "ask for A ",
        "A-",
        "a.com/",
        "@a",
        "a at ",
        "a dot ",
        "a at a dot ",
        "GB12",
        "12 ",
        "1.",
        "0:",
        ":",
        "4111 ",
        "born ",
        "A1-",
        "DOB 1",
        "1 Aa ",
        "no. is ",
        "1-",
        "Rue ",
        "Aastra",
        "1 rue de ",
        "VAT 1a ",
        "AB1",
        "birthday first of ",
        "I am Aa Aa ",
        "a\u0301",
    ],
)
def test_a_long_hostile_text_comes_to_an_end(unit):
    text = (unit * 30_000)[:30_000]
    masked, counts = mask(text, ["Jean Muir", "aaaa"])
    assert len(masked) == len(text) if not counts else masked != text


def test_all_answers_and_the_table_for_review():
    texts = pd.Series(
        {7: "Ask for Jean Muir on 01632 960123", 8: None, 9: "More time", 4: "jean@example.org"},
        name="persuade",
    )
    before = texts.copy()
    masked, review = mask_all(texts, ["More"])
    pd.testing.assert_series_equal(texts, before)
    assert masked.name == "persuade"
    assert masked.index.tolist() == [7, 8, 9, 4]
    assert masked[7] == "Ask for [name] on [telephone]"
    assert masked.isna().tolist() == [False, True, False, False]
    assert review.values.tolist() == [
        [7, "name", "Jean Muir"],
        [7, "telephone", "01632 960123"],
        [9, "name", "More"],
        [4, "e-mail", "jean@example.org"],
    ]


def test_answers_that_are_all_missing():
    masked, review = mask_all(pd.Series([None, None], dtype="str"))
    assert masked.isna().all()
    assert review.columns.tolist() == ["respondent", "kind", "matched"]
    assert review.empty
