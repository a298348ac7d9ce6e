"""The shapes of what tells who somebody is: addresses, numbers, plates, names after a cue.

Every quantifier is bounded or possessive, and no match starts inside a run of the characters that
it begins with, so the time grows with the length of a text whatever the text holds. A number that
prices, years or course codes share a shape with counts only where a word says what it is, or where
its check digits agree.
"""

import ipaddress
import re

NUMBERED = r"(?:[ ]?(?:numbers?|nos?|nr|code|id)\b\.?)?[ ]?(?:is|was|are|[:#=])?[ ]{0,2}"  # "no.: "


# ---- e-mail, the web, handles

EMAIL = (
    r"(?<![\w.+'’-])[\w.+'’-]++(?: ?(?:@|%40|&#64;|[(\[{<]at?[)\]}>]) ?[\w-]++(?:\.[\w-]++)++"
    r"| ?@ ?[\w-]++ ?\. ?(?-i:com|org|net|edu|ac|co|gov)(?: ?\. ?uk)?(?!\w))"
)

# Endings after which a bare name is an address; not .it or .so, which also start a sentence.
ENDINGS = r"(?:ac|co|gov|org|sch|nhs)\.uk|com|org|net|edu|gov|info|biz|io|ai|eu|uk|scot|wales|ie"
WEB = (
    r"(?:https?://|(?<!\w)www\.)[^\s<>\"]++"
    rf"|(?<![\w.-])[a-z0-9-]++(?:\.[a-z0-9-]++)*?\.(?:{ENDINGS})(?![\w-])(?:/[^\s<>\"]*+)?"
)

# "name at firm dot com", where "the dot com boom" is none.
SPELT_EMAIL = (
    r"(?<![\w.+'’-])(?:[\w+'’-]{1,30}+\s(?:dot|underscore|dash|hyphen)\s){0,3}"
    r"[\w.+'’-]++(?:\sat\s(?:gmail|googlemail|hotmail|icloud|outlook|yahoo)[\s.](?:com|co[ .]uk|de"
    r"|fr)(?!\w)|"
    r"(?:\s?(?:@|[(\[{<]\s?at\s?[)\]}>])\s?|\s-?at-?\s)"
    r"(?!(?:the|an?|this|that|any|every|our|my|your|some)\b)[\w-]++"
    r"(?:(?:\.|\s?[(\[{]dot[)\]}]\s?|\sdot\s)[\w-]{1,63}){0,3}?"
    r"(?:\s?[(\[{<]\s?dot\s?[)\]}>]\s?|\s-?dot-?\s)"
    r"(?:ac|biz|co|com|de|edu|eu|fr|gov|ie|in|info|io|net|org|uk|us)"
    r"(?:(?:\s?[(\[{]dot[)\]}]\s?|\sdot\s)(?:in|uk))?(?!\w))"
)
HANDLE = r"(?<![\w@.])@(?=[\w.]{0,20}[a-z_])\w[\w.]{2,29}+|(?<!\w)[a-z][\w.]{1,31}#\d{4}(?!\d)"
_SITE = (
    r"(?:twitter|instagram|insta|tiktok|telegram|discord|skype|mastodon|snapchat|facebook|fb|linkedin)"
    r"(?: (?:handle|name|id|user(?:name)?|account|profile))"
)
CUED_HANDLE = (
    rf"\b(?:(?:my|our) {_SITE}?|{_SITE})(?: is |: ?)(?P<hit>@?(?!(?:a|the|not|my"
    rf"|our)\b)[\w.-]{{3,40}})",
    rf"\b{_SITE}?(?: is | ?: ?| )(?P<hit>@?[a-z](?=[a-z.-]{{0,20}}[_\d])"
    rf"(?=[a-z\d.-]{{0,20}}[_.-])[\w.-]{{2,40}})",
)


# ---- money and papers

IBAN = r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?!\w)"
CUED_IBAN = r"\bIBAN\b[ :]{0,3}(?:is )?(?P<hit>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){2,8})(?!\w)"
ACCOUNT = (
    r"\b(?:sort[ ]?code|account (?:number|no\.?)|a/c(?: no\.?)?|account|BLZ|Konto(?:nummer)?)[ :]{0,3}"
    r"(?:is )?(?P<hit>\d{2}[ -]\d{2}[ -]\d{2}(?![ -]?\d)|\d{6,12}(?![\d.,]))"
)
PURSE = r"(?<!\w)(?:0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,59}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?!\w)"
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
    r"|(?<!\w)[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?!\w)"  # Italy
    r"|(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w.])"  # Brazil
    r"|(?<!\w)[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}(?!\w)"  # who may drive in Britain
    r"|(?<![\d-])0000-000\d-\d{4}-\d{3}[\dX](?![\w-])"  # ORCID
)
SPANISH = r"(?<!\w)(?:\d{8}|[XYZ]\d{7})-?[A-Z](?!\w)"
SWEDISH = r"(?<![\w-])(?:(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4})(?![\w-])"
# Letters and digits in groups, six digits or more.
_MIXED = (
    r"(?=(?:[A-Z]{0,6}[ ./-]?[A-Z]{0,2}\d){6})[A-Z]{0,6}[ ]?\d[A-Z\d]{0,15}(?:[ ./-]"
    r"(?=[A-Z]{0,2}\d)[A-Z\d]{1,10}){0,6}"
)
CUED_TAX = (
    r"\b(?:UTR|TFN|ABN|EIN|ITIN|SIN|BSN|PPSN?|CPF|CNPJ|DNI|NIE|NIF|CPR|PESEL|CHI|NHS|AHV|VAT|TVA"
    r"|P\. ?IVA"
    r"|USt-?Id(?:-?Nr)?|St-?Nr|Steuer-?(?:nummer|nr|ID(?:-?nr)?)|tax(?:payer)?(?:['’]s)? "
    r"(?:id(?:entification)?|number|no|ref(?:erence)?|file)|codice fiscale|person(?:al)?nummer"
    r"|matric(?:ulation)?"
    r"|(?:passport|driv(?:er|ing)(?:['’]?s)? licen[cs]e|licen[cs]e(?= n)|company (?:reg"
    r"(?:istration)?|number|no)))\b\.?"
    rf"{NUMBERED}(?P<hit>{_MIXED})(?![\w%]|[.,]\d)"
)
CUED_SECURITY = (
    r"\b(?:SSN|NINO|NI (?:number|no)|national insurance|social security|s[ée]cu(?:rit[ée] sociale)?"
    r"|Sozialversicherungs(?:nummer|nr)|Aadhaar|Aadhar|UID|PAN)\b\.?"
    rf"{NUMBERED}(?P<hit>[A-Z]{{0,2}}[ ]?\d(?:[ -]?\d){{5,14}}(?:[ -]?[A-D]\b)?)(?!\d)"
)
PERSONAL = (
    r"\b(?:(?:employee|staff|student|matric(?:ulation)?|candidate|learner|customer|client|member"
    r"(?:ship)?|payroll|policy"
    r"|licen[cs]e|patient|user|registration|personal)[ ]?(?:number|no\.?|nr\.?|id|ref(?:erence)?)"
    r"|passport)\b"
    rf"\.?{NUMBERED}(?P<hit>[A-Z]{{0,3}}[ -]?\d(?:[ -]?\d){{4,14}})(?![\d%]|[.,]\d)"
)


# ---- machines and vehicles

IP = (
    r"(?<![\w.:+])(?<!version )(?<!section )(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]"
    r"|2[0-4]\d|1?\d?\d)"
    r"(?::\d{1,5})?(?![\w:]|\.\d)|(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?<=:)\d{1,3}"
    r"(?:\.\d{1,3}){3})?(?![\w:]|\.\d)"
)
MACHINE = (
    r"(?<![\w:-])(?=[A-F:-]{0,14}\d)(?=[\d:-]{0,15}[A-F])[0-9A-F]{2}(?P<part>[:-])"
    r"(?:[0-9A-F]{2}(?P=part)){4}[0-9A-F]{2}(?![\w:-])"
)
VEHICLE = r"(?<!\w)(?=[A-Z\d]{0,10}[A-Z])[A-HJ-NPR-Z\d]{9}[A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z\d]\d{6}(?!\w)"
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
    r"(?i:is )?[ ]?(?P<hit>(?=[A-Z -]{0,6}\d)(?=[\d -]{0,6}[A-ZÄÖÜ])[A-ZÄÖÜ0-9]{1,7}"
    r"(?:[ -][A-Z0-9]{1,4}){0,3}"
    r"(?<=\w{2}))(?!\w)"
)


# ---- when somebody was born

_MONTH = (
    r"(?:Jan|F[eé][bv]|M[aä]r|A[pv]r|Ma[iy]|Ju[ln]|Aug|Sep|O[ck]t|Nov|De[cz]|juin|juil"
    r"|août)[a-zéû]{0,6}\.?"
)
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_YEAR = (
    r"(?:\d{4}|\d{2}(?!\d)|(?:nineteen|twenty|two thousand)(?:[ -](?:and |oh )?(?:twenty|thirty"
    r"|forty|fifty|sixty"
    rf"|seventy|eighty|ninety|ten|eleven|twelve|[a-z]{{3,5}}teen|{_ONES})(?:[ -]{_ONES})?)?)"
)
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?|(?:twenty[ -]|thirty[ -])?(?:first|second|third|fourth|fifth"
    r"|sixth|seventh"
    r"|eighth|ninth)|tenth|eleventh|twelfth|[a-z]{4,6}teenth|twentieth|thirtieth)"
)
_DATE = (
    r"(?:\d{1,4}[./ -]\d{1,2}[./ -]\d{2,4}"
    rf"|{_DAY} ?(?:of |de )?[^\W\d_]{{3,9}}\.?,? {_YEAR}|[^\W\d_]{{3,9}}\.? {_DAY},? {_YEAR}"
    rf"|(?:{_DAY} (?:of )?)?{_MONTH}(?:,? {_YEAR})?)(?!\w)"
)
BIRTH = (
    r"(?:\bDOB\b|\bD\.O\.B\b\.?|\b(?:birth ?(?:day|date)|date of birth|born|geboren|Geburts"
    r"(?:datum|tag)|née?"
    rf"|date de naissance)\b)(?:[ :]{{1,2}}(?:is|was|on|in|the|am|le)\b){{0,3}}[ :]{{0,3}}"
    rf"(?P<hit>{_DATE})"
)


# ---- telephones

# At most two signs between digits: "(0131) 496 0123" is one number, "0 - 5" and "10, 20" are not.
GAP = r"[ \u00a0().\-–]{0,2}"
TELEPHONE = (
    r"(?<!\d)(?<!\d[.,])(?:"
    rf"(?:\(?\+|00){GAP}[1-9](?:{GAP}/?\d){{6,14}}"  # international
    rf"|44(?:{GAP}\d){{10,11}}"  # the same, its + left out
    rf"|(?:\(0\) ?|\(?[0Oo](?=[1-9]))[1-9](?:{GAP}\d){{8,9}}"  # United Kingdom: 10 or 11 digits
    r"|0(?: [1-9])(?: \d){9}(?! ?\d)|0[1-9] \d{3} \d{4}"  # digit by digit; Ireland
    r"|1[3-9]\d[ -](?!(?:19|20)\d\d)\d{4}[ -](?!(?:19|20)\d\d)\d{4}"
    r"|\(?[1-9]\d\)? ?9\d{4}-\d{4}"  # China, Brazil
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
    r"|T[NX]|UT|V[AT]|W[AIVY]) \d{2}(?!000)\d{3}(?:-\d{4})?(?![\w-])"
)
NOT_A_PLACE = (
    r"(?<![\w.,£$€-])(?<!SIC )(?<!NACE )(?<!SOC )(?<!ISCO )(?<!ISO )(?<!EN )(?<!DIN )(?<!IEC )"
    r"(?<!BS )(?<!code )"
    r"(?<!Code )(?<!codes )"
)
TOWN_POSTCODE = (
    rf"{NOT_A_PLACE}(?<!-)\d{{5}}-\d{{4}}(?![\w-])|"
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
CANADIAN = r"(?<!\w)[ABCEGHJ-NPR-TVXY]\d[ABCEGHJ-NPR-TV-Z] ?\d[ABCEGHJ-NPR-TV-Z]\d(?!\w)"
IRISH = r"(?<!\w)(?:[AC-FHKNPRTV-Y]\d{2}|D6W) (?=\d*[A-Z])(?=[A-Z]*\d)[AC-FHKNPRTV-Y\d]{4}(?!\w)"
# Four digits are years: only beside a state, a sign of the country or a large town.
_TOWN = (
    r"(?:Amsterdam|Rotterdam|Utrecht|Den Haag|Eindhoven|Groningen|Bruxelles|Brussels?|Antwerp(?:en)?"
    r"|Gh?ent|Leuven"
    r"|Z[uü]rich|Bern|Basel|Gen[eè]ve|Geneva|Lausanne|Luzern|Wien|Vienna|Graz|Linz|Salzburg"
    r"|Innsbruck|Oslo|Bergen"
    r"|Trondheim|København|Copenhagen|Aarhus|Odense|Stockholm|Göteborg|Malmö|Uppsala|Warszawa|Warsaw"
    r"|Kraków|Łódź"
    r"|Wrocław|Poznań|Gdańsk|Lisboa|Lisbon|Porto|Tokyo|Osaka|Kyoto|Auckland|Wellington|Christchurch"
    r"|Budapest)"
)
FAR_POSTCODE = (
    r"(?<![\w.,£$€-])(?:(?!(?:19|20)\d\d )\d{4}(?: [A-Z]{2}|-\d{3})?|\d{2}-\d{3}|\d{3} \d{2}"
    r"|\d{3}-\d{4})"
    rf"(?= {_TOWN}(?!\w))"
    rf"|(?:(?<=Auckland )|(?<=Lisboa )|(?<=Porto )|(?<=Wellington ))(?:(?!(?:19|20)\d\d)\d{{4}}"
    rf"(?:-\d{{3}})?)(?![\d-])"
    r"|(?<!\w)(?:CH|DK|SE|NL|PL|FIN|[ABLN])-(?!(?:19|20)\d\d )(?:\d{4,5}|\d{2}-\d{3}|\d{3} \d{2})"
    r"(?= [A-ZÄÖÜŁ][a-zß-ž]{2})"
    r"|(?<=NSW )\d{4}(?!\d)|(?<=QLD )\d{4}(?!\d)|(?<=VIC )3\d{3}(?!\d)|(?<=TAS )7\d{3}(?!\d)|"
    r"(?<=WA )6\d{3}(?!\d)"
    r"|〒 ?\d{3}-\d{4}|(?<![\w.-])\d{5}-\d{3}(?![\w-])"
)
PLACE = (
    r"(?<![\w.])(?:-?[1-8]?\d\.\d{4,9},\s?-1?\d{1,2}\.\d{4,9}"
    r"|-?[1-8]?\d\.\d{5,9},\s?-?1?\d{1,2}\.\d{5,9}"
    r"|(?:(?<=GPS )|(?<=oordinates ))-?[1-8]?\d\.\d{2,9},\s?-?1?\d{1,2}\.\d{2,9})(?![\w.])"
    r"|/{3}[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}"
    r"|(?<=what3words )[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}(?!\w)"
)
CUED_FAR_POSTCODE = (
    r"\b(?:(?:postal ?|post ?|eir)code|CEP|PLZ|code postal)[ :]{0,3}(?:is )?"
    r"(?P<hit>(?<!CEP )\d{4}(?! [a-z])|\d{5}-\d{3}|[A-Z]\d[\dW] ?[A-Z\d]{4})(?![\w%]|[.,]\d)"
)
STREET = (
    r"(?<![\w.,£$€-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’-]{1,30} ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Court|Crescent|Way|Terrace|Gardens|Square"
    r"|Boulevard|Blvd|Walk|Row|Wynd|Grove|Mews|Quay|Wharf|Brae|Parade)\b"
    r"|\b(?:Unit|Flat|Suite|Apartment|Apt) \w{1,4},? (?:[A-Z][\w'’-]{1,30} ){1,3}"
    r"(?:(?:Industrial|Trading|Retail|Business|Science) (?:Estate|Park)|House)\b"
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
# A first name and a family name, or a first name at the end of what somebody wrote.
PERSON = r"(?:[A-ZÀ-Ý][a-zß-ÿ'’]{1,30}|[A-Z]\.?) [A-ZÀ-Ý][\w'’-]{2,40}"
NOBODY = (
    r"(?:Human|Head|Senior|Chief|General|Managing|Lead|Skills|Customer|The|Your|Our|All|Any|Learning"
    r"|Training"
    rf"|Business|Quality|Open|Very|Local|Each|Both|More|Every|Student|Digital|Young|Big|Small|Fenced"
    rf"|Of|Not"
    rf"|Further|Higher|Public|Private|Social|{NOT_NAMES[3:-1]})\b"
)
CUED_NAMES = (
    rf"\b(?:[Cc]ontact|[Ss]peak (?:to|with)|[Tt]alk (?:to|with)|[Cc]all|[Rr]ing|[Ee]-?mail|I(?:['’]m"
    rf"| am))"
    rf"\s(?!{NOBODY})(?P<hit>{PERSON})(?=\s(?:on|at|of|from|and|in|about|for)\b|[.,;!?]|\s*$)"
    rf"(?<!Team)(?<!Office)(?<!Department)(?<!College)(?<!University)(?<!Council)(?<!Manager)"
    rf"(?<!Director)(?<!Ltd)(?<!Services)"
    r"(?<!Skills)(?<!People)(?<!Employers)(?<!Support)(?<!Resources)",
    r"\b(?:[Mm]y|[Oo]ur) (?:line )?(?:manager|boss|director|supervisor|owner|colleague|tutor|trainer"
    r"|wife"
    rf"|husband|son|daughter|CEO),?\s(?!{NOBODY})(?!(?:And|But|He|If|In|It|She|So|They|This|We|When"
    rf"|Who)\b)"
    r"(?P<hit>[A-ZÀ-Ý][a-zß-ÿ'’]{1,30}(?:\s[A-ZÀ-Ý][\w'’-]{1,40})?)",
    rf"(?:^|[.;\n]\s?|\b(?:[Ff]ull|[Ff]irst|[Ll]ast|[Cc]ontact"
    rf"|[Mm]y)\s)[Nn]ame\s?[:–-]\s?(?P<hit>{NAME})",
    r"\b(?:[Tt]hanks|[Tt]hank you|[Cc]heers|[Bb]est(?: wishes)?|[Ss]igned|[Ss]incerely|[Ff]aithfully"
    r"|[Tt]ruly)"
    rf"[,:]\s{{1,3}}(?P<hit>{NAME})\s*$",
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


def spanish_end(text):
    """The length of a number of Spain's identity card, 0 where its letter is another."""
    digits = text[0].translate(str.maketrans("XYZ", "012")) + text[1:-1].removesuffix("-")
    return len(text) if "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == text[-1] else 0


def swedish_end(text):
    """The length of a Swedish personal number, 0 where its digits do not add up."""
    return len(text) if adds_up(text[-11:]) else 0


# In this order: what an earlier kind has taken, a later one does not see. A rule with a fourth part
# asks it how much of what it found is meant.
RULES = (
    ("e-mail", re.compile(EMAIL, re.IGNORECASE)),
    ("e-mail", re.compile(SPELT_EMAIL, re.IGNORECASE)),
    ("web address", re.compile(WEB, re.IGNORECASE)),
    ("bank account", re.compile(IBAN, re.IGNORECASE), iban_end),
    ("bank account", re.compile(CUED_IBAN, re.IGNORECASE)),
    ("bank account", re.compile(PURSE)),
    ("card", re.compile(CARD), card_end),
    ("national number", re.compile(SECURITY)),
    ("national number", re.compile(SPANISH), spanish_end),
    ("national number", re.compile(SWEDISH), swedish_end),
    ("national number", re.compile(CUED_TAX, re.IGNORECASE)),
    ("national number", re.compile(CUED_SECURITY, re.IGNORECASE)),
    ("telephone", re.compile(TELEPHONE, re.IGNORECASE)),
    ("telephone", re.compile(CUED_TELEPHONE, re.IGNORECASE)),
    ("IP address", re.compile(MACHINE, re.IGNORECASE)),
    ("postcode", re.compile(FAR_POSTCODE)),
    ("postcode", re.compile(CANADIAN)),
    ("postcode", re.compile(IRISH)),
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
    ("number plate", re.compile(VEHICLE)),
    ("postcode", re.compile(US_POSTCODE)),
    ("postcode", re.compile(CUED_POSTCODE, re.IGNORECASE)),
    ("postcode", re.compile(CUED_FAR_POSTCODE, re.IGNORECASE)),
    ("postcode", re.compile(TOWN_POSTCODE)),
    ("street", re.compile(STREET)),
    ("coordinates", re.compile(PLACE)),
    ("handle", re.compile(HANDLE, re.IGNORECASE)),
    *(("handle", re.compile(cue, re.IGNORECASE)) for cue in CUED_HANDLE),
    *(("name", re.compile(cue)) for cue in CUED_NAMES),
)
