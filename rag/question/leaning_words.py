"""The words by which a question leans on what was said before it, in English and German. Data only.

The pronouns of a few other languages are among them.

Owns: these lists, in small letters. Knows nothing about how they are used.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


QUESTION_WORDS = _words(
    """who whom whose what when where which why how wer wem wen wessen was wann wo woher wohin warum weshalb wieso
    welche welcher welches welchen welchem wie wieviel womit wofür wozu wodurch woran worauf worüber wovon worin"""
)
# What may stand beside a question word and asks for nothing by itself: "how long", "which year", "where exactly".
QUESTION_COMPANIONS = _words(
    """long much many often far old big large high tall deep wide fast soon late early exactly precisely so else then
    not come year day month time date place city country room person day's lange viel viele oft weit alt groß hoch
    tief breit schnell früh spät genau denn dann sonst jahr tag monat uhrzeit datum ort stadt land raum person"""
)
AUXILIARIES = _words(
    """is are was were am be been do does did can could may might must shall should will would has have had ist sind
    war waren hat haben hatte hatten kann können konnte darf dürfen durfte muss müssen musste soll sollen sollte wird
    werden wurde wurden gibt gilt gelten"""
)
# Behind these comes the subject, and then the verb: "does the ferry leave".
VERB_FOLLOWS = AUXILIARIES - _words("is are was were am ist sind war waren gibt gilt gelten")
PREPOSITIONS = _words(
    """in on at for to from of by with during since until before after about per under over near between im am bei
    beim für nach von vom aus mit um seit bis zu zum zur auf über unter vor pro ab an"""
)
# Before these a name is of a place or a time, not of a person.
PLACE_PREPOSITIONS = _words("in on at from near since until during of im am bei aus nach seit bis auf")
DETERMINERS = _words(
    """the a an this that these those my our your der die das den dem des ein eine einen einem einer dieser diese
    dieses diesen diesem mein meine unser unsere"""
)
# Where a part of a sentence begins that has a subject of its own: a pronoun there may mean what stands before it.
CLAUSE_WORDS = _words(
    """and or but that which who when while if because before after since until than as whether where though so und
    oder aber dass wenn weil bevor nachdem seit bis als ob obwohl damit"""
)
COMMANDS = _words(
    """summarise summarize list compare name tell show explain describe give find count calculate compute translate
    define outline write nenne liste vergleiche fasse erkläre beschreibe zeige gib sag sage berechne zähle"""
)

PERSON_PRONOUNS = _words("he she him her his hers himself herself")
POSSESSIVES = _words(
    "his her its their ihr ihre ihrer ihren ihrem ihres sein seine seiner seinen seinem seines dessen deren"
)
PLURAL_PRONOUNS = _words("they them their theirs")
THING_PRONOUNS = _words("it its itself they them their theirs themselves")
GERMAN_PRONOUNS = _words(
    """er ihn ihm sie ihnen es ihr ihre ihrer ihren ihrem ihres seine seiner seinen seinem seines dessen dort dafür
    davon dazu daran darin dabei darauf darüber danach davor dadurch dies dieser diese dieses diesen diesem
    jener jene"""
)
# Pronouns of Chinese, Japanese and Korean, which stand without spaces: where a question opens with one. What has the
# same signs and is none stands behind them.
UNSPACED_PERSONS = r"(?:她们?|他们?(?![国國人山乡])|她們|他們|彼女たち|彼女|彼ら|彼(?!岸|方)|그녀|그(?=[는가의]\b))"
UNSPACED_THINGS = r"(?:它们?|它們|其(?![他它中实實余餘次]|一)|それ(?!ぞれ)|その|これ|この|그것)"
# What may stand before it in a question that names nobody.
UNSPACED_OPENINGS = (
    "(?:那么?|那麼|请问|請問|然后|然後|还有|還有|但是?|所以|什么时候|什麼時候|何时|何時|为什么|為什麼|为何|在哪里|在哪裡|怎么|怎麼|谁|誰"
    "|是|在|对|對|给|給|和|跟|关于|關於|被|由"
    "|では|じゃあ|そして|なぜ|どうして|いつ|また|그럼|그리고|언제|왜)"
)
# Arabic pronouns; behind a question word they are the copula: "من هو المدير".
ARABIC_PERSONS = _words("هو هي هم هما")
ARABIC_QUESTION_WORDS = _words("من ما ماذا أين اين متى كم كيف لماذا")
DEMONSTRATIVES = _words("this that these those")
# "This year" and "this document" point to no word of the conversation.
NOT_POINTED_TO = _words("year month week morning day time document file text report page index collection way")
# Beside these an "it" or "es" stands for nothing: "is it allowed to park", "gibt es".
EMPTY_IT = _words(
    """take takes took called cost costs allowed permitted possible necessary required true legal safe better best worth
    important difficult easy hard mandatory forbidden rain snow gibt geht handelt erlaubt möglich nötig verboten"""
)
# What "he", "she" and a singular "they" may stand for besides a name.
PEOPLE = _words(
    """staff people person persons child children man woman men women king queen president somebody someone anyone
    everyone employee employees student students guest guests parent parents patient patients member members"""
)
PLURALS = _words("staff people children men women police mice feet teeth")
INDEFINITE = _words("a an every each any no all some new many most several two three four both")
