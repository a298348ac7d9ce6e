"""The shapes of what tells who somebody is: addresses, numbers, plates, names after a cue.

Every quantifier is bounded or possessive, and no match starts inside a run of the characters that
it begins with, so the time grows with the length of a text whatever the text holds. A number that
prices, years or course codes share a shape with counts only where a word says what it is, or where
its check digits agree.
"""

import ipaddress
import re

NUMBERED = (
    r"(?:[ ]?(?:numbers?|no\.?|nr\.?|nos?|code|id)\b)?[ ]?(?:is|was|are|[:#=])?[ ]{0,2}"  # "no.: "
)


# ---- e-mail, the web, handles

EMAIL = r"(?<![\w.+'’-])[\w.+'’-]++ ?(?:@|\(at\)|\[at\]) ?[\w-]++(?:\.[\w-]++)++"

# Endings after which a bare name is an address; not .it or .so, which also start a sentence.
ENDINGS = r"(?:ac|co|gov|org|sch|nhs)\.uk|com|org|net|edu|gov|info|biz|io|ai|eu|uk|scot|wales|ie"
WEB = (
    r"(?:https?://|(?<!\w)www\.)[^\s<>\"]++"
    rf"|(?<![\w.-])[a-z0-9-]++(?:\.[a-z0-9-]++)*?\.(?:{ENDINGS})(?![\w-])(?:/[^\s<>\"]*+)?"
)

# "name at firm dot com", where "the dot com boom" is none.
SPELT_EMAIL = (
    r"(?<![\w.+'’-])[\w.+'’-]++(?:\s?(?:@|[(\[{]\s?at\s?[)\]}])\s?|\sat\s)"
    r"(?!(?:the|an?|this|that|any|every|our|my|your|some)\b)[\w-]++"
    r"(?:(?:\.|\s?[(\[{]dot[)\]}]\s?|\sdot\s)[\w-]{1,63}){0,3}?(?:\s?[(\[{]\s?dot\s?[)\]}]\s?|\sdot\s)"
    r"(?:ac|biz|co|com|de|edu|eu|fr|gov|ie|in|info|io|net|org|uk|us)"
    r"(?:(?:\s?[(\[{]dot[)\]}]\s?|\sdot\s)(?:in|uk))?(?!\w)"
)
HANDLE = r"(?<![\w@.])@(?=[\w.]{0,20}[a-z_])\w[\w.]{2,29}+|(?<!\w)[a-z][\w.]{1,31}#\d{4}(?!\d)"
CUED_HANDLE = (
    r"\b(?:twitter|instagram|insta|tiktok|telegram|discord|skype|mastodon|snapchat)"
    r"(?: (?:handle|name|id|user(?:name)?|account))?(?: is |: ?)(?P<hit>@?(?!(?:a|the|not|my"
    r"|our)\b)[\w.-]{3,40})"
)


# ---- money and papers

IBAN = r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?!\w)"
CUED_IBAN = r"\bIBAN\b[ :]{0,3}(?:is )?(?P<hit>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){2,8})(?!\w)"
ACCOUNT = (
    r"\b(?:sort[ ]?code|account (?:number|no\.?)|a/c(?: no\.?)?|account|BLZ|Konto(?:nummer)?)[ :]{0,3}"
    r"(?:is )?(?P<hit>\d{2}[ -]\d{2}[ -]\d{2}(?![ -]?\d)|\d{6,12}(?![\d.,]))"
)
# The groups that cards are printed in, or none.
CARD = (
    r"(?<![\d.,-])(?:[2-6]\d{12,18}|[2-6]\d{3}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}"
    r"|3[47]\d{2}[ -]\d{6}[ -]\d{5})(?![\d-])"
)
# British; in small letters without those that no prefix has, and "we 10 20 30 a day" is none.
INSURANCE = (
    r"(?<!\w)(?:[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]"
    r"|(?![dfiquv])[a-z](?![dfiouqv])[a-z](?:\d{6}[a-d]"
    r"|[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[b-d]))(?!\w)"
)
SECURITY = (
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"  # United States
    r"|(?<!\d)[12] \d{2} (?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)"  # France
    r"|(?<!\w)\d{2} ?[0-8]\d[01]\d{3} ?[A-Z] ?\d{3}(?!\w)"  # Germany
    r"|(?<!\w)[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?!\w)"  # India's PAN
)
CUED_SECURITY = (
    r"\b(?:SSN|NINO|NI (?:number|no)|national insurance|social security|s[ée]cu(?:rit[ée] sociale)?"
    r"|Sozialversicherungs(?:nummer|nr)|Aadhaar|Aadhar|UID|PAN)\b\.?"
    rf"{NUMBERED}(?P<hit>[A-Z]{{0,2}}[ ]?\d(?:[ -]?\d){{5,14}}(?:[ -]?[A-D]\b)?)(?!\d)"
)
PERSONAL = (
    r"\b(?:(?:employee|staff|student|candidate|learner|customer|client|member(?:ship)?|payroll|policy"
    r"|licen[cs]e|patient|user|registration|personal)[ ]?(?:number|no\.?|nr\.?|id|ref(?:erence)?)"
    r"|passport|NHS)\b"
    rf"\.?{NUMBERED}(?P<hit>[A-Z]{{0,3}}[ -]?\d(?:[ -]?\d){{4,14}})(?![\d%]|[.,]\d)"
)


# ---- machines and vehicles

IP = (
    r"(?<![\w.:+])(?<!version )(?<!section )(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]"
    r"|2[0-4]\d|1?\d?\d)"
    r"(?::\d{1,5})?(?![\w:]|\.\d)|(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?<=:)\d{1,3}"
    r"(?:\.\d{1,3}){3})?(?![\w:]|\.\d)"
)
# Britain since 2001, France since 2009, Germany, India.
PLATE = (
    r"(?<![\w-])(?:[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}|[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"
    r"|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ -](?!(?:19|20)\d\d)\d{1,4}[EH]?"
    r"|(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK"
    r"|T[NRS]|U[KP]|WB)"
    r"[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4})(?![\w-])"
)
CUED_PLATE = (
    r"\b(?i:(?:number|licen[cs]e|registration|vehicle|car) ?plate|vehicle reg(?:istration)?|reg"
    r"(?:istration)?"
    r"|Kennzeichen|plaque(?: d['’]immatriculation)?|immatriculation)\b\.?(?i:[ ]?(?:number"
    r"|no\.?))?[ :]{0,2}"
    r"(?i:is )?[ ]?(?P<hit>(?=[A-Z -]{0,6}\d)[A-ZÄÖÜ0-9]{1,7}(?:[ -][A-Z0-9]{1,4}){0,3}"
    r"(?<=\w{2}))(?!\w)"
)


# ---- when somebody was born

_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}(?:st|nd|rd|th|er|\.)? ?(?:of "
    r"|de )?[^\W\d_]{3,9}\.?,? \d{2,4}"
    r"|[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?!\d)"
)
BIRTH = (
    r"(?:\bDOB\b|\bD\.O\.B\b\.?|\b(?:birth ?(?:day|date)|date of birth|born|geboren|Geburts"
    r"(?:datum|tag)|née?"
    rf"|date de naissance)\b)(?:[ :]{{1,2}}(?:is|was|on|the|am|le|in)\b){{0,3}}[ :]{{0,3}}"
    rf"(?P<hit>{_DATE})"
)


# ---- telephones

# At most two signs between digits: "(0131) 496 0123" is one number, "0 - 5" and "10, 20" are not.
GAP = r"[ \u00a0().\-–]{0,2}"
TELEPHONE = (
    r"(?<!\d)(?<!\d[.,])(?:"
    rf"(?:\(?\+|00){GAP}[1-9](?:{GAP}/?\d){{6,14}}"  # international
    rf"|44(?:{GAP}\d){{10,11}}"  # the same, its + left out
    rf"|\(?0[1-9](?:{GAP}\d){{8,9}}"  # United Kingdom: 10 or 11 digits
    r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}"  # North America
    r")(?!\d)(?: ?\(?(?:ext|extension|x)\b\.? ?\d{1,6}\)?)?"
)
# Short numbers, only where a word says what they are: "tel. 960123", "ring us on 496 0123".
CUED_TELEPHONE = (
    r"\b(?:tele|mobile |cell)?(?:phone|tel|mobile|mob|fax|call|ring|text|whatsapp)\b[.:]?"
    r"(?: (?:me|us|him|her|them|on|at|no|number|is|my|our|the|office)\b[.:]?){0,4} ?"
    r"(?P<hit>\d(?:[ .-]?\d){5,14})(?!\d|[.,]\d|%)"
)

# Germany with its slash, India's mobiles.
GERMAN_TELEPHONE = (
    r"(?<![\d.,/-])\(?0[1-9]\d{1,4}\)?(?: ?[/–-] ?| )\d{3,9}(?:[ -]\d{1,8}){0,3}(?![\d/]|[.,]\d)"
)
INDIAN_TELEPHONE = r"(?<![\d.,£$€-])(?:0|91[ -]?)?[6-9]\d{4}[ -]?\d{5}(?![\d%-]|[.,]\d)"


# ---- where: postcodes, streets

# The shapes of a whole postcode; an area alone, such as EH8, is no single place.
POSTCODE = (
    r"(?<!\w)(?:GIR|[A-PR-UWYZ](?:[0-9][0-9A-HJKPS-UW]?|[A-HK-Y][0-9][0-9A-HMNPRV-Y]?))"
    r"[ \u00a0]{0,2}[0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
)

# Five and six digits are also prices and codes: only beside a place, a state or a cue.
US_POSTCODE = (
    r"(?<!\w)(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA"
    r"|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY]) \d{2}(?!000)\d{3}(?:-\d{4})?(?![\w-])|(?<![\w.,-])\d{5}-\d{4}(?![\w-])"
)
NOT_A_PLACE = (
    r"(?<![\w.,£$€-])(?<!SIC )(?<!NACE )(?<!SOC )(?<!ISCO )(?<!ISO )(?<!EN )(?<!DIN )(?<!IEC )"
    r"(?<!BS )(?<!code )"
    r"(?<!Code )(?<!codes )"
)
TOWN_POSTCODE = (
    rf"{NOT_A_PLACE}\d{{2}}(?!000)\d{{3}} (?!Eur|Pound|Dollar|Mitarb|Stund"
    rf"|Pers)[A-ZÄÖÜÉ][a-zß-ÿ-]{{2,30}}(?!\w)"
    r"|(?<![\w-])(?:DE?|FR?)-\d{5}(?!\d)(?: [A-ZÄÖÜÉ][a-zß-ÿ-]{2,30})?"
    r"|(?<=[a-z])(?:[-–] ?|(?:(?<=mbai)|(?<=elhi)|(?<=lkata)|(?<=lore)|(?<=luru)|(?<=ennai)|"
    r"(?<=abad)|(?<=Pune)) )[1-9]\d{2} ?\d{3}(?![\d,.]|-\d)"
)
CUED_POSTCODE = (
    r"\b(?:postal ?code|post ?code|postcode|code postal|PLZ|Postleitzahl|zip(?: ?code)?|pin ?code"
    r"|pin)\b"
    r"[ :]{0,3}(?:is )?(?P<hit>\d{3} ?\d{3}|\d{5}(?:-\d{4})?)(?![\w%]|[.,]\d)"
)
STREET = (
    r"(?<![\w.,£$€-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’-]{1,30} ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Crescent|Way|Terrace|Gardens|Square"
    r"|Boulevard|Blvd)\b"
    r"|(?<!\w)[A-ZÄÖÜ][\wäöüß-]{0,40}?(?:stra(?:ß|ss)e|str\.|allee|gasse) \d{1,4}[a-z]?(?!\w)"
    r"|(?<![\w.,])\d{1,4}(?: (?:bis|ter))?,? (?:rue|avenue|boulevard|chemin|impasse|allée|quai)"
    r"(?: (?:de|du|des|la|le|les)\b){0,2} (?:[dl]['’])?[A-ZÀ-Ý][\w'’-]{1,30}"
    r"(?: [A-ZÀ-Ý][\w'’-]{1,30}){0,3}"
    r"|\b(?i:P\.? ?O\.? ?Box|Postfach) \d{1,6}(?!\w)"
)


# ---- names

# What follows the cues below with a capital and is no name: "ask for English", "Ms Excel".
NOT_NAMES = (
    "(?:Access|Azure|Basic|Dynamics|English|Excel|Gaelic|French|German|Highers?|Level|Maths?"
    "|Mathematics|Microsoft|National|Office|Outlook|PowerPoint|Project|Scottish|SharePoint"
    "|Spanish|Teams|Windows|Word)"
)
# A capital and a small letter, so that CVs and SVQs are not taken for names; or an initial.
WORD = rf"(?!{NOT_NAMES}\b)[^\W\d_a-z](?:[a-zß-ÿ'’][\w'’-]{{0,40}}|\.|(?=\s))"
PARTICLE = r"(?:(?:van|von|de|der|den|del|di|da|du|la|le|al|bin|ibn|ter)\s{1,3}){0,2}"
NAME = rf"{PARTICLE}{WORD}(?:\s{{1,3}}{PARTICLE}{WORD}){{0,3}}"
SMALL_NAME = r"(?!(?:in|known|not|on|the)\b)[a-z]{2,20}(?: [a-z]{2,20})?(?=\s{0,3}(?:[.,;!?]|$))"
CUED_NAMES = (
    rf"\b(?:[Mm]y name(?:['’]s| is)|I(?: a|['’])m called)\s{{1,3}}(?P<hit>{NAME}|{SMALL_NAME})",
    rf"\b(?<![Ww]e )(?<!hey )[Aa]sk (?:to speak )?(?:for|to|with)\s{{1,3}}(?P<hit>{NAME})",
    rf"\b[Rr]egards,?\s{{1,3}}(?P<hit>{NAME})",
    r"\b(?P<hit>(?:Mrs?|MRS?|Ms|Mx|Miss|Dr|DR|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Reverend"
    rf"|Cllr|Councillor)\b\.?\s{{1,3}}{NAME})",
    rf"\b(?P<hit>(?:mrs?|ms|dr)\b\.?\s{{1,3}}(?!(?i:{NOT_NAMES}|and|or)\b)[^\W\d_][\w'’-]{{1,40}})",
)


# ---- what the shape alone does not settle


def adds_up(number):
    """Whether the last digit of a card's number is the one that Luhn's rule asks for."""
    digits = [int(sign) for sign in reversed(number) if sign.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_iban(text):
    """Whether letters and digits leave the remainder 1 that ISO 13616 asks for."""
    signs = text.replace(" ", "").upper()
    turned = signs[4:] + signs[:4]
    return 15 <= len(signs) <= 34 and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def iban_end(text):
    """The length of the IBAN that a text starts with: "for" after it is none of it; 0 without."""
    ends = [len(text), *(m.start() for m in re.finditer(" ", text))]
    return next((end for end in sorted(ends, reverse=True) if is_iban(text[:end])), 0)


def ip_end(text):
    """The length of an address of a machine: 14:30:00 and section 4.2.1.3 are none."""
    digits = sum(map(str.isdecimal, text))
    if ":" not in text or "." in text.partition(":")[0]:
        return len(text) if digits > 5 else 0
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return 0
    return len(text) if len(text) > 5 and digits else 0


def card_end(text):
    """The length of a card's number, 0 where its digits do not add up."""
    return len(text) if adds_up(text) else 0


# In this order: what an earlier kind has taken, a later one does not see. A rule with a fourth part
# asks it how much of what it found is meant.
RULES = (
    ("e-mail", re.compile(EMAIL, re.IGNORECASE)),
    ("e-mail", re.compile(SPELT_EMAIL, re.IGNORECASE)),
    ("web address", re.compile(WEB, re.IGNORECASE)),
    ("bank account", re.compile(IBAN, re.IGNORECASE), iban_end),
    ("bank account", re.compile(CUED_IBAN, re.IGNORECASE)),
    ("card", re.compile(CARD), card_end),
    ("national number", re.compile(SECURITY)),
    ("national number", re.compile(CUED_SECURITY, re.IGNORECASE)),
    ("telephone", re.compile(TELEPHONE, re.IGNORECASE)),
    ("telephone", re.compile(CUED_TELEPHONE, re.IGNORECASE)),
    ("telephone", re.compile(GERMAN_TELEPHONE)),
    ("telephone", re.compile(INDIAN_TELEPHONE)),
    ("postcode", re.compile(POSTCODE, re.IGNORECASE)),
    ("national number", re.compile(INSURANCE)),
    ("bank account", re.compile(ACCOUNT, re.IGNORECASE)),
    ("personal number", re.compile(PERSONAL, re.IGNORECASE)),
    ("IP address", re.compile(IP, re.IGNORECASE), ip_end),
    ("date of birth", re.compile(BIRTH, re.IGNORECASE)),
    ("number plate", re.compile(PLATE)),
    ("number plate", re.compile(CUED_PLATE)),
    ("postcode", re.compile(US_POSTCODE)),
    ("postcode", re.compile(CUED_POSTCODE, re.IGNORECASE)),
    ("postcode", re.compile(TOWN_POSTCODE)),
    ("street", re.compile(STREET)),
    ("handle", re.compile(HANDLE, re.IGNORECASE)),
    ("handle", re.compile(CUED_HANDLE, re.IGNORECASE)),
    *(("name", re.compile(cue)) for cue in CUED_NAMES),
)
