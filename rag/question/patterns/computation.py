"""Questions whose answer is computed from figures: sums, differences, ratios, growth, spans of time. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    "grow": (
        r"(?:grow|grew|grown|increased?|rise|risen|rose|fall|fell|fallen|drop(?:ped)?|decreased?|declined?|change[ds]?"
        r"|shrink|shrunk|improved?|expand(?:ed)?|(?:go|goes|went|gone|come|came) (?:up|down)"
        r"|gestiegen|gewachsen|gesunken|gefallen|zugenommen|abgenommen|erhöht|verändert|steigen|stieg|wuchs|sank|fiel)"
    ),
    "more": (
        r"(?:more|less|fewer|higher|lower|larger|bigger|greater|smaller|longer|shorter|older|younger|taller|cheaper"
        r"|dearer|heavier|lighter|faster|slower|deeper|wider|later|earlier|better)"
    ),
    "mehr": (
        r"(?:mehr|weniger|höher|niedriger|größer|kleiner|länger|kürzer|älter|jünger|teurer|billiger|schwerer|schneller"
        r"|tiefer|breiter|später|früher)"
    ),
    "of_one": r"(?:of|in|for|from|at|von|im|für|der|des|FY|\d)",
    "over": r"(?: (?:of|in) .{0,80}?)? (?:from|between|since|compared)\b",
    "be": r"(?:is|are|was|were|be)",
    "asked_for": r"(?:(?:<what_is>|wie (?:hoch|groß) (?:ist|sind|war|waren)|<give>|calculate) )?",
    "how_much": r"how (?:much|many)",
    "wie_viel": r"wie ?viele?",
    "time": r"(?:days?|weeks?|months?|years?|hours?|minutes?|time)",
    "measure": (
        r"(?:weeks|days|hours|months|years|minutes|length|height|weight|age|euros?|dollars?|eur|usd|tagen|wochen)"
    ),
    "passed": r"(?:pass(?:ed)?|elapsed?|went by|lies?|lay)",
    "together": r"(?:together|combined|in total|altogether|in all|put together|add up to)(?: (?:cost|make|amount to))?",
}

COMPUTATION = compiled(
    # "By how much did X grow?", "Um wie viel ist X gestiegen?"
    r"(?:by )?(?:how much|what percent(?:age)?|how many percent(?:age points)?) (?:did|has|have|does)"
    r" .{1,120}?\b<grow>\b",
    r"by (?:<how_much>|what (?:percent|factor|amount))",
    r"(?:um )?<wie_viel>(?: prozent)? (?:ist|sind|hat|haben|wurden?|stieg|sank|wuchs|fiel) .{1,120}?<grow>",
    r"um <wie_viel> (?!uhr\b)",
    r"<asked_for>(?!<question_word> |<auxiliary> )(?:the |its )?(?:\S+ ){0,3}?(?:growth(?: rate)?|yoy \w+|cagr"
    r"|percent(?:age)? (?:change|increase|decrease|growth|difference)|year[ -](?:over|on)[ -]year \w+)<over>",
    r"(?:<what_is>|<give>|calculate) (?:the |its )?(?:\S+ ){0,3}?(?:increase|decrease|change|rise|decline)<over>",
    # "How many more X than Y?", "How many times as large is X?"
    r"<how_much> (?:\S+ ){0,3}?<more>\b.*\bthan\b",
    r"<how_much> (?:percent |times )?<more> (?:\w+ ){0,3}<be>\b",
    r"how many times (?:as|more|larger|bigger|greater|higher|longer|smaller)\b",
    r"<wie_viel> (?:\w+ )?<mehr>\b",
    # "Calculate X", "the sum of X and Y", "What do X and Y cost together?"
    r"(?:calculate|compute|berechne(?:n sie)?|add up|work out|addiere?|sum of|summiere|sum (?:the|all))\b",
    r"sum up .{0,40}?\b<amount>\b",
    r"what(?:[’']s| is) \d[\d.,]* ?(?:%|percent) of ",
    r"(?:what(?:[’']s| is) )?(?:the )?(?:sum |grand )?total of (?:the|all|every)\b",
    r"<asked_for>(?:the )?(?:sum )?total of .*\band\b",
    r"(?:what(?:[’']s| is) )?(?:the )?average\b.*\b(?:across|over all|of all)\b",
    r"<asked_for><the>(?:overall |combined |grand |simple )?(?:sum|average|mean|median|ratio|product|quotient"
    r"|arithmetic mean|combined \w+|summe|durchschnitt|mittelwert|verhältnis)"
    r" (?:of|between|von|der|des|zwischen|aus|over|across) ",
    r"(?:<how_much>\b|what\b(?=.*\b(?:costs?|weighs?|pay|earn|<amount>)\b)).{0,160}\b(?:and|plus)\b.{0,80}\b<together>"
    r"<end>",
    r"(?:was|wie ?viel|wie hoch)\b.{0,120}\b(?:und|plus)\b.{0,80}\b(?:zusammen|insgesamt|zusammengenommen)<end>",
    # "The difference between the amounts of X and Y": of amounts, not of notions such as rent and lease.
    r"<asked_for><the>(?:percentage |percent |absolute )?(?:difference|unterschied|differenz|gap)"
    r" (?:in|beim|bei den) <the>(?:\w+ ){0,2}?(?:<amount>|<measure>)\b",
    r"<asked_for><the>(?:<amount>|<measure>)[ -](?:difference|gap) (?:between|of)\b",
    r"<asked_for><the>(?:percentage |percent |absolute )?(?:difference|unterschied|differenz|gap)"
    r" (?:between|of|zwischen|der|des) (?=.{1,60}?\b<amount> <of_one>)<the>(?:\w+ ){0,2}?<amount>\b",
    # "What percentage of revenue is X?"
    r"(?:what|which) (?:percent(?:age)?|proportion|share|fraction) of (?:(?:the|all|its|total|our) )*(?:\S+ ){0,2}?"
    r"(?!numbers?\b|populations?\b|values?\b|prices?\b)<amount>\b",
    r"(?:wie ?viel|welcher) (?:prozent|anteil) (?:des|der|vom|am|von) (?:\w+ )?<amount>\b",
    # "How many days lie between X and Y?"
    r"<how_much> (?:full )?<time> (?:are (?:there )?|is (?:there )?|(?:was|were) there |<passed> "
    r"|(?:did|do|does|have|has) <passed> )?(?:between|from) .*\b(?:and|to|until)\b",
    r"<how_much> <time> (?:<passed>|are|were)\b.*\bbetween\b",
    r"wie viele (?:tage|wochen|monate|jahre) (?:liegen|lagen|sind|vergehen|vergingen) .*\bzwischen\b",
    parts=_PARTS,
)
# Figures of accounts that are seldom stated, anywhere in a question.
FIGURES = compiled(
    r".*\b(?:quick|current|cash|debt[\w -]{0,12}|equity|payout|turnover|coverage|leverage) ratio\b",
    r".*\b(?:gross|operating|net|profit|ebitda) (?:profit )?margin\b",
    r".*\b(?:days (?:payable|sales|inventory) outstanding|(?:asset|inventory) turnover"
    r"|return on (?:assets|equity))\b",
    parts=_PARTS,
)
