"""The forms of answers in German, French, Spanish, Russian and Arabic. Data only.

Owns: the words of these languages that dates, amounts and places are written with.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.foreign.forms import YEAR, Forms, words

_GAP = "[ \u00a0\u202f]"


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(form, re.I)


_FRENCH_MONTH = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
FRENCH = Forms(
    date=_pattern(
        rf"\b(?:le{_GAP})?\d{{1,2}}(?:er)?{_GAP}{_FRENCH_MONTH}(?:{_GAP}{YEAR})?\b|\b{_FRENCH_MONTH}{_GAP}{YEAR}\b"
        rf"|(?<![\d.,\u00a0\u202f]){YEAR}(?![\d.,\u00a0\u202f]*\d)\b(?!{_GAP}?(?:euros?|€|pièces|m\b|km\b|mètres))"
    ),
    clock=_pattern(rf"\b(?:[01]?\d|2[0-3]){_GAP}?h(?:{_GAP}?[0-5]\d)?\b|\bmidi\b|\bminuit\b"),
    spelled=(
        "(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
        "|quarante|cinquante|soixante|septante|huitante|nonante|vingts|cents?|mille)"
    ),
    money=r"(?:€|euros?|francs?|dollars?|centimes?|livres)",
    duration=r"(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?|siècles?|trimestres?)",
    percent=r"(?:%|pour cent|pour-cent)",
    place=words("à au aux en dans chez sur sous devant derrière près vers entre"),
    agent=words("par"),
    ends=words(
        """et ou mais car qui que dont où quand lorsque afin pour par avec sans selon pendant depuis avant après dès est
        sont était a ont puis si comme jusqu'à"""
    ),
    titles=words("madame monsieur mme m. mademoiselle docteur dr maître l'ingénieur l'architecte"),
    particles=words("de du des la le d' von van"),
)

_SPANISH_MONTH = (
    "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)"
)
SPANISH = Forms(
    date=_pattern(
        rf"\b(?:el )?\d{{1,2}}(?:\.?º)? de {_SPANISH_MONTH}(?: del? {YEAR})?\b|\b{_SPANISH_MONTH} (?:del? )?{YEAR}\b"
        rf"|(?<![\d.,]){YEAR}(?![\d.,]*\d)\b(?! ?(?:euros?|€|metros|km\b|kilómetros))"
    ),
    clock=_pattern(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b(?: ?h\b| horas\b)?|\bmediodía\b|\bmedianoche\b"),
    spelled=(
        "(?:una?|uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince"
        "|dieci(?:séis|siete|ocho|nueve)|veinti(?:una?|uno|ún|dós|trés|cuatro|cinco|séis|siete|ocho|nueve)|veinte|treinta"
        "|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|ciento|cien|(?:dos|tres|cuatro|seis|ocho)cient[oa]s"
        "|quinient[oa]s|setecient[oa]s|novecient[oa]s|mil)"
    ),
    money=r"(?:€|euros?|pesos?|dólares|dólar|céntimos?|pesetas?|soles)",
    duration=r"(?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|siglos?|trimestres?)",
    percent=r"(?:%|por ciento)",
    place=words("a al en ante bajo entre hacia hasta sobre tras junto"),
    agent=words("por"),
    ends=words(
        """y e o u pero porque que quien donde cuando para por con sin según durante desde dentro antes después es
        son era
        fue ha han luego si como hasta"""
    ),
    titles=words("don doña señor señora sr. sra. dr. dra. doctor doctora ingeniero ingeniera"),
    particles=words("de del la las los y"),
)

_RUSSIAN_MONTH = (
    "(?:январ[яьеи]|феврал[яьеи]|март[ае]?|апрел[яьеи]|ма[яйе]|июн[яьеи]|июл[яьеи]"
    "|август[ае]?|сентябр[яьеи]|октябр[яьеи]"
    "|ноябр[яьеи]|декабр[яьеи])"
)
_RUSSIAN_YEAR = rf"{YEAR}(?:{_GAP}(?:года|году|год|г\.))?"
RUSSIAN = Forms(
    date=_pattern(
        rf"\b\d{{1,2}}{_GAP}{_RUSSIAN_MONTH}(?:{_GAP}{_RUSSIAN_YEAR})?(?!\w)|\b{_RUSSIAN_MONTH}{_GAP}{_RUSSIAN_YEAR}(?!\w)"
        rf"|(?<![\d.,\u00a0\u202f]){YEAR}{_GAP}(?:года|году|год|г\.)(?!\w)"
    ),
    clock=_pattern(
        rf"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b\d{{1,2}}{_GAP}час(?:ов|а)?(?:{_GAP}\d{{1,2}}{_GAP}минут[аы]?)?\b"
    ),
    spelled=(
        "(?:один|одна|одно|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять"
        "|одиннадцать|двенадцать|тринадцать|четырнадцать|пятнадцать|шестнадцать|семнадцать|восемнадцать"
        "|девятнадцать|двадцать|тридцать|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто|сто|двести|триста"
        "|четыреста|(?:пять|шесть|семь|восемь|девять)сот|тысяч[аи]?|двух|трех|трёх|четырех|четырёх|пяти|шести|семи|восьми|девяти|десяти)"
    ),
    money=r"(?:₽|руб(?:\.|л(?:ей|я|ь|ях|ям))?|копе[а-я]+|евро|долл[а-я]+|тысяч(?:а|и)? рублей|млн рублей)",
    duration=(
        r"(?:секунд[а-я]?|минут[а-я]?|час(?:ов|а)?|д(?:ень|ня|ней)|недел[а-я]+"
        r"|месяц(?:а|ев)?|год(?:а)?|лет|суток|век(?:а|ов)?)"
    ),
    percent=r"(?:%|процент(?:а|ов)?)",
    place=words("в во на из у под над за возле около перед между к"),
    ends=words(
        """и или но а что который которая которые когда где чтобы потому если для при после до с со через по был была
        были
        есть как"""
    ),
    titles=words("доктор профессор инженер господин госпожа художник художница"),
)

_ARABIC_MONTH = (
    "(?:يناير|فبراير|مارس|أبريل|ابريل|إبريل|مايو|يونيو|يوليو|أغسطس|اغسطس|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر"
    "|كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول)"
)
ARABIC = Forms(
    date=_pattern(
        rf"\d{{1,2}} {_ARABIC_MONTH}(?: (?:عام |سنة )?{YEAR})?(?!\w)|{_ARABIC_MONTH} (?:عام |سنة )?{YEAR}(?!\w)"
        rf"|(?:(?:عام|سنة) )?(?<![\d.,٬٫]){YEAR}(?![\d.,٬٫]*\d)(?!\w)(?! (?:دينار|متر|كيلو))"
    ),
    clock=_pattern(r"(?:الساعة )?\d{1,2}[:٫]\d{2}(?: (?:صباحًا|صباحا|مساءً|مساء|ظهرًا))?"),
    spelled=(
        "(?:ثلاثة?|أربعة?|خمسة?|ستة?|سبعة?|ثماني(?:ة)?|تسعة?|عشرة?|عشرين|عشرون|ثلاثين|ثلاثون|أربعين|أربعون|خمسين|خمسون"
        "|ستين|ستون|سبعين|سبعون|ثمانين|ثمانون|تسعين|تسعون|مئتان|مئتين|مئة|مائة|ألف|واحد|واحدة|اثنان|اثنين|اثنتان)"
    ),
    money=r"(?:دينار(?:ًا|ا)?|دنانير|درهم(?:ًا|ا)?|دراهم|ريال(?:ًا|ا)?|ريالات|جنيه(?:ًا"
    r"|ا)?|جنيهات|ليرة|ليرات|دولار(?:ًا|ا)?|يورو)",
    duration=(
        r"(?:ثانية|ثوان|دقيقة|دقائق|ساعة|ساعات|يوم(?:ًا|ا)?|أيام|أسبوع(?:ًا|ا)?|أسابيع"
        r"|شهر(?:ًا|ا)?|أشهر|سنة|سنوات|عام(?:ًا|ا)?|أعوام)"
    ),
    percent=r"(?:%|٪|بالمئة|بالمائة|في المئة|في المائة)",
    place=words("في الى على إلى قرب عند خلف امام أمام داخل"),
    ends=words(
        """بعد قبل منذ حتى عند اثناء أثناء خلال على من الى إلى في عن مع لان لأن التي الذي الذين وهي وهو كان كانت ثم
        او أو سنة
        عام كل"""
    ),
    titles=words("السيد السيدة الدكتور الدكتورة المهندس المهندسة"),
)

_GERMAN_MONTH = "(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
GERMAN = Forms(
    date=_pattern(
        rf"\b\d{{1,2}}\.{_GAP}?(?:{_GERMAN_MONTH}(?:{_GAP}{YEAR})?\b|\d{{1,2}}\.{_GAP}?{YEAR}\b)"
        rf"|\b{_GERMAN_MONTH}{_GAP}{YEAR}\b"
        rf"|(?<![\d.,]){YEAR}(?![\d.,]*\d)\b(?! ?(?:Euro|€|Meter|km\b|Kilometer))"
    ),
    clock=_pattern(rf"\b(?:[01]?\d|2[0-3])(?:[.:][0-5]\d)?{_GAP}Uhr(?:{_GAP}[0-5]\d)?\b"),
    spelled=(
        "(?:(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?"
        "(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)"
        "|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)?(?:hundert|tausend)"
        "|eine?[nmrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)"
    ),
    money=r"(?:€|Euro|Cent|Franken|Dollar|Mark|Pfund)",
    duration=r"(?:Sekunden?|Minuten?|Stunden?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|Jahrhunderte?n?)",
    percent=r"(?:%|Prozent)",
    ends=words(
        """und oder aber dass weil wenn der die das den dem des im am bei mit nach von zu für ist sind war waren hat"""
    ),
)

SPACED_FORMS = {
    "ar": ARABIC,
    "de": GERMAN,
    "es": SPANISH,
    "fr": FRENCH,
    "ru": RUSSIAN,
}
