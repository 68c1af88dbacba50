"""The words that rules about sentences, names and documents go by, English and German. Pure data."""

from __future__ import annotations

POINTING_WORDS = frozenset(
    """it its they them their theirs he him his she her hers this that these those such both former latter
    er sie es ihn ihm ihr ihre ihren ihrem seine seinen seinem dies diese dieser dieses diesem diesen jene jener
    jenes solche beide""".split()
)
"""Words that point to something said before."""

CONNECTIVES = frozenset(
    """however but and or nor so also thus therefore moreover furthermore instead similarly additionally yet still
    then nevertheless nonetheless meanwhile likewise hence consequently otherwise besides accordingly conversely
    finally secondly thirdly indeed too another others other here there because again
    aber und oder denn also jedoch doch dennoch trotzdem daher deshalb deswegen außerdem zudem ferner stattdessen
    ebenso dabei damit dadurch danach dann dort hier sonst weiterhin schließlich zweitens drittens dazu dafür
    darum davon darin daran""".split()
)
"""Words that join a sentence to the one before it where they open it."""

CONNECTING_PHRASES = (
    "for example",
    "for instance",
    "in addition",
    "as a result",
    "on the other hand",
    "on the contrary",
    "in contrast",
    "by contrast",
    "in turn",
    "in this",
    "in that",
    "at this",
    "at that",
    "at the same time",
    "by then",
    "after that",
    "after this",
    "before that",
    "because of this",
    "because of that",
    "despite this",
    "due to this",
    "with this",
    "of these",
    "of this",
    "of those",
    "one of these",
    "some of these",
    "the same",
    "the other",
    "the latter",
    "the former",
    "the above",
    "as such",
    "to do so",
    "that is",
    "zum beispiel",
    "im gegensatz",
    "auf diese weise",
    "aus diesem grund",
    "in diesem",
    "in dieser",
    "zur gleichen zeit",
)
"""Phrases that do the same."""

DOCUMENT_WORDS = frozenset(
    """document documents doc docs file files text texts article articles chapter chapters section sections part parts
    page pages paper papers book books report reports speech speeches handbook manual guide letter letters mail mails
    email emails e message messages note notes transcript presentation slides study story post entry entries contract
    rule rules policy policies regulation regulations information content contents material collection corpus index
    everything all whole entire main important key topic topics subject overview summary pdf pdfs website source sources
    dokument dokumente dokumenten datei dateien text texte texten artikel kapitel abschnitt abschnitte teil seite seiten
    buch bericht berichte rede handbuch anleitung leitfaden brief mail nachricht notiz notizen regel regeln richtlinie
    richtlinien vorschriften inhalt inhalte sammlung unterlagen alles ganze gesamte wichtigsten thema themen quelle
    quellen uploaded given provided mention mentions mentioned
    above attached concerning regarding available current latest newest hochgeladenen vorhandenen
    gegebenen""".split()
)
"""Words that name a document, a part of one or all of them, rather than what it is about."""

GERMAN_SMALL_WORDS = frozenset(
    """der die das den dem des ein eine einen einem einer eines und oder von vom zu zum zur im in am an auf für mit über
    bei aus nach ist sind wird werden wurde wurden hat haben sich nicht auch es er sie als wie um durch dieses diese
    dieser diesem diesen alle allen aller mir uns bitte""".split()
)
"""German function words, which the English list of stop words does not have."""

NAME_JOINTS = frozenset("of the and for at de la le di da van von zu zum zur der des und für del du".split())
"""Small words inside a name: "University of the West of Scotland"."""

PERSON_TITLES = frozenset(
    """mr mrs ms miss madam vice prime speaker chairman chair dr prof
    professor president king queen prince princess sir lady lord emperor empress pope saint
    st chancellor senator congressman congresswoman secretary minister justice judge general colonel captain officer
    governor mayor director herr frau doktor präsident präsidentin könig königin kaiser kaiserin prinz papst kanzler
    kanzlerin minister ministerin richter general bürgermeister bürgermeisterin direktor direktorin khan""".split()
)
"""Titles before the name of a person."""

PERSON_HEADS = frozenset(
    """who whom person persons people individual individuals man men woman women name names character characters actor
    actors author authors artist artists scientist scientists politician politicians leader leaders player players
    wer person personen leute menschen namen autor autoren""".split()
)
"""What a question calls people."""

PERSON_VERBS = frozenset(
    """said says wrote writes was is born died became becomes won wins led leads founded argued argues claimed proposed
    discovered invented told asked joined served works worked lives lived studied teaches taught developed published
    received married moved returned donated gave spoke met arrived explained complained defended painted composed
    resigned retired succeeded replaced signed reports reported manages managed runs ran chairs chaired heads headed
    owns owned teaches travelled visited thought believed wanted knew sagte
    schrieb wurde war starb gewann leitet leitete gründete arbeitet lebt
    lebte""".split()
)
"""Verbs behind the name of a person."""

NOT_PERSON_WORDS = frozenset(
    """university college school institute academy river lake sea ocean mount mountain street road avenue park museum
    company inc corp corporation ltd llc gmbh ag plc act law treaty war battle army empire republic kingdom states
    union party church council committee congress senate house court board department ministry office bank city county
    state district province island islands north south east west northern southern eastern western new great united
    american british german french english chinese european african january february march april may june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday century age period
    the a an in on at of for and by from with to as it this that we i our my he she they
    universität hochschule schule institut fluss see meer berg straße platz museum gesellschaft gesetz vertrag krieg
    schlacht reich republik königreich partei kirche rat gericht amt bank stadt kreis land bezirk insel nord süd ost
    west""".split()
)
"""Words that no name of a person holds."""

COMPANY_ENDINGS = frozenset("inc corp corporation ltd llc gmbh ag plc co company se kg".split())
"""Words that end the name of a company."""

COMPANY_HEADS = frozenset(
    "company companies firm firms business businesses corporation corporations firma firmen unternehmen".split()
)
"""What a question calls companies."""

GAIN_WORDS = frozenset(
    """advantage advantages benefit benefits better best easier cheaper faster higher improve improved improves gain
    gains strength strengths saves save saving allow allows enables smaller quality success successful superior
    prestigious effective efficient merit merits pro pros vorteil vorteile besser nutzen stärke stärken günstiger
    einfacher schneller""".split()
)
"""Words of a sentence that says something good of its matter."""

LOSS_WORDS = frozenset(
    """disadvantage disadvantages drawback drawbacks worse worst harder expensive slower lower cost costs fee fees
    tuition risk risks problem problems danger dangerous criticism criticised criticized critics weakness weaknesses
    limit limits limited lack lacks cannot fails fail failure damage harm inferior loss con cons unable difficult
    unless without shortage nachteil nachteile schlechter teurer teuer risiko risiken gefahr gefährlich kritik schwäche
    schwächen kosten schwierig fehlt""".split()
)
"""Words of a sentence that says something bad of its matter."""

COMPARED_BY = {
    "larger": "population area size inhabitants",
    "bigger": "population area size inhabitants",
    "smaller": "population area size inhabitants",
    "older": "founded built year age",
    "younger": "founded built year age",
    "newer": "founded built year",
    "earlier": "year founded date",
    "later": "year founded date",
    "taller": "height metres",
    "higher": "height level amount",
    "lower": "height level amount",
    "longer": "length duration",
    "shorter": "length duration",
    "cheaper": "cost price fee",
    "dearer": "cost price fee",
    "faster": "speed time",
    "heavier": "weight mass",
    "richer": "income wealth",
    "größer": "Einwohner Fläche Größe",
    "kleiner": "Einwohner Fläche Größe",
    "älter": "gegründet Jahr Alter",
    "jünger": "gegründet Jahr Alter",
    "höher": "Höhe Betrag",
    "länger": "Länge Dauer",
    "kürzer": "Länge Dauer",
    "billiger": "Kosten Preis",
    "günstiger": "Kosten Preis",
    "teurer": "Kosten Preis",
    "schneller": "Geschwindigkeit Zeit",
    "schwerer": "Gewicht",
}
"""What two things are measured by, for the comparatives of questions."""

LIST_OPENERS = frozenset(
    """list name which what who whom all the every each give me enumerate show tell us of any are is there find please
    some different various several other can you could identify mention nenne nennen liste zähle welche welchen welcher
    welches was wer alle die der das gib mir es sind gibt zeige bitte auf wen""".split()
)
"""Words before the thing that a question asks a list of."""

LIST_ENDS = frozenset(
    """mentioned named listed discussed described given found covered identified used required needed included
    in of from that who which whose with for by on at to along near around under between through during since before
    after within using against among inside outside behind beyond across entlang bei zwischen
    does do did are is were was have has had can could must should
    may might will would there according and or appear appears occur occurs come comes exist
    erwähnt genannt aufgeführt beschrieben werden wird in im von vom aus die der das mit für zu nach sind gibt hat
    haben kommen vor es muss müssen kann können soll sollen laut""".split()
)
"""Words behind it."""

NAMED_HEADS = frozenset(
    """city cities town towns village villages country countries river rivers lake lakes sea seas ocean oceans island
    islands mountain mountains university universities college colleges school schools museum museums bridge bridges
    street streets battle battles treaty treaties newspaper newspapers hotel hotels church churches
    stadt städte dorf dörfer land länder fluss flüsse see seen meer insel inseln berg berge universität universitäten
    hochschule hochschulen schule schulen museen brücke brücken straße straßen schlacht schlachten vertrag verträge
    zeitung zeitungen kirche kirchen""".split()
)
"""Things that have names of their own."""

NAMED_WITH_OF = frozenset(
    "city town village island state province county kingdom republic battle treaty lake gulf isle port".split()
)
"""Those whose name may follow after "of": "the city of Cork"."""

MENTION_WORDS = frozenset(
    """mentioned named listed mentions names mention appear appears occur occurs referred quoted cited erwähnt genannt
    nennt vorkommen""".split()
)
"""Words of a question that asks for names."""

COMPARING_WORDS = frozenset(
    """compare compared comparison differ differs difference differences different between versus vs contrast similar
    similarity similarities better worse city town country company changed change changes since
    vergleiche vergleichen vergleich unterschied unterschiede unterscheiden unterscheidet zwischen gegenüber
    geändert""".split()
)
"""Words with which a comparison is asked for."""

ABSTRACT_WORDS = frozenset(
    """problem problems issue issues challenge challenges concern concerns achievement achievements accomplishment
    accomplishments success successes goal goals aim aims reason reasons claim claims argument arguments step steps
    measure measures proposal proposals recommendation recommendations demand demands advantage advantages disadvantage
    disadvantages finding findings conclusion conclusions result results risk risks requirement requirements promise
    promises tone view views opinion opinions position positions attitude thing things point points identify identifies
    identified describe describes say says speaker author writer mention mentions mentioned according propose proposes
    recommend recommends probleme herausforderungen erfolge ziele gründe argumente maßnahmen vorschläge empfehlungen
    ergebnisse risiken anforderungen versprechen ansicht meinung punkte""".split()
)
"""Words for what a text does, which it need not use itself to do so."""

_DEMAND_WORDS = frozenset(
    """should must need needs pass let urge call propose proposes proposed recommend recommends recommended want demand
    require requires sollte sollten muss müssen fordern empfehlen""".split()
)
_TROUBLE_WORDS = (
    LOSS_WORDS - frozenset("cannot unless without fee fees tuition cost costs limit limits limited con cons".split())
) | frozenset(
    """crisis threat threats attack attacks worst violence war poverty inflation deficit broken blocked victims harmful
    emergency krise bedrohung gewalt krieg armut""".split()
)
_SUCCESS_WORDS = GAIN_WORDS | frozenset(
    """created built cut won record passed signed saved lowest highest largest million delivered restored secured
    geschaffen gebaut gesenkt gewonnen""".split()
)
CUES = (
    (
        frozenset("problem problems issue issues challenge challenges concerns threats risks probleme risiken".split()),
        _TROUBLE_WORDS,
    ),
    (frozenset("achievement achievements accomplishments successes success erfolge".split()), _SUCCESS_WORDS),
    (
        frozenset("should proposals proposal recommendations recommend demands propose soll sollte vorschläge".split()),
        _DEMAND_WORDS,
    ),
)
"""What a question calls something, and the words of sentences that are of that sort."""

GAIN_NAMES = frozenset("advantage advantages benefit benefits pro pros merit merits strength strengths upsides".split())
LOSS_NAMES = frozenset(
    "disadvantage disadvantages drawback drawbacks con cons downside downsides weakness weaknesses risks".split()
)
GERMAN_GAIN_NAMES = frozenset("vorteil vorteile stärken".split())
GERMAN_LOSS_NAMES = frozenset("nachteil nachteile schwächen".split())
"""What a question calls what speaks for something, and against it."""
