"""The frames of German; ``rag.verify.scope.frame`` tells how they are written. Pure data.

Owns: the words. Knows nothing about where a sentence stands.
"""

from __future__ import annotations

from rag.verify.scope.frame import Table

BEFORE: Table = (
    (
        "forbidden",
        "clause",
        r"""
        (?:schreib|schreiben|schreibe|sag|sagen|sage|behaupte|behaupten|nennen|wiederholen|antworten\
            |erwähnen)(?: Sie)?(?: \w+){0,2}? (?:nicht|nie|niemals|keinesfalls|auf keinen Fall)(?:,? dass)?
        (?:darf|dürfen|soll|sollen)(?: \w+){0,2}? (?:nicht|nie|niemals|keinesfalls)(?:,? dass)?
    """,
    ),
    (
        "forbidden",
        "phrase",
        r"""
        (?:es ist|ist es) (?:\w+ )?(?:verboten|untersagt|nicht erlaubt)
    """,
    ),
    (
        "denied",
        "clause",
        r"""
        (?:es|das)(?: \w+){0,2}? (?:<UNTRUE>)(?: zu (?:sagen|behaupten|glauben|meinen))?,? dass
        (?:das |es )?stimmt nicht,? dass
        kein\w{0,2}(?: \w+){0,2}? (?:Beleg|Beweis|Hinweis|Anzeichen|Studie)\w{0,3}(?: \w+){0,4}?,? dass
        niemand(?: hat)?(?: je)?(?: \w+)? (?:sagt|sagte|gesagt|behauptet|behauptete|glaubt)(?:,? dass)?
        (?:bestreite[tn]?|bestritt|bestritten|leugnet|leugnen|dementiert|dementierte|bezweifelt|bezweifeln\
            |widerlegt)(?: \w+){0,3}?,? dass
        (?:heißt|bedeutet|sagt|sagte|besagt|behauptet|belegt|zeigt|glaubt|glaube\
            |meint)(?: \w+){0,2}? nicht,? dass
    """,
    ),
    (
        "denied",
        "phrase",
        r"""
        entgegen(?: \w+){0,3}?,? dass
    """,
    ),
    (
        "ordered",
        "clause",
        r"""
        <OPENING>(?:sag|sage|sagen Sie|schreib|schreibe|schreiben Sie|antworte|antworten Sie|behaupte\
            |behaupten Sie|wiederhole|wiederholen Sie|erkläre|erklären Sie|gib\
            |geben Sie)(?: \w+){0,4}?<SPEECH_FOLLOWS>
    """,
    ),
    (
        "ordered",
        "article",
        r"""
        (?:sag|sage|schreib|schreibe|antworte|wiederhole)(?: \w+){0,2}?
    """,
    ),
    (
        "asked",
        "phrase",
        r"""
        (?:fragt|fragen|fragte|prüfen|prüft|unklar|offen|unbekannt|ungewiss|umstritten|wissen|frage),? ob
        ^\W*ob
    """,
    ),
    (
        "supposed",
        "clause",
        r"""
        angenommen|nehmen (?:wir|Sie)(?: einmal| mal)? an|nimm(?: mal)? an|nehmt an|gesetzt den Fall\
            |stell(?:en Sie sich|t euch| dir|e dir)(?: einmal| mal)? vor|unterstellt(?:,? dass)|vorausgesetzt
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        falls|sofern|als ob|^\W*wenn
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        ^\W*(?:wäre|hätte|gäbe|würde)n?
        ^\W*(?:si|wenn|om|als)
    """,
    ),
    (
        "reported",
        "clause",
        r"""
        (?:Gerücht|Mythos|Irrglaube|Behauptung|Vorwurf|Legende|Unterstellung|Gerede)\w{0,2},? dass
        (?:behauptet|behaupten|behauptete|behaupteten|meint|meinen|glaubt|glauben|munkelt\
            |munkeln)(?: \w+)?,? dass
        (?:Kritiker|Gegner|Manche|Einige|Viele|Skeptiker)\w{0,3}(?: \w+){0,2}? (?:sagen|behaupten|meinen\
            |glauben|vermuten)(?:,? dass)?
        (?:es heißt|man sagt|man munkelt),? dass
    """,
    ),
    (
        "reported",
        "article",
        r"""
        angeblich|mutmaßlich|vermeintlich|Gerüchten zufolge
        (?:behaupt|mein|glaub|vermut|munkel)(?:t|et|en|n|te|ten|ete|eten)(?: \w+)?\s{0,2}[,:]
        (?:Gerücht|Irrglaube|Behauptung|Vorwurf|Legende|Unterstellung)\w{0,2},
    """,
    ),
    (
        "reported",
        "phrase",
        r"""
        (?:laut|nach (?:Angaben|Ansicht|Meinung) (?:von|der|des)|zufolge) (?:\w+ ){0,1}?(?:Kritiker|Gegner\
            |Skeptiker|Gerücht|Aktivist|Anhänger)\w{0,3}
    """,
    ),
)
LABELS: Table = (
    (
        "denied",
        "article",
        r"""
        (?:Mythos|Falsch|Irrtum|Unwahr|Lüge|Falsche (?:Antwort|Aussage)|Beispiel (?:einer\
            |für eine) falsche\w? (?:Antwort|Aussage))(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        (?:Annahme|Hypothese)(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
    (
        "reported",
        "article",
        r"""
        (?:Gerücht|Behauptung|Kritiker|Vorwurf)(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
    (
        "forbidden",
        "article",
        r"""
        (?:nicht sagen|nicht schreiben|falsch wäre)\s{0,2}:
    """,
    ),
)
LEAD_IN: Table = (
    (
        "denied",
        "article",
        r"""
        (?:folgende|nachstehende)\w?(?: \w+){0,4}? (?:ist|sind) <UNTRUE>
        folgende\w?(?: \w+){0,2}? (?:Irrtümer|Mythen)
    """,
    ),
    (
        "asked",
        "article",
        r"""
        richtig oder falsch
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        angenommen|stellen Sie sich(?: \w+)? vor
    """,
    ),
)
INSIDE: Table = (
    (
        "forbidden",
        "phrase",
        r"""
        darf (?:nicht|nie|keinesfalls) als
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        würden?|wären?|hätten?|könnten?
    """,
    ),
    (
        "reported",
        "phrase",
        r"""
        soll(?:en|te|ten)?
        angeblich|mutmaßlich|vermeintlich
    """,
    ),
)
NEXT: Table = (
    (
        "asked",
        "article",
        r"""
        ^\W*(?:richtig oder falsch|stimmt das)\W*\?
    """,
    ),
    (
        "denied",
        "article",
        r"""
        ^\W*(?:das|dies)(?: (?:ist|war|aber|jedoch)){0,3} <UNTRUE>
        ^\W*nein(?:\s{0,2}[,.!:;—–-]|\W{0,4}$)
    """,
    ),
)
BEHIND: Table = (
    (
        "denied",
        "article",
        r"""
        (?:was|das|dies)(?: (?:ist|war|aber|jedoch)){0,2} <UNTRUE>
        (?:ist|sind|war|waren) <UNTRUE>
        (?:aufgehoben|gestrichen|außer Kraft|widerrufen)
        (?:trifft|treffen) nicht zu|stimm(?:t|en) nicht
        nein\W{0,3}$
    """,
    ),
    (
        "asked",
        "article",
        r"""
        (?:ist|bleibt)(?: \w+)? <UNSETTLED>
    """,
    ),
    (
        "reported",
        "article",
        r"""
        (?:sagen|behaupten|meinen|so) (?:die )?(?:Kritiker|Gegner|manche|einige)\W{0,3}$
    """,
    ),
)
