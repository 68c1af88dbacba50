"""The frames of French, Spanish, Italian, Dutch, Swedish, Czech, Polish and Russian. Pure data.

``rag.verify.scope.frame`` tells how they are written.

Owns: the words. Knows nothing about where a sentence stands.
"""

from __future__ import annotations

from rag.verify.scope.frame import Table

BEFORE: Table = (
    (
        "forbidden",
        "clause",
        r"""
        (?:n'|ne )(?:dites|dis|écrivez|écris|affirmez|affirme|prétendez|répétez|répondez)(?: pas\
            | jamais)(?: qu[e'])?
        (?:no|nunca|jamás) (?:diga|digas|escriba|escribas|afirme|afirmes|responda|repita)n?(?: que)?
        non (?:dire|scrivere|affermare|dica|scriva|dite|scrivete)(?: mai)?(?: che)?
        (?:schrijf|zeg|beweer|herhaal)(?: \w+)? (?:niet|nooit)(?: dat)?
        (?:skriv|säg|påstå|svara)(?: \w+)? (?:inte|aldrig)(?: att)?
        ne(?:pište|piš|říkejte|říkej|tvrďte|tvrď)(?:, že)?
        nie (?:pisz|piszcie|mów|mówcie|twierdź|twierdźcie)(?:, że)?
        не (?:пишите|пиши|говорите|говори|утверждайте|утверждай)(?:, что)?
    """,
    ),
    (
        "forbidden",
        "phrase",
        r"""
        il est (?:interdit|défendu) d[e']
        est[áa] prohibido
        è vietato
        het is verboden(?: om)?
        det är förbjudet att
        je zakázáno
        zabrania się
        запрещено|запрещается
    """,
    ),
    (
        "denied",
        "clause",
        r"""
        il est (?:\w+ )?(?:faux|inexact|erroné)(?: (?:de|d')\s?\w+)? qu[e']
        (?:n'|ne )est pas (?:vrai|exact) qu[e']
        personne n'a (?:dit|écrit|affirmé) qu[e']
        aucune? (?:preuve|étude)(?: \w+){0,3}? qu[e']
        (?:es falso|no es (?:cierto|verdad)|nadie (?:dijo|ha dicho)|no hay pruebas de) que
        (?:è falso|non è vero|nessuno ha (?:detto|scritto)|non ci sono prove) che
        (?:het is (?:onwaar|niet waar|onjuist|fout|een fabel)|niemand (?:zei|heeft gezegd)|geen bewijs) dat
        (?:det är (?:falskt|fel|osant|inte sant|en myt)|ingen (?:sa|har sagt)|inga bevis för) att
        (?:není pravda|je nepravda|nikdo neřekl|neexistuje důkaz), že
        (?:nieprawdą jest|nie jest prawdą|to nieprawda|nikt nie powiedział|nie ma dowodów), że
        (?:неправда|неверно|не верно|ложь|это не правда|никто не (?:говорил|сказал)\
            |нет доказательств(?: того)?), что
    """,
    ),
    (
        "denied",
        "phrase",
        r"""
        contrairement à
        al contrario di
    """,
    ),
    (
        "ordered",
        "clause",
        r"""
        <OPENING>(?:dis|dites|réponds|répondez|écris|écrivez|répète|répétez|affirme|affirmez|déclare\
            |déclarez)(?: \w+){0,4}?<SPEECH_FOLLOWS>
        <OPENING>(?:di|diga|digan|responde|responda|escribe|escriba|repite|repita|afirma\
            |afirme)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:rispondi|risponda|scrivi|scriva|ripeti|ripeta|dica|afferma)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:zeg|antwoord|schrijf|herhaal|beweer)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:säg|svara|skriv|upprepa|påstå)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:řekni|řekněte|napiš|napište|odpověz|odpovězte|opakuj|opakujte)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:powiedz|powiedzcie|napisz|napiszcie|odpowiedz|powtórz)(?: \w+){0,3}?<SPEECH_FOLLOWS>
        <OPENING>(?:скажи|скажите|напиши|напишите|ответь|ответьте|повтори\
            |повторите)(?: \w+){0,3}?<SPEECH_FOLLOWS>
    """,
    ),
    (
        "ordered",
        "article",
        r"""
        (?:säg|svara|skriv|řekni|napiš|powiedz|napisz|скажи|напиши|ответь|réponds|répondez|écris|écrivez|dites)\
            (?: \w+){0,2}?
    """,
    ),
    (
        "asked",
        "phrase",
        r"""
        zda|jestli
        czy
        huruvida
    """,
    ),
    (
        "supposed",
        "clause",
        r"""
        (?:supposons|supposez|imaginons|imaginez|imagine|admettons|à supposer) qu[e']
        (?:supongamos|imaginemos|imagine|imagina) que
        (?:supponiamo|immaginiamo|immagina|immagini|poniamo) che
        stel(?: je voor)?,? dat
        (?:anta|antag) att|tänk om
        (?:předpokládejme|představte si|představ si), že
        (?:załóżmy|przypuśćmy|wyobraź sobie), że
        (?:предположим|допустим|представьте|представь)(?: себе)?,? что
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        kdyby|pokud|jestliže
        gdyby|jeśli|jeżeli
        если(?: бы)?
    """,
    ),
    (
        "reported",
        "clause",
        r"""
        (?:les critiques|les opposants|certains|on)(?: \w+)? (?:disent|dit|prétendent|prétend|affirment) qu[e']
        (?:rumeur|légende|idée) selon la(?:quelle)?
        (?:el rumor|los rumores|la leyenda|el mito) de que
        (?:los críticos|algunos|se)(?: \w+)? (?:dicen|dice|afirman|alegan) que
        (?:i critici|alcuni|si)(?: \w+)? (?:dicono|dice|sostengono|affermano) che
        la voce che
        (?:critici|sommigen|men)(?: \w+)? (?:zeggen|zegt|beweren|beweert) dat
        het gerucht dat
        (?:kritiker|vissa|några)(?: \w+)? (?:säger|hävdar|påstår) att
        ryktet(?: om)? att
        (?:kritici|někteří)(?: \w+)? (?:tvrdí|říkají), že
        (?:fáma|pověst|zvěst), že
        (?:krytycy|niektórzy)(?: \w+)? (?:twierdzą|mówią), że
        plotka, że
        (?:критики|некоторые|говорят)(?: \w+)?(?: утверждают| говорят)?, что
        слухи? о том, что|слух, что
    """,
    ),
    (
        "reported",
        "article",
        r"""
        prétendument|soi-disant
        supuestamente|presuntamente
        presumibilmente|a quanto pare
        naar verluidt|zogenaamd
        påstås
        údajně|prý
        rzekomo|podobno
        якобы|по слухам|по словам критиков
    """,
    ),
    (
        "reported",
        "phrase",
        r"""
        selon (?:les |des |certain(?:s|es) )?(?:critiques|opposants|rumeurs)
        según (?:los |las |algunos )?(?:críticos|opositores|rumores)
        secondo (?:i |le |alcuni )?(?:critici|oppositori|voci)
        volgens (?:de )?(?:critici|tegenstanders|geruchten)
        enligt (?:kritiker|motståndare|rykten)
        podle (?:kritiků|odpůrců|fám)
        według (?:krytyków|przeciwników|plotek)
    """,
    ),
)
LABELS: Table = (
    (
        "denied",
        "article",
        r"""
        (?:Mythe|Faux|Falso|Mito|Onwaar|Fabel|Falskt|Myt|Mýtus|Nepravda|Fałsz|Mit|Миф|Ложь\
            |Неверно)(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
)
INSIDE: Table = (
    (
        "supposed",
        "phrase",
        r"""
        (?:serait|seraient|aurait|auraient)
        (?:sería|serían|estaría|estarían|habría|habrían)
        (?:sarebbe|sarebbero|avrebbe|avrebbero)
        zou|zouden
        skulle
        (?:byl|byla|bylo|byly) by|by (?:byl|byla|bylo|byly)
        był(?:by|aby|oby|yby)
        (?:был|была|было|были) бы
    """,
    ),
    (
        "reported",
        "phrase",
        r"""
        prétendument|soi-disant
        supuestamente|presuntamente
        presumibilmente|a quanto pare
        naar verluidt|zogenaamd
        påstås|sägs
        údajně|prý
        rzekomo|podobno
        якобы|по слухам
    """,
    ),
)
BEHIND: Table = (
    (
        "denied",
        "article",
        r"""
        (?:ce qui|lo que|il che|wat|vilket|což|co jest|что)(?: (?:est|es|è|is|är|je)){0,2} <UNTRUE>
        (?:est|es|è|is|är|je|jest) <UNTRUE>
        (?:non|nee|nej|ne|nie|нет)\W{0,3}$
        (?:abrogée?|derogad[oa]|abrogat[oa])
    """,
    ),
)
NEXT: Table = (
    (
        "denied",
        "article",
        r"""
        ^\W*(?:cela|c'|esto|eso|questo|ciò|dit|dat|det|to|это)(?: (?:est|es|è|is|är|je|jest)){0,2} <UNTRUE>
        ^\W*(?:non|nee|nej|ne|nie|нет)\W{0,4}$
        ^\W*(?:non|nee|nej|нет)\s{0,2}[,.!:;—–-]
    """,
    ),
)
LEAD_IN: Table = ()
