"""The words with which `tests.benchmarks.mutations` makes false sentences; on purpose not those of the checker.

Owns: names, number words, and tables of what is replaced by what. Knows nothing about sentences.
"""

from __future__ import annotations

# Number words and the calendar, in order.
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

# First words by which a name is a person's, and new first names.
GIVEN_NAMES = frozenset(
    """Aaron Adam Alan Albert Alexander Alfred Alice Amanda Amy Andrew Angela Ann Anna Anne Anthony Arthur Barbara
    Benjamin Bob Brian Bruce Carl Carol Caroline Catherine Charles Charlie Charlotte Chris Christina Christopher
    Daniel David Dennis Diana Donald Dorothy Douglas Edward Elizabeth Emily Emma Eric Ernest Eva Frances Francis Frank
    Fred Frederick Gary George Gerald Grace Graham Greg Harold Harry Helen Henry Howard Hugh Ian Isaac Jack Jacob
    James Jane Janet Jason Jean Jeff Jennifer Jeremy Jessica Jim Joan Joe John Johnny Jonathan Joseph Joshua Julia
    Julian Karen Karl Kate Katherine Keith Kelly Kenneth Kevin Larry Laura Lawrence Lee Leonard Lewis Linda Lisa Louis
    Lucy Luke Margaret Maria Marie Mark Martha Martin Mary Matthew Max Michael Michelle Mike Nancy Nathan Neil
    Nicholas Nicole Oliver Oscar Pamela Patricia Patrick Paul Peter Philip Rachel Ralph Raymond Rebecca Richard Robert
    Roger Ronald Rose Roy Ruth Ryan Samuel Sandra Sarah Scott Sean Sharon Simon Sophia Stanley Stephen Steve Steven
    Stuart Susan Ted Theodore Thomas Tim Timothy Tom Tony Victor Victoria Vincent Walter Warren Wayne William""".split()
)

# Names of places, each replaced by another.
PLACES = (
    *"Hong Kong;Latin America;New York;New Zealand;North America;South Africa;Soviet Union;United States".split(";"),
    *"""Argentina Australia Austria Belgium Brazil Canada Chile China Colombia Cuba Denmark Egypt England Ethiopia
    Finland France Germany Greece Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Japan Kenya Malaysia
    Mexico
    Morocco Nepal Netherlands Nigeria Norway Pakistan Peru Philippines Poland Portugal Romania Russia Scotland
    Singapore Spain Sweden Switzerland Thailand Turkey Ukraine Vietnam Wales Alabama Alaska Arizona Arkansas
    California Colorado Connecticut Delaware Florida Georgia Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky
    Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio
    Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Wisconsin Wyoming Amsterdam Athens Atlanta
    Baltimore Bangkok Barcelona Berlin Boston Brussels Chicago Copenhagen Dallas Delhi Denver Detroit Dublin Edinburgh
    Geneva Hamburg Houston Istanbul Jerusalem Kyoto Lisbon Liverpool London Madrid Manchester Melbourne Miami Milan
    Moscow Mumbai Munich Naples Oslo Paris Philadelphia Prague Rome Seattle Seoul Shanghai Stockholm Sydney Tokyo
    Toronto Vancouver Venice Vienna Warsaw Zurich Europe Asia Africa""".split(),
)

# Words for peoples, languages, faiths and parties, each replaced by another.
PEOPLES = tuple(
    """American Australian Austrian Belgian Brazilian British Canadian Chinese Danish Dutch Egyptian English Finnish
    French German Greek Hungarian Indian Indonesian Irish Italian Japanese Korean Mexican Norwegian Persian Polish
    Portuguese Roman Russian Scottish Spanish Swedish Swiss Turkish Ukrainian Welsh Catholic Protestant Buddhist
    Republican Democratic""".split()
)

# First or last words by which a name is an organisation's.
ORGANISATION_WORDS = frozenset(
    """Academy Agency Association Bank Board Bureau Church College Commission Committee Company Corporation Council
    Court Department Federation Foundation Group Inc Institute League Ltd Ministry Museum Office Organization Party
    Press
    School Senate Society Studios Trust Union University""".split()
)

# Words with a capital that open a sentence and are no names.
NO_NAMES = frozenset(
    """A According After All Also Although An And Another As At Because Before Both But By Despite Due During Each Few
    First For From He Her Here His How However I If In It Its Later Many Most No Not Of On One Or Other Our Over She
    Since So Some Such That The Their Then There These They This Those Three Though Through Thus To Today Two Under
    Unlike Until Upon We When Where Whether Which While Who With Within Without Yet You Your""".split()
)

# Words that carry no meaning of their own: left out where texts are compared.
FUNCTION_WORDS = frozenset(
    """a about after all also an and any are as at be been before being both but by can could did do does during each
    for from had has have he her him his how i if in into is it its itself may more most must no nor not of off on once
    only or other our out over own s same shall she should so some such t than that the their them then there these
    they this those through to too under until up very was we were what when where which while who whom whose why will
    with would you your""".split()
)

# New names of people and organisations, which no source has.
FAMILY_NAMES = "Whitfield Okafor Lindqvist Marchetti Pemberton Novak Castellano Hargreaves Iversen Tanaka".split()
ORGANISATIONS = ("Meridian Institute", "Halvorsen Company", "Northgate University", "Calloway Corporation")


def _table(text: str) -> dict[str, str]:
    """Return a table from a pattern of whole words to its replacements, which ``/`` separates.

    The text has entries between semicolons: ``old > new/newer`` for one direction, ``one <> other`` for both.
    """
    table: dict[str, str] = {}
    for entry in " ".join(text.split()).split("; "):
        if " <> " in entry:
            one, other = entry.split(" <> ")
            table[one], table[other] = other, one
        else:
            old, new = entry.split(" > ")
            table[old] = new
    return table


# Edits of numbers: fractions and multiples.
FRACTIONS = _table(
    r"""half(?= of) > a quarter/a third; a quarter > half/a third; a third(?= of) > half/a quarter;
    one[- ]third > two-thirds; two[- ]thirds > one-third; three[- ]quarters > one-quarter; twice > three times;
    double > triple; doubled > tripled/halved; tripled > doubled; a dozen > two dozen; single > double"""
)
# Edits of dates: eras and halves of the day; case matters.
ERAS = _table(r"BC > AD; BCE > CE; AD > BC; CE > BCE; (?<=\d )a\.?m\.? > p.m.; (?<=\d )p\.?m\.? > a.m.")
# Edits of units, scales and periods.
UNITS = _table(
    r"""(?<=\d )(?:km|kilomet(?:er|re)s) > miles/metres; (?<=\d )miles > kilometres/feet;
    (?<=\d )(?:met(?:er|re)s|m) > feet/kilometres; (?<=\d )(?:feet|ft) > metres/yards; (?<=\d )inches > centimetres;
    (?<=\d )(?:centimet(?:er|re)s|cm) > inches/metres; (?<=\d )(?:mm|millimet(?:er|re)s) > centimetres;
    (?<=\d )(?:kg|kilograms) > pounds/grams; (?<=\d )(?:pounds|lbs?) > kilograms/tons;
    (?<=\d )(?:tons|tonnes) > pounds/kilograms; (?<=\d )(?:grams|g) > kilograms; acres <> hectares;
    square miles <> square kilometres; litres <> gallons; million > billion/thousand; millions > billions/thousands;
    billion > million/trillion; trillion > billion; hundreds > thousands; thousands > millions; thousand > million;
    seconds > minutes/hours; minutes > hours/seconds; hours > minutes/days; days > weeks/months;
    weeks > days/months; months > years/weeks; years > months/decades; decades > centuries/years;
    centuries > decades; hour > minute; month > week/year; daily > weekly; weekly > monthly;
    monthly > weekly/annual; annual > monthly; annually > monthly; per year > per month;
    (each|every) year > \1 month; a year > a month; per month > per year; (each|every) month > \1 year;
    per day > per week; (each|every) day > \1 week; (each|every) week > \1 day; percent(?! of) > percentage points;
    percent(?= of) > per mille; US dollars > Canadian dollars; dollars > euros/pounds; cents > dollars"""
)
# Edits of comparisons and directions.
COMPARISONS = _table(
    r"""(?<!no )(?<!once )more(?! or less)(?! than) > less; less(?! than) > more; (?<!or )fewer(?! than) > more;
    higher <> lower; highest <> lowest; larger|bigger > smaller; smaller > larger; largest|biggest > smallest;
    smallest > largest; greater > smaller/less; greatest > smallest/least; (?<!no )longer > shorter;
    shorter > longer; longest <> shortest; older <> younger; oldest > youngest/newest; youngest > oldest;
    earlier <> later; earliest <> latest; better <> worse; best(?! known)(?! selling)(?!-) > worst; worst > best;
    faster <> slower; stronger <> weaker;
    most(?= (?:common|popular|important|famous|successful|powerful|recent|widely|expensive|significant)) > least;
    least(?= (?:common|popular|important)) > most; before > after; (?<!named )(?<!look )after > before;
    prior to > after; following(?= the) > preceding; at least <> at most; more than > less than;
    less than|fewer than > more than; over(?= [$€£]?\d) > under; under(?= [$€£]?\d) > over; up to > at least;
    above <> below; increase <> decrease; increases <> decreases; increased <> decreased; increasing <> decreasing;
    rise <> fall; rises <> falls; rose > fell; grew(?! close| up) > shrank; gained > lost; won <> lost;
    defeated > lost to;
    first(?= (?:to|time|of|in|person|woman|man|season|album|film|episode|game|single)) > last;
    (?<=the )last > first; final > first; minimum <> maximum; majority <> minority; upper > lower; begins > ends;
    began > ended; begin > end; started > stopped; early <> late; previous > next; north <> south;
    northern <> southern; east <> west; eastern <> western; superior <> inferior; predecessor <> successor;
    preceded > followed; succeeded > preceded; exceeds? > falls short of; opened > closed; allows > forbids;
    includes > excludes; including > excluding"""
)
# Edits of obligation, possibility and frequency; case matters: "May" is a month.
MODALITIES = _table(
    r"""must not > may; must(?! not) > may/need not; shall not > may; shall(?! not) > may/need not; may not > must;
    may be > is certainly; may(?! not)(?! be)(?! have) > must/cannot; might(?! not)(?! have) > must;
    can(?! not)(?! only) > cannot/must; cannot|can not > can/must; could(?! no)(?! have) > had to/could not;
    should(?! not)(?! have) > need not/must; should not > must; need not > must; (?:does|do) not need to > must;
    (?:is|are) required to > may; (?:is|are) allowed to > must; (?:is|are) permitted to > must;
    (?:has|have) to > may; required > optional; optional > mandatory; mandatory|compulsory > optional;
    voluntary > compulsory; recommended > mandatory; permitted|allowed > prohibited;
    prohibited|forbidden|banned > permitted; always > sometimes/never; sometimes|occasionally > always/never;
    often|frequently > always/never;
    (?<!more )(?<!most )(?:usually|typically|generally|normally|commonly) > always/never;
    rarely|seldom > often/always; never > sometimes/always; (?<=(?:is|re) )likely(?= to) > certain/unlikely;
    (?<!not )(?:possibly|perhaps|probably) > certainly; allegedly > undoubtedly"""
)
# Edits of quantity.
QUANTITIES = _table(
    r"""(?<!almost )(?<!nearly )all(?= of) > some/none/few;
    (?<!almost )(?<!nearly )all(?= the \w+s\b) > some of/none of;
    (?<!almost )(?<!nearly )all(?= \w+s\b) > some/no/few; (?<!almost )every(?! few)(?! day) > hardly any/no;
    each(?= (?:of|player|team|state|member)) > only one; some(?= of) > all/none; some(?= [a-z]+s\b) > all/no;
    most(?= of) > few/none/all; (?<=^)most(?= [a-z]+s\b) > few/all; (?<!how )(?<!as )many(?! of which) > few/all;
    (?<!a )(?<!every )few(?= ) > many/all; a few > many/all; several > all/no; numerous > few; none of > all of;
    both (\w+) and (\w+) > neither \1 nor \2; both of > neither of; neither (\w+) nor (\w+) > both \1 and \2;
    half(?= (?:of|the)\b) > all; majority > minority; entire > partial; entirely > partly;
    (?<=(?:is|as) )the only > not the only;
    one of the (most|\w+est) > the single \1; (?<=s a )part of > the whole of; (?<=re )part of > all of;
    mostly|mainly|primarily|largely > entirely/hardly; partly|partially > entirely"""
)
# Edits that take a negation away.
UNDONE_NEGATIONS = _table(
    r"""(?<=(?:is|as|re) )not(?! only| just| necessarily) > indeed; (?<=did )not > indeed; does not > does indeed;
    do not > do indeed; isn['’]t > is; aren['’]t > are; wasn['’]t > was; weren['’]t > were; didn['’]t > did;
    doesn['’]t > does; don['’]t > do; can['’]t|cannot > can; won['’]t > will; no longer > still; without > with;
    never > always; (?<!or )no(?! one\b)(?= \w+) > a; unable > able; unlikely > likely; unsuccessful > successful;
    unofficial > official; impossible > possible; illegal > legal; invalid > valid; incomplete > complete;
    independent > dependent; failed to > managed to; refused to > agreed to"""
)
# Edits that turn a word into its negation.
NEGATED_WORDS = _table(
    r"""with > without; able > unable; (?<!un)likely > unlikely; successful > unsuccessful;
    successfully > unsuccessfully; official > unofficial; officially > unofficially; possible > impossible;
    common > uncommon; important > unimportant; legal > illegal; visible > invisible; available > unavailable;
    usual > unusual; related > unrelated; responsible > not responsible; popular > unpopular;
    constitutional > unconstitutional; necessary > unnecessary; complete > incomplete; direct > indirect;
    directly > indirectly; agreed to > refused to; still > no longer; accepted > rejected; approved > rejected;
    dependent > independent; regular > irregular; equal > unequal; part of > no part of"""
)
# Auxiliary verbs with their contracted negations.
CONTRACTED = _table(
    """is > isn't; are > aren't; was > wasn't; were > weren't; will > won't; would > wouldn't; has > hasn't;
    have > haven't; had > hadn't"""
)
# Past tenses with their base forms: "won" becomes "did not win".
PAST = _table(
    """became > become; began > begin; built > build; came > come; created > create; died > die; defeated > defeat;
    discovered > discover; ended > end; established > establish; finished > finish; formed > form; fought > fight;
    founded > found; gave > give; gained > gain; held > hold; introduced > introduce; invented > invent;
    joined > join; led > lead; left > leave; lost > lose; made > make; married > marry; met > meet; moved > move;
    opened > open; passed > pass; played > play; produced > produce; published > publish; received > receive;
    recorded > record; reached > reach; released > release; returned > return; said > say; saw > see;
    served > serve; signed > sign; started > start; took > take; used > use; voted > vote; went > go; won > win;
    worked > work; wrote > write; appeared > appear; announced > announce"""
)

# Units in full with their abbreviations: these edits leave a sentence true.
ABBREVIATED_UNITS = {
    "kilometres": "km", "kilometers": "km", "metres": "m", "meters": "m", "miles": "mi", "feet": "ft",
    "kilograms": "kg", "pounds": "lb", "centimetres": "cm", "inches": "in",
}  # fmt: skip
