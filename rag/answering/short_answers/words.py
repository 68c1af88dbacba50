"""Word lists of the short answer, English and German. Data only.

Owns: which words mean what; all of them in small letters.
"""

from __future__ import annotations

COPULAS = frozenset("is are was were ist sind war waren".split())
ARTICLES = frozenset("the a an der die das den dem des ein eine einen einem einer eines".split())
# Words that open a question, and what stands beside them.
QUESTION_WORDS = frozenset(
    """who whom whose what when where which why how wer wen wem wessen was wann wo woher wohin welche welcher welches
    welchen welchem warum wieso weshalb wie wieviel""".split()
)
AUXILIARIES = COPULAS | frozenset(
    """do does did has have had can could may might must shall should will would be been being hat haben hatte hatten
    wird werden wurde wurden kann können muss müssen soll sollen darf dürfen""".split()
)
# Words that no phrase ends with: another word belongs to them.
NO_END = frozenset(
    """and or but of in on at to for from by with than as into over under between und oder aber von in auf an zu für aus
    mit als bei der die das the a an is are was were""".split()
)
# Words in small letters inside a name: "Duke of York", "Ludwig van Beethoven".
NAME_PARTICLES = frozenset("of the de del della di da du des la le van von der den zu for al ibn bin".split())
# Prepositions behind a participle: "paid at the gate".
PREPOSITIONS = frozenset("at in by on to for from with into onto under over an bei durch für mit von zu".split())
# What stands with a full stop before a name and belongs to it; an initial does, too.
TITLES_BEFORE_NAMES = frozenset(
    """dr mr mrs ms prof sgt capt lt col gen maj cpl rev fr sr st hon gov sen rep adm pres ing dipl mag hr""".split()
)
# A preposition before the phrase that answers "where" or "when".
PLACE_PREPOSITIONS = frozenset("in at near from to into on of through across around outside inside by nach aus".split())
# A preposition that says where, right behind a verb: "live among reeds".
LOCATING = frozenset(
    "in at on near among under beneath inside behind beside between within auf unter neben zwischen".split()
)
TIME_PREPOSITIONS = frozenset(
    "in on at since by until till from during before after around about circa am im um seit bis ab gegen".split()
)
# A word with a capital that opens a sentence and is no name.
SENTENCE_OPENERS = frozenset(
    """however although though while since because after before during when where if as despite many most some several
    each every another both either one two three four five six seven eight nine ten later early today finally thus
    therefore moreover furthermore additionally according following within without unlike like once only even first
    second third among under over upon until there here such these those other others their his her its our""".split()
)
# Names that are neither a person nor a place.
NOT_PERSONS = frozenset(
    """university college school church company corporation treaty act bill law court council commission parliament
    union party war battle empire kingdom river lake sea mountain mountains island islands city county state states
    fort castle valley bay coast region
    street road bridge park museum station airport age period century era church group league association institute
    committee congress senate house office agency ltd inc plc gmbh ag""".split()
)
# The months and the days of the week.
MONTHS_AND_DAYS = frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday januar februar märz mai juni juli oktober dezember montag dienstag mittwoch
    donnerstag freitag samstag sonntag""".split()
)
# A word behind a copula that does not say what something is.
NO_COMPLEMENT = frozenset(
    """not also to then still now being in at on by for from one it there nicht auch noch zu im am so as with of more
    less very often""".split()
)
# Words that make a statement less than it says.
RESERVATIONS = frozenset(
    """if unless only except until once planned proposed reportedly allegedly supposedly almost nearly before after than
    wenn falls nur außer bis vor nach angeblich geplant fast beinahe als""".split()
)
# Heads of phrases that name a thing, which does nothing and is no answer to "who".
THINGS = frozenset(
    """treaty act bill law theorem theory hypothesis war battle conflict revolution river lake sea ocean mountain island
    valley bay coast street road bridge tunnel park airport station castle palace tower building museum century era
    period age year month day time book novel film song album game poem report article chapter edict decree constitution
    agreement convention money land area place city town village house language religion disease system process method
    machine engine ship car event reason way number amount percent vertrag gesetz krieg schlacht fluss see meer berg
    insel straße brücke turm jahrhundert zeit buch film lied sprache haus stadt dorf""".split()
)
# How nouns end that say who does something, and what is done.
AGENT_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "ant",
    "ent",
    "ee",
    "man",
    "eer",
    "ess",
    "logue",
    "smith",
    "ling",
    "ger",
    "ard",
)
ABSTRACT_ENDINGS = ("tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship", "hood", "ung", "heit", "keit")
# Other nouns for people and for bodies that act.
PERSON_NOUNS = frozenset(
    """men women people children family parents king queen pope nobody everyone anyone one public army navy crew staff
    team
    group tribe nation government parliament council court committee company church state police congress senate
    party union board jury clergy nobility monk nun wife son daughter mother father brother sister chief guard male
    female child
    leute kinder familie eltern könig königin volk regierung rat gericht firma kirche staat polizei partei""".split()
)
