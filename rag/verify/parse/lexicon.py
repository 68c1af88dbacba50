"""Word lists of the checker: numbers, units, months, negations, opposites, modals, quantifiers. Data only.

Owns: which words mean what; all of them in small letters, except the signs of currencies. Knows nothing about how they
are compared.

    numbers       CARDINALS, ORDINALS, SCALES, SPELLED_SCALES, FRACTIONS, ROMAN_NUMERALS, MEASURE_WORDS,
                  FALLING_WORDS
    measures      CURRENCIES, UNITS
    calendar      MONTHS, FULL_MONTHS, WEEKDAYS
    negation      NEGATIONS, DENYING_WORDS, NEGATION_IDIOMS
    direction     OPPOSITES
    qualifiers    MODALS, QUANTIFIERS
    words         MUTUAL_WORDS, LIGHT_WORDS, IRREGULAR_FORMS
"""

from __future__ import annotations

_GERMAN_ONES = "eins zwei drei vier fünf sechs sieben acht neun".split()
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
# Numbers in words with their values; the scales that can stand alone ("a hundred") among them. "Eins" counts as little
# as "one", and "elf" is an English word, too.
CARDINALS: dict[str, float] = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {
    word: float(10 * value)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
CARDINALS |= {word: float(value) for value, word in enumerate(_GERMAN_ONES[1:], start=2)}
CARDINALS |= {"zehn": 10.0, "zwölf": 12.0} | {
    word: float(value)
    for value, word in enumerate("dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(), start=13)
}
CARDINALS |= {word: float(10 * value) for value, word in enumerate(_GERMAN_TENS, start=2)}
CARDINALS |= {
    f"{'ein' if one == 'eins' else one}und{ten}": float(10 * tens + ones)
    for tens, ten in enumerate(_GERMAN_TENS, start=2)
    for ones, one in enumerate(_GERMAN_ONES, start=1)
}
# What a number before the word is multiplied by, spelled out or abbreviated.
SCALES: dict[str, float] = {
    "dozen": 12, "hundred": 100, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "lakh": 1e5, "million": 1e6,
    "millions": 1e6, "mn": 1e6, "mm": 1e6, "m": 1e6, "mio": 1e6, "crore": 1e7, "billion": 1e9, "billions": 1e9,
    "bn": 1e9, "b": 1e9, "mrd": 1e9, "trillion": 1e12, "trillions": 1e12, "tn": 1e12, "t": 1e12,
    "dutzend": 12, "hundert": 100, "tausend": 1e3, "tsd": 1e3, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9,
    "billionen": 1e12,
}  # fmt: skip
CARDINALS |= {word: SCALES[word] for word in ("dozen", "hundred", "thousand", "million", "billion", "trillion")}
CARDINALS |= {word: SCALES[word] for word in ("dutzend", "hundert", "tausend", "millionen", "milliarden", "billionen")}
# Scales that are words and no one- or two-letter abbreviations; "mio", "mrd" and "tsd" among them.
SPELLED_SCALES = tuple(word for word in SCALES if len(word) > 2)
# Ordinal numbers in words with their values.
ORDINALS: dict[str, float] = {
    word: float(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0}
# What a share is a part of: "two thirds".
FRACTIONS: dict[str, float] = {
    "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8,
    "eighths": 8, "tenth": 10, "tenths": 10, "drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10,
}  # fmt: skip
# Words for what a number measures, which the row of a table that has the number leaves out.
MEASURE_WORDS = frozenset(
    """fee fees price prices cost costs charge charges rate rates amount amounts number total value sum toll fare wage
    salary allowance limit gebühr preis kosten betrag anzahl wert summe satz""".split()
)
# Words of a line that a number goes down there: "fell by 5" is "(5)" in a table.
FALLING_WORDS = frozenset(
    """fall falls fell fallen drop drops dropped decline declines declined decrease decreases decreased decreasing lose
    loses lost loss losses shrink shrank shrunk reduce reduced reduction down lower less negative verlust minus sank
    gesunken rückgang verringerte""".split()
)

# Signs, codes and names of currencies, in capitals, each with the one name by which they are compared.
CURRENCIES = {
    "$": "dollar", "US$": "dollar", "USD": "dollar", "DOLLAR": "dollar", "C$": "canadian dollar",
    "CAD": "canadian dollar", "A$": "australian dollar", "AUD": "australian dollar", "€": "euro", "EUR": "euro",
    "EURO": "euro", "£": "sterling", "GBP": "sterling", "¥": "yen", "JPY": "yen", "YEN": "yen", "₹": "rupee",
    "INR": "rupee", "RUPEE": "rupee", "CHF": "franc", "CNY": "yuan", "RMB": "yuan", "₽": "ruble", "RUB": "ruble",
    "SEK": "swedish crown", "NOK": "norwegian crown", "DKK": "danish crown", "PLN": "zloty", "₩": "won", "KRW": "won",
    "BRL": "real", "R$": "real",
}  # fmt: skip

# Units as written, each with its base unit and how many of that one is: "km" is 1000 of "metre".
UNITS: dict[str, tuple[str, float]] = {}
for _base, _names in {
    "percent": "1:% percent per_cent pct prozent v._h.",
    "per mille": "1:‰ per_mille promille",
    "percentage point": "1:percentage_point percentage_points pp ppt prozentpunkt prozentpunkte prozentpunkten "
    "0.01:basis_point basis_points bps bp",
    "metre": "1e-9:nm nanometre nanometres nanometer nanometers 1e-6:µm micrometre micrometres micrometer micrometers "
    "0.001:mm millimetre millimetres millimeter millimeters 0.01:cm centimetre centimetres centimeter centimeters "
    "1:m metre metres meter meters 1000:km kms kilometre kilometres kilometer kilometers",
    "foot": "1:ft foot feet 3:yd yds yard yards 5280:mi mile miles",
    "inch": "1:inch inches",
    "nautical mile": "1:nautical_mile nautical_miles",
    "gram": "1e-6:µg microgram micrograms 0.001:mg milligram milligrams 1:g gram grams gramme grammes "
    "1000:kg kgs kilo kilos kilogram kilograms 1e6:tonne tonnes metric_ton metric_tons",
    "ton": "1:ton tons",
    "ounce": "1:oz ounce ounces",
    "pound": "1:lb lbs pound pounds",
    "second": "1e-9:ns nanosecond nanoseconds 1e-6:µs microsecond microseconds 0.001:ms millisecond milliseconds "
    "1:s sec secs second seconds 60:min mins minute minutes 3600:h hr hrs hour hours 86400:day days "
    "604800:week weeks 1:sekunde sekunden 60:minuten 3600:stunde stunden 86400:tag tage tagen 604800:woche wochen",
    "month": "1:month months monat monate monaten 12:year years yr yrs jahr jahre jahren jährig jährige jährigen",
    "decade": "1:decade decades",
    "byte": "1:byte bytes 1e3:kb kilobyte kilobytes 1e6:mb megabyte megabytes 1e9:gb gigabyte gigabytes "
    "1e12:tb terabyte terabytes",
    "square metre": "1:m2 m² sqm square_metre square_metres square_meter square_meters "
    "1e4:ha hectare hectares 1e6:km2 km² square_kilometre square_kilometres square_kilometer square_kilometers",
    "acre": "1:acre acres",
    "square mile": "1:square_mile square_miles",
    "square foot": "1:square_foot square_feet",
    "litre": "0.001:ml millilitre millilitres milliliter milliliters 1:l litre litres liter liters",
    "gallon": "1:gallon gallons",
    "celsius": "1:°c degrees_celsius degrees_centigrade",
    "fahrenheit": "1:°f degrees_fahrenheit",
    "degree": "1:° degree degrees",
    "kilometre an hour": "1:km/h kph kmh kilometres_per_hour kilometers_per_hour",
    "mile an hour": "1:mph miles_per_hour",
    "watt": "1:w watt watts 1e3:kw kilowatt kilowatts 1e6:mw megawatt megawatts 1e9:gw gigawatt gigawatts",
    "watt hour": "1:wh 1e3:kwh kilowatt_hours kilowatt-hours 1e6:mwh megawatt_hours",
    "volt": "1:v volt volts",
    "hertz": "1:hz hertz 1e3:khz 1e6:mhz 1e9:ghz",
}.items():
    _factor = 1.0
    for _word in _names.split():
        _number, _colon, _name = _word.rpartition(":")
        _factor = float(_number) if _colon else _factor
        UNITS[_name.replace("_", " ").casefold()] = (_base, _factor)

# The names of each month in several languages and short, the full English one first.
_MONTH_NAMES = (
    "january jan januar jänner janvier enero gennaio januari janeiro",
    "february feb februar février febrero febbraio februari fevereiro",
    "march mar märz mrz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro okt",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro dez",
)
# The number, 1…12, that each name of a month stands for.
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
# Names that are a month on their own; the short and the other foreign ones only beside a day or a year.
FULL_MONTHS = frozenset(names.split()[0] for names in _MONTH_NAMES) | frozenset(
    "januar februar märz mai juni juli oktober dezember".split()
)
# Days of the week in the singular.
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

# Words that deny what they speak of, in several languages.
NEGATIONS = frozenset(
    """not no never none nobody nothing neither nor nowhere without cannot hardly scarcely barely
    nicht kein keine keinen keiner keines nie niemals ohne ne pas jamais aucun aucune sans nunca ningún ninguna sin mai
    nessun nessuna senza niet geen nooit zonder não nenhum nenhuma sem bez nigdy inte icke ikke aldrig utan uden uten
    değil не нет ни без никогда нельзя ні δεν μη μην όχι χωρίς لا لم لن ليس ليست بدون دون לא אין בלי नहीं मत बिना
    不是 没有 沒有 不能 不会 不會 不得 不可 不再 并非 並非 无法 無法 未能 ない せん なか""".split()
)
# Verbs and other words that deny what follows them. One of the source may not be left out; one of the sentence is
# looked for as any word is.
DENYING_WORDS = frozenset(
    """unable lack lacks lacked lacking fail fails failed refuse refuses refused decline declines declined deny denies
    denied avoid avoids avoided prevent prevents prevented forbid forbids forbidden prohibit prohibits prohibited
    against instead unlikely impossible""".split()
)
# Phrases with a negation or a denying word that deny nothing, or that say a bound.
NEGATION_IDIOMS = (
    "not only", "not just", "not merely", "not least", "whether or not", "no less than", "not less than",
    "no fewer than", "not fewer than", "no more than", "not more than", "no later than", "not later than",
    "no longer than", "no earlier than", "no doubt", "no matter", "not to mention",
    "decline in", "decline of", "declines in", "declined by", "declined from", "declined in",
)  # fmt: skip

# Pairs of word groups: a word of the one group where the source has one of the other says the contrary.
OPPOSITES: tuple[tuple[str, str], ...] = (
    ("more greater larger bigger", "less fewer smaller"),
    ("higher above over upper top", "lower below under bottom"),
    ("longer", "shorter"),
    ("older elder", "younger"),
    ("faster quicker", "slower"),
    ("better best", "worse worst"),
    ("heavier", "lighter"),
    ("stronger strong", "weaker weak"),
    ("warmer hotter hot warm", "colder cooler cold cool"),
    ("cheaper cheap", "dearer expensive"),
    ("easy easier", "difficult harder hard"),
    ("long", "short"),
    ("large big great major huge", "small little minor tiny"),
    ("high", "low"),
    ("many", "few"),
    ("much", "little"),
    ("largest biggest greatest", "smallest least"),
    ("highest", "lowest"),
    ("longest", "shortest"),
    ("oldest", "youngest newest latest"),
    ("old", "new young"),
    (
        "increase increased increasing rise rises rose risen rising grow grows grew grown growing growth gain gained "
        "climb climbed expand expanded raise raised up upward",
        "decrease decreased decreasing fall falls fell fallen falling decline declined declining drop dropped dropping "
        "shrink shrank shrunk lose lost reduce reduced reduction down downward cut contract contracted",
    ),
    ("improve improved improving improvement", "worsen worsened worsening deteriorate deteriorated impair impaired"),
    ("strengthen strengthened", "weaken weakened"),
    ("promote promotes promoted stimulate stimulated enhance enhances enhanced activate activates activated induce "
     "induces induced upregulate upregulated upregulates",
     "inhibit inhibits inhibited suppress suppresses suppressed prevent prevents prevented block blocks blocked hinder "
     "impede downregulate downregulated downregulates"),
    ("before earlier prior previous preceding", "after later since subsequent following"),
    ("early earliest", "late latest"),
    ("first initial initially", "last final finally"),
    ("begin began begun beginning start started starting",
     "end ended ending finish finished stop stopped cease ceased"),
    ("maximum most", "minimum least"),
    ("open opens opened opening", "close closes closed closing shut"),
    ("allow allows allowed permit permits permitted",
     "forbid forbidden prohibit prohibits prohibited ban banned disallow"),
    ("include includes included including", "exclude excludes excluded excluding except"),
    ("win wins won", "lose loses lost"),
    ("buy buys bought purchase purchased", "sell sells sold"),
    ("accept accepts accepted approve approved", "reject rejects rejected refuse refused"),
    ("enable enabled enables", "disable disabled disables"),
    ("add added adds", "remove removed removes delete deleted"),
    ("pass passed", "fail failed"),
    ("success succeed succeeded successful", "failure fail failed unsuccessful"),
    ("arrive arrives arrived", "depart departs departed leave leaves left"),
    ("import imports imported", "export exports exported"),
    ("borrow borrowed", "lend lent"),
    ("profit profits", "loss losses"),
    ("income revenue", "expense expenses"),
    ("true", "false"),
    ("same equal", "different unequal"),
    ("present presence", "absent absence"),
    ("public", "private"),
    ("internal inside", "external outside"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("left", "right"),
    ("male men man boy boys", "female women woman girl girls"),
    ("husband", "wife"),
    ("father son brother", "mother daughter sister"),
    ("positive positively", "negative negatively"),
    ("active", "inactive"),
    ("legal", "illegal"),
    ("married", "divorced"),
    ("born", "died"),
    ("with", "without"),
    ("deficient deficiency lacking lack", "sufficient abundance"),
    ("today", "yesterday tomorrow"),
    ("yesterday", "tomorrow"),
)  # fmt: skip
# Words that say the same of both sides, so that these may change places: "Ada met Bo", "Bo met Ada".
MUTUAL_WORDS = frozenset(
    """meet met marry married equal equals resemble border borders share shares differ match matches adjoin join joined
    compete competed cooperate collaborate collaborated with between versus both same together each""".split()
)
# Roman numerals with their values.
ROMAN_NUMERALS: dict[str, float] = {
    numeral: float(value)
    for value, numeral in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii".split(), start=1
    )
}

# Words of obligation, possibility and certainty with their classes; words of one class mean much the same.
MODALS: dict[str, str] = {
    word: kind
    for kind, group in {
        "must": "must shall required requires require mandatory obliged obligatory compulsory",
        "may": "may might can could possibly perhaps optional optionally possible allowed permitted",
        "should": "should ought recommended advisable",
        "likely": "probably likely presumably apparently supposedly seemingly allegedly reportedly potentially "
        "seem seems seemed expected believed thought alleged rumoured rumored suspected",
        "surely": "certainly definitely surely undoubtedly doubtless clearly obviously",
    }.items()
    for word in group.split()
}
# Words of quantity and frequency with their classes; words of one class mean much the same.
QUANTIFIERS: dict[str, str] = {
    word: kind
    for kind, group in {
        "all": "all every each always everyone everybody everything entire entirely completely fully whole",
        "most": "most mostly usually generally typically majority mainly primarily often frequently",
        "some": "some several sometimes occasionally partly partially certain",
        "few": "few rarely seldom minority",
        "nearly": "nearly almost virtually practically",
        "none": "none never nobody nothing",
        "only": "only solely exclusively",
        "both": "both",
        "half": "half",
        "many": "many numerous",
    }.items()
    for word in group.split()
}

# Content words, or stems of them, whose absence from the source changes nothing that is said.
LIGHT_WORDS = frozenset(
    """accord accordingly actually additionally allow also basically become call certainly currently describe e.g. etc
    eventually example find fact found furthermore give given hence however i.e. indeed instead know known like locate
    located mean mention moreover name namely note number order originally own particular particularly refer regard
    related relate approximately approx circa roughly ca
    respectively serve simply since specifically state state still term therefore thing thus type use
    used using various way well work called named describes described states stated refers referred become became
    becomes
    people person today now later ago time come came place take took taken make made provide provided provides include
    includes including included""".split()
)

# Forms that the stemmer does not bring together, each with the form whose stem it gets.
IRREGULAR_FORMS: dict[str, str] = {
    form: forms.split()[0]
    for forms in """be is are was were been being am
begin began begun
become became
break broke broken
bring brought
build built
buy bought
catch caught
choose chose chosen
come came
cost costs
deal dealt
draw drew drawn
drive drove driven
eat ate eaten
fall fell fallen
feel felt
fight fought
find found
fly flew flown
forget forgot forgotten
get got gotten
give gave given
go went gone goes
grow grew grown
hear heard
hold held
keep kept
know knew known
lay laid
lead led
leave left
lend lent
lose lost
make made
mean meant
meet met
pay paid
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
shrink shrank shrunk
show shown
sing sang sung
sink sank sunk
sit sat
sleep slept
speak spoke spoken
spend spent
stand stood
steal stole stolen
strike struck
swim swam swum
take took taken
teach taught
tell told
think thought
throw threw thrown
understand understood
wear wore worn
win won
write wrote written
man men
woman women
child children
person people
foot feet
tooth teeth
mouse mice
life lives
die died dying
datum data
medium media
analysis analyses
basis bases
crisis crises
criterion criteria
phenomenon phenomena
index indices
colour color
centre center
metre meter
litre liter
organise organize
organisation organization
labour labor
behaviour behavior
favour favor
honour honor
neighbour neighbor
defence defense
licence license
programme program
travelled traveled
annual annually yearly
death deaths dead""".splitlines()
    for form in forms.split()
}
