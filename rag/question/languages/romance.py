"""How French and Spanish ask. Data only; in small letters, with straight apostrophes and plain spaces.

Owns: the words of both.
"""

from __future__ import annotations

import re

from rag.question.languages.words import AskingWords, rows_of, talk_of_rows, types_of

_FRENCH_ASKING = (
    r"^(?:que\b|qu')|\b(?:qui|quoi|qu'est-ce|quand|où|comment|pourquoi|combien"
    r"|quel|quelle|quels|quelles|lequel|laquelle|lesquels"
    r"|lesquelles)\b"
)
_FRENCH_TEXTS = r"(?:(?:ce|cet|ces|le|les|la|mes|nos|vos) )?(?:documents?|fichiers?|textes?|dossiers?|pdfs?)"
_FRENCH_POLITE = (
    r"(?:s'il (?:vous|te) pla[iî]t|svp|stp|merci(?: beaucoup| d'avance| bien)?|bonjour|bonsoir|salut|bonne journée)"
)

FRENCH = AskingWords(
    spaced=True,
    kinds=rows_of(
        (
            (
                r"(?:fai(?:s|tes)(?:-moi)? |donne[zr]?(?:-moi)? )?(?:une? )?(?:bref |court )?(?:résumé|synthèse)"
                r"(?: (?:de |du |des |d'|sur )(?P<topic>.+?))?[ ?.!]*$",
                "summary",
            ),
            (r"(?:peux-tu |pouvez-vous )?résume[zr]?(?:-moi)? (?P<topic>.+?)[ ?.!]*$", "summary"),
            (
                r"quels? (?:sont |est )?les? points? (?:principaux|essentiels?|clés?|importants?)"
                r"(?: (?:de |du |des |d')(?P<topic>.+?))?[ ?.!]*$",
                "summary",
            ),
            (
                rf"quels {_FRENCH_TEXTS} (?:parlent|traitent|mentionnent)(?: de| du| des| d')? ?(?P<topic>.+?)[ ?.!]*$",
                "overview",
            ),
            (
                rf"(?:de quoi (?:parlent|traitent)|que contiennent) {_FRENCH_TEXTS}[ ?.!]*$"
                rf"|quels {_FRENCH_TEXTS} (?:y a-t-il|as-tu|avez-vous|sont).*$",
                "overview",
            ),
            (
                r"(?:quelles? (?:est|sont) les? |quelle est la )?différences? entre (?P<first>.+?) et (?P<second>.+?)"
                r"[ ?.!]*$",
                "comparison",
            ),
            (r"compare[zr]? (?P<first>.+?) (?:et|avec|à) (?P<second>.+?)[ ?.!]*$", "comparison"),
            (
                r"(?:énumère[zr]?|énumérer|liste[zr]?|cite[zr]?|nomme[zr]?|donne[zr]?(?:-moi)? la liste de)(?:-moi)? "
                r"(?:tou(?:s|tes) )?(?:les |des |la |le )?(?P<topic>.+?)[ ?.!]*$",
                "list",
            ),
            (
                r"comment (?:faire|faut-il|(?:puis|peut|dois|doit|pouvons|devons|peux)-(?:je|on|nous|tu)|est-ce (?:que "
                r"je|qu'on))\b.*",
                "how-to",
            ),
        )
    ),
    types=types_of(
        (
            (
                r"\b(?:en|de|dans|depuis) quelle année\b|\bquelle est l'année\b|\bl'année de quelle\b",
                "year",
            ),
            (r"\bà quelle heure\b|\bquelle heure\b", "time"),
            (r"\bquand\b|\bà quelle date\b|\bquel jour\b|\bquelle est la date\b|\bdepuis quand\b", "date"),
            (
                r"\bcombien de temps\b|\bquelle est la durée\b|\bquel âge\b"
                r"|\bcombien d(?:e |')(?P<head>jours?|mois|heures?|minutes?|années?|ans|semaines?)\b",
                "duration",
            ),
            (r"\bquel pourcentage\b|\bquel est le (?:taux|pourcentage)\b", "percentage"),
            (
                r"\bcombien (?:coûte|coûtent|vaut|valent|coûtait|paie|payent?|paient|gagne|faut-il payer|doit-on payer)"
                r"\b|\bquel(?:le)? est (?:le |l')(?:prix|tarif|loyer|montant|coût|salaire)\b|\bcombien d'(?:euros"
                r"|argent)\b",
                "money",
            ),
            (r"\bcombien d(?:e |')(?P<head>[^\W\d_][\w'-]*)", "number"),
            (r"\bcombien\b", "number"),
            (
                r"\bquel(?:le)? est (?:la |le |l')(?:surface|superficie|longueur|largeur|hauteur|distance|poids"
                r"|profondeur|altitude|taille|vitesse|température|capacité|nombre|débit|limite|plafond)\b",
                "number",
            ),
            (r"\bd'où\b|\boù\b|\bdans quel(?:le)? (?P<head>ville|pays|région|rue|lieu|village)\b", "place"),
            (r"\bqui\b|\bquel(?:le)? est le nom d(?:u|e la|e l') ?\w+", "person"),
            (r"\bcomment s'appel\w+\b|\bquel est le nom\b", "name"),
        )
    ),
    asking=re.compile(_FRENCH_ASKING),
    yes_no=re.compile(r"\best-ce qu(?:e |')|\b[^\W\d_]+-(?:t-)?(?:il|elle|ils|elles|on|je|tu|nous|vous|ce)\b"),
    mark_asks=True,
    opening=re.compile(
        rf"(?:{_FRENCH_POLITE}[ ,.!:;–-]*)+(?=\S)|(?:(?:peux-tu|pouvez-vous|pourriez-vous|pourrais-tu) (?:me |nous )?"
        r"(?:dire|expliquer|indiquer) |dites-moi |dis-moi |j'aimerais savoir |je voudrais savoir |savez-vous |sais-tu )"
        r"(?:s'il vous plaît,? )?(?=(?:si |ce qu|à |de |d'|en )?"
        r"(?:qui|que|quand|où|comment|pourquoi|combien|quels?|quelles?|ce)\b)"
    ),
    closing=re.compile(rf"[ ,–-]+{_FRENCH_POLITE}(?P<mark>[ ?.!]*)$"),
    talk=talk_of_rows(
        (
            (
                r"(?:(?:bonjour|bonsoir|salut|coucou|allô)(?: à tous| tout le monde| madame| monsieur)?)"
                r"(?:[ ,]+(?:ça va|comment ça va|comment allez-vous))?",
                "greeting",
            ),
            (r"(?:un )?(?:grand )?merci(?: beaucoup| bien| infiniment| d'avance| pour (?:tout|votre aide))*", "thanks"),
            (r"au revoir|à bientôt|à plus(?: tard)?|bonne (?:journée|soirée|nuit)|adieu", "farewell"),
            (r"parfait|super|génial|très bien|excellent|d'accord|bravo|c'est (?:parfait|super|très bien)", "praise"),
            (r"qui (?:es-tu|êtes-vous)|que (?:peux-tu|pouvez-vous) faire|comment (?:ça|cela) marche|aide", "assistant"),
        )
    ),
    function=frozenset(
        """a à ai au aux avec avez ce ces cet cette comme comment combien d dans de depuis des du elle elles en est
        est-ce et était étaient été être eu fait faut il ils j je l la laquelle le lequel les lesquels leur leurs lui
        ma mais me mes moi mon n ne nos notre nous on ont ou où par pas pendant peut peut-on plus pour pourquoi
        pouvez puis qu quand que quel quelle quelles quels qui quoi s sa sans se selon ses si sont son sous sur t te
        tous tout toute toutes tu un une vers vos votre vous y a-t-il a-t-elle a-t-on sont-ils sont-elles est-il
        est-elle
        doit doivent dit temps année date heure nom appelle jour faire t-il t-elle ils s'appelle c qu'est-ce
        document documents fichier fichiers""".split()
    ),
)

_SPANISH_ASKING = (
    r"\b(?:quién|quiénes|qué|cuándo|dónde|adónde|cómo|cuánto|cuánta|cuántos|cuántas|cuál|cuáles|por qué)\b"
)
_SPANISH_TEXTS = r"(?:(?:este|estos|el|los|la|las|mis|tus|sus) )?(?:documentos?|archivos?|ficheros?|textos?|pdfs?)"
_SPANISH_POLITE = r"(?:por favor|gracias|muchas gracias|hola|buenos días|buenas tardes|buenas noches|perdón|disculpe)"

SPANISH = AskingWords(
    spaced=True,
    kinds=rows_of(
        (
            (
                r"(?:haz(?:me)? |haga |dame |deme )?(?:un )?(?:breve )?(?:resumen)(?: (?:de |del |sobre )(?P<topic>.+?)"
                r")?[ ?.!]*$",
                "summary",
            ),
            (r"(?:puedes |puede )?(?:resume|resuma|resumir|resúmeme) (?P<topic>.+?)[ ?.!]*$", "summary"),
            (
                r"(?:cuáles son )?los puntos (?:principales|clave|más importantes)(?: (?:de |del )(?P<topic>.+?))?"
                r"[ ?.!]*$",
                "summary",
            ),
            (
                rf"qué {_SPANISH_TEXTS} (?:hablan|tratan|mencionan)(?: de| del| sobre)? ?(?P<topic>.+?)[ ?.!]*$",
                "overview",
            ),
            (
                rf"(?:de qué (?:tratan|hablan|trata)|qué contienen) {_SPANISH_TEXTS}[ ?.!]*$"
                rf"|qué {_SPANISH_TEXTS} (?:hay|tienes|tiene|tenemos).*$",
                "overview",
            ),
            (
                r"(?:cuál es la |cuáles son las |qué )?diferencias? (?:hay )?entre (?P<first>.+?) y (?P<second>.+?)"
                r"[ ?.!]*$",
                "comparison",
            ),
            (r"compar[ae](?:r)? (?P<first>.+?) (?:y|con) (?P<second>.+?)[ ?.!]*$", "comparison"),
            (
                r"(?:enumera|enumere|lista|liste|nombra|nombre|dame una lista de|haz una lista de) (?:tod[oa]s )?"
                r"(?:los |las |el |la )?(?P<topic>.+?)[ ?.!]*$",
                "list",
            ),
            (r"cómo (?:puedo|se puede|debo|hago|hay que|podemos|se hace)\b.*", "how-to"),
        )
    ),
    types=types_of(
        (
            (r"\b(?:en|de|desde) qué año\b|\bcuál es el año\b", "year"),
            (r"\ba qué hora\b|\bqué hora\b", "time"),
            (r"\bcuándo\b|\ben qué fecha\b|\bqué día\b|\bcuál es la fecha\b", "date"),
            (
                r"\bcuánto (?:tiempo|dura|duran|tarda)\b|\bqué edad\b|\bcuál es la duración\b"
                r"|\bcuánt[oa]s (?P<head>días?|meses|mes|horas?|minutos?|años?|semanas?)\b",
                "duration",
            ),
            (r"\bqué (?:porcentaje|proporción)\b|\bcuál es (?:el porcentaje|la tasa)\b", "percentage"),
            (
                r"\bcuánto (?:cuesta|cuestan|costó|vale|valen|paga|pagan|cobra|gana|ganaba|cobraba|hay que pagar)\b"
                r"|\bcuál es el (?:precio|coste|costo|alquiler|sueldo|importe)\b|\bqué precio\b|\bcuánto dinero\b",
                "money",
            ),
            (r"\bcuánt[oa]s (?P<head>[^\W\d_][\w'-]*)", "number"),
            (r"\bcuánt[oa]s?\b|\ba qué (?:distancia|altura|altitud|profundidad|velocidad)\b", "number"),
            (
                r"\bcuál es (?:la |el )(?:superficie|longitud|anchura|altura|distancia|peso|profundidad|altitud"
                r"|velocidad|temperatura|capacidad|número|límite|tamaño)\b",
                "number",
            ),
            (r"\ba?dónde\b|\ben qué (?P<head>ciudad|país|región|calle|lugar|pueblo)\b", "place"),
            (r"\bquién(?:es)?\b", "person"),
            (r"\bcómo se llama\w*\b|\bcuál es el nombre\b", "name"),
        )
    ),
    asking=re.compile(_SPANISH_ASKING),
    yes_no=re.compile(r"^(?:es verdad que|es cierto que|hay que|se (?:puede|permite|debe|necesita|admite)\b)"),
    mark_asks=True,
    opening=re.compile(
        rf"(?:{_SPANISH_POLITE}[ ,.!:;–-]*)+(?=\S)|(?:(?:puedes|puede|podrías|podría) (?:decirme|explicarme|indicarme) "
        r"|dime |dígame |me gustaría saber |quisiera saber |quiero saber |sabes |sabe )(?:por favor,? )?"
        r"(?=(?:a |de |en |desde |si |con )?(?:quién|qué|cuándo|dónde|cómo|cuánt|cuál|por qué))"
    ),
    closing=re.compile(rf"[ ,–-]+{_SPANISH_POLITE}(?P<mark>[ ?.!]*)$"),
    talk=talk_of_rows(
        (
            (
                r"(?:hola|buenos días|buenas tardes|buenas noches|buenas|saludos)(?: a todos)?(?:[ ,¿]+(?:qué tal|cómo"
                r" estás?))?",
                "greeting",
            ),
            (
                r"(?:muchas |muchísimas |mil )?gracias(?: por (?:todo|la ayuda|tu ayuda|su ayuda)| de antemano)*",
                "thanks",
            ),
            (r"adiós|hasta (?:luego|pronto|mañana|la vista)|chao|nos vemos|que tengas? (?:un )?buen día", "farewell"),
            (r"perfecto|genial|muy bien|excelente|estupendo|vale|de acuerdo|bravo|qué bien", "praise"),
            (r"quién (?:eres|es usted)|qué (?:puedes|puede) hacer|cómo funciona esto|ayuda", "assistant"),
        )
    ),
    function=frozenset(
        """a al algún con cómo como cuál cuáles cuando cuándo cuánta cuántas cuánto cuántos de del desde donde dónde
        adónde e el él ella ellas ellos en era es esa ese eso esta está están este esto estos fue fueron ha había hace
        hacer han hasta hay la las le les lo los me mi muy ni no nos o para pero por porque pueden puede puedo que qué
        quién quien quiénes se sea según ser si sí sin sobre son su sus también te tiene tienen todo todos tu un una uno
        unos usted y ya tiempo año hora fecha llama nombre día debe deben documento documentos archivo
        archivos""".split()
    ),
)
