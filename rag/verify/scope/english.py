"""The frames of English; ``rag.verify.scope.frame`` tells how they are written. Pure data.

Owns: the words. Knows nothing about where a sentence stands.
"""

from __future__ import annotations

from rag.verify.scope.frame import Table

BEFORE: Table = (
    (
        "forbidden",
        "clause",
        r"""
        (?:do|does|must|may|shall|should|can|could|ought)(?: \w+)? not(?: \w+){0,2}? <SAY>(?:<HEARER> that)?
        never(?: \w+)? <SAY>(?:<HEARER> that)?
        (?:avoid|refrain from|stop|without|never|against) <SAYING>(?: that)?
        (?:wrong|forbidden|prohibited|not allowed|not permitted|inappropriate|unacceptable\
            |illegal) to <SAY>(?: that)?
    """,
    ),
    (
        "forbidden",
        "phrase",
        r"""
        (?:is|are|was|were) (?:strictly )?(?:forbidden|prohibited|not allowed|not permitted|illegal|unlawful\
            |an offence)(?: for [^,.;:]{1,40}?)? to
        (?:it|there) (?:is )?(?:forbidden|prohibited)(?: for [^,.;:]{1,40}?)? to
    """,
    ),
    (
        "denied",
        "clause",
        r"""
        (?:it|that|this)(?: \w+){0,2}? <UNTRUE>(?: to <SAY>)?,? that
        it(?: is| was)? <UNTRUE> to <SAY>(?: that)?
        (?:it|that|this)(?: \w+){0,2}? (?:impossible|unlikely|doubtful|improbable),? that
        no(?: \w+){0,3}? (?:evidence|proof|indication|sign|study|studies|data|records?|sources?|documents?\
            |research|reason)(?: \w+){0,5}? (?:that|shows?|suggests?|indicates?|proves?|supports?|to believe\
            |to think)(?: that)?
        (?:nobody|no ?one|none of \w+(?: \w+)?|none)(?: has| had| have| ever| seriously){0,2} (?:said|says\
            |say|claimed|claims|claim|believes|believed|thinks|thought|stated|states|suggested|suggests|argues\
            |argued|wrote|writes|reported|maintains)(?: that)?
        (?:do|does|did|can|could|has|have|had|is|was|are|were|will|would|may) (?:not|never)(?: \w+)? (?:say\
            |said|mean|state|stated|claim|claimed|show|shown|imply|prove|proven|suggest|suggested|confirm\
            |confirmed|believe|think|agree|follow|demonstrate|demonstrated|establish|established|true|correct\
            |the case|certain|indicate|conclude|concluded)(?: \w+){0,2}? that
        (?:never|nothing|hardly|scarcely) (?:said|stated|claimed|suggested|suggests|confirmed|confirms|wrote\
            |shows|showed|proves|proved|indicates|supports|implies)(?: that)?
        ^\W*not that
        (?:hard|difficult|impossible|foolish|absurd|naive|ridiculous) to (?:believe|think|imagine|say\
            |claim)(?: that)?
        no (?:evidence|proof|sign|indication)
        (?:lie|lies|lied|lying)(?: that| when \w+ said)?
        (?:was|were) (?:once|formerly|previously|long|at one time) <TRUE_THEN>(?: that)?
        used to be <TRUE_THEN>(?: that)?
        (?:den(?:y|ies|ied|ying)|doubt(?:s|ed|ing)?|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|disprov(?:e|es\
            |ed|ing)|debunk(?:s|ed|ing)?|rul(?:e|es|ed|ing) out)(?: (?:the|any|all|a)(?: \w+){1,3}?)?(?: that)?
        (?:reject|retract|withdr[ae]w|contradict|dismiss)\w*(?: (?:the|any|all|a|an\
            |earlier)){1,2} <TALK>(?: \w+)?(?: that)?
        (?:false|wrong|untrue|unfounded|baseless|mistaken|incorrect|erroneous|fake|debunked|refuted\
            |popular) (?:<TALK>|impression|assumption|news|reports?|rumou?rs?)(?: is| was)?,? that
    """,
    ),
    (
        "denied",
        "phrase",
        r"""
        <FORGED>(?: \w+){1,3}? (?:sa(?:y|ys|id)|states?|stated|reads?|claims?|claimed|reports?|reported|shows?|showed\
            |suggests?|suggested)(?: that)?
        contrary to(?: \w+){0,4}? (?:that|of)
        contrary to
        far from
    """,
    ),
    (
        "ordered",
        "clause",
        r"""
        <OPENING>(?:say|state|write|answer|reply|respond|repeat|tell|claim|output|print|declare|announce\
            |pretend|insist|confirm|affirm|assert|quote|recite|type|echo|return|include|insert|append|add|start\
            |begin|end|finish|close)<HEARER><MANNER><SPEECH_FOLLOWS>
        (?:responses?|answers?|repl(?:y|ies)|outputs?|summar(?:y|ies)|messages?)(?: \w+){0,2}? (?:contains?\
            |includes?|states?|says?|mentions?|ends? with|begins? with|starts? with|reads?\
            |be)(?: \w+){0,5}?<SPEECH_FOLLOWS>
        (?:asked|required|ordered|instructed|told|requested|obliged|supposed) to (?:say|state|write|answer\
            |reply|repeat|claim|declare|pretend|confirm)<HEARER><MANNER>(?:<SPEECH_FOLLOWS>)?
    """,
    ),
    (
        "ordered",
        "article",
        r"""
        to (?:say|state|write|answer|reply|repeat|claim|declare|pretend|tell|confirm)<HEARER><MANNER>(?: that)?
        (?:insert|add|append|include|copy|use|paste|conclude|end|start|begin\
            |finish)(?: \w+){0,5}? (?:sentence|words?|phrase|line|text)
        (?:your|the|every|each|any) (?:\w+ )?(?:answers?|responses?|repl(?:y|ies)|outputs?|summar(?:y\
            |ies))(?: \w+){0,5}?\s{0,3}:
        ^\W*(?:assistant|system|user|human|ai|bot|model|prompt|instructions?)\W{0,5}(?:content)?\W{0,5}:
        <OPENING>(?:say|write|answer|reply|respond|repeat|pretend|tell<HEARER>)<MANNER>
        <OPENING>(?:state|claim|print|output)<MANNER>\s{0,3}(?:<QUOTE>)
    """,
    ),
    (
        "asked",
        "phrase",
        r"""
        whether(?! or not\b)
        (?:ask|asks|asked|asking|wonder|wonders|wondered|wondering|check|unclear|unknown|unsure|uncertain\
            |not known|determine|find out|know|see) if
    """,
    ),
    (
        "supposed",
        "clause",
        r"""
        (?:suppos(?:e|ing)|imagin(?:e|es|ed|ing)|assum(?:e|es|ed|ing)|pretend(?:s|ed|ing)?|hypothesi[sz](?:e\
            |es|ed|ing)|presum(?:e|es|ed|ing)|guess(?:es|ed)?|speculat(?:e|es|ed|ing)|dream(?:s|t|ed)?|wish(?:es\
            |ed)?|hop(?:e|es|ed|ing)|fear(?:s|ed)?|propos(?:e|es|ed|al|als)|hypothes[ie]s|assumption\
            |fiction)(?:,? for (?:a moment|example|instance|the sake of \w+))?,?(?: \w+){0,1}? that
        in (?:a|an|the|this|our) (?:\w+ )?(?:hypothetical|thought experiment|imaginary world),?
        (?:in|consider|picture|take) (?:a|an|the|this|our) (?:\w+ )?(?:world|universe|scenario|story|novel\
            |film|dream|thought experiment),? (?:where|in which|that)
        (?:could|might|may) be that
        it (?:is |was )?(?:\w+ )?(?:conceivable|imaginable|hoped|feared|proposed|planned|intended) that
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        <OPENING>(?:suppose|imagine|assume|pretend|picture|presume)
        let(?: us)? (?:suppose|imagine|assume|pretend|say)
        supposing|assuming|hypothetically,?
        (?:what |as |even |only )?if
        as though|unless|in case|in the event(?: that)?|on condition that|lest
        ^\W*provided|(?<=, )provided|provided that|for the sake of argument,?
        (?:plans?|proposals?|calls?|demands?) (?:for|to)
        (?:I|we|they|he|she|you) (?:wish|wished|wishes|hope|hoped|guess|fear|fears|feared|dream|dreamt)
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        ^\W*(?:had|were|should)
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        in (?:an?|the|this|that|his|her|its|their|our|my|one) (?:\w+ ){0,2}?<FICTION>(?: (?:of|by\
            |about)(?: \w+){1,3}?)?,?
        ^\W*(?:had|should) \w+(?: \w+){0,6},
        ^\W*were \w+(?: \w+){0,2}? to(?: \w+){1,6},
    """,
    ),
    (
        "reported",
        "clause",
        r"""
        so-called \w+(?: that)?
        ^\W*(?:(?!the|these|those|our|its|all|both|this)\w+ )?<UNNAMED_REPORTS>(?: \w+ly)? (?:say|said|claim(?:ed)?\
            |suggest(?:ed)?|have it|allege[ds]?)(?: that)?
        (?:there (?:is|was|are|were) )?(?:an? |the |any )?(?:\w+ )?<TALK>,? that
        rumou?r has it(?: that)?
        it (?:is |was |has been )(?:\w+ )?(?:said|claimed|alleged|rumou?red|believed|thought|suspected|argued\
            |supposed) that
        <OTHERS>(?: \w+){0,4}? (?:<CLAIM>|<OPINE>)(?: that)?
        <CLAIM>(?: \w+)? that
        word (?:is|has it)(?: that)?
        it is (?:said|claimed|alleged|rumou?red)
        <NOT_BEHIND_DOCUMENT>(?:said|says|wrote|writes|complained|boasted|joked|tweeted|promised)(?: that)?
        told(?: \w+){1,3}? that
    """,
    ),
    (
        "reported",
        "article",
        r"""
        (?:according to|in the (?:opinion|view|words|eyes) of) (?!(?:\w+ ){0,3}<DOCUMENT>\b)[^,.;:]{1,60},
        <CLAIM>|(?:believe|think|hope|fear|promise|suspect|imagine)s|thought|believed
        (?:in|from|to) [^,.;:]{1,40}? (?:opinion|view|eyes|mind),?
        reportedly,?|allegedly,?|supposedly,?|purportedly,?
    """,
    ),
)
LABELS: Table = (
    (
        "denied",
        "article",
        r"""
        (?:until|till|before|up to|prior to)[^.:;]{1,30}? (?:the following|these|this)(?: \w+){0,3}? <REPEALED>\
            \s{0,2}:
        (?:an? |the )?(?:\w+ ){0,2}?(?:myth|misconception|fallacy|falsehood|lie|hoax|wrong|false|untrue\
            |incorrect|not true|mistake|error|bad|fiction|counter-?example|fake|fake news|joke|satire\
            |parody)(?: (?:no\.?|number|#))?(?: ?\d{1,3})?\s{0,2}[:—–-]
        (?:an? |the )?<FORGED> \w+\s{0,2}:
        april fools?['’]?s?(?: day)?(?: joke| prank)?\s{0,2}[:!—–-]
        (?:debunked|refuted|retracted|repealed|withdrawn|superseded|obsolete)\s{0,2}:
        (?:examples? of )?(?:an? |the )?(?:wrong|false|incorrect|bad|untrue|inaccurate\
            |misleading) (?:\w+ )?(?:answers?|statements?|claims?|sentences?|examples?|wordings?|phrasings?\
            |responses?|repl(?:y|ies))(?: (?:is|are|would be|reads?))?\s{0,2}[:—–-]?
    """,
    ),
    (
        "asked",
        "article",
        r"""
        (?:question|q)(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        (?:hypothesis|scenario|assumption|proposal|draft|motion|idea|petition)(?: ?\d{1,3})?\s{0,2}:
        (?:suppose|imagine|assume|picture)(?: (?:this|that|the following))?\s{0,2}:
    """,
    ),
    (
        "reported",
        "article",
        r"""
        (?:rumou?r|claim|allegation|critics?|gossip|opinion)(?: ?\d{1,3})?\s{0,2}:
        (?:the )?<PARTY>(?:s|['’]s|s['’])?(?: \w+){0,2}?\s{0,2}:
    """,
    ),
    (
        "ordered",
        "article",
        r"""
        (?:translate|rephrase|paraphrase|spell|dictate|complete|(?:example|sample|test|practice) sentence)(?: this\
            | the following)?(?: ?\d{1,3})?\s{0,2}:
    """,
    ),
    (
        "forbidden",
        "article",
        r"""
        (?:do not|don't|never|avoid|not to say)\s{0,2}:
    """,
    ),
)
LEAD_IN: Table = (
    (
        "denied",
        "article",
        r"""
        (?:until|till|before|up to|prior to)[^.:;]{1,30}? (?:the following|these)(?: \w+){0,3}? <REPEALED>
        (?:following|these|next|below)(?: \w+){0,4}? (?:is|are|was|were) <UNTRUE>
        (?:following|these|below)(?: \w+){0,4}? (?:is|are|was|were|has been|have been)(?: \w+)? <REVOKED>
        (?:following|these|below)(?: \w+){0,3}? (?:no longer|do not|does not|never|did not) (?:apply|applies|applied\
            |hold|holds|held)
        (?:following|these)(?: \w+){0,2}? (?:myths|misconceptions|errors|mistakes|falsehoods|lies)
        ^\W*(?:false|wrong|incorrect|untrue) (?:statements|claims|sentences|answers)\W*$
        (?:none|neither) of (?:the|these|those)(?: \w+){0,3}? (?:is|are|was|were) (?:true|correct|right|so)
    """,
    ),
    (
        "supposed",
        "article",
        r"""
        (?:suppose|imagine|assume|consider)(?: \w+)? (?:the )?following(?: \w+){0,2}
    """,
    ),
    (
        "asked",
        "article",
        r"""
        true or false
        which (?:of|one)[^.!?]{0,80}\?
    """,
    ),
)
INSIDE: Table = (
    (
        "forbidden",
        "phrase",
        r"""
        (?:must|may|should|shall|can|is|are) (?:not|never)(?: to)? be (?:\w+ )?<SAID>
    """,
    ),
    (
        "denied",
        "phrase",
        r"""
        (?:den(?:y|ies|ied)|disput(?:e|es|ed)|refut(?:e|es|ed)|doubt(?:s|ed)?) (?:that|being|having)
        (?:wrongly|falsely|mistakenly|erroneously|incorrectly) (?:\w+ )?(?:said|called|described|reported\
            |believed|claimed|thought|stated|assumed|listed|shown)
    """,
    ),
    (
        "supposed",
        "phrase",
        r"""
        would(?: not| \w+ly)? (?:be|have)
        would\b(?! (?:later|go on|eventually|soon|become|remain|continue))
        (?:could|might) have
        (?:had |have |has |was |were |is |are )(?:plann(?:ed|ing)|intend(?:ed|ing)|hop(?:ed|ing)|propos(?:ed\
            |ing)|threaten(?:ed|ing)|consider(?:ed|ing)|going|supposed|meant|expected|about) (?:to|for)
        (?:planned|plans|intended|intends|hoped|hopes|wanted|wants|proposed|proposes|threatened|threatens\
            |attempted|tried|wished) to
    """,
    ),
    (
        "reported",
        "phrase",
        r"""
        reportedly|allegedly|supposedly|purportedly
        (?:is|are|was|were|be|been|being) (?:\w+ly )?(?:said|alleged|rumou?red|believed|thought|claimed\
            |reported|reputed|suspected) to
        (?<=,)\s?(?:<OTHERS>|he|she|they|it is|it was|as)(?: \w+){0,3}? (?:<CLAIM>|<OPINE>),
        <OTHERS>(?: \w+)? <CLAIM>
        <CLAIM> (?:that|to)
    """,
    ),
)
BEHIND: Table = (
    (
        "denied",
        "article",
        r"""
        (?:which|that|this|it|but (?:that|this|it))(?: (?:is|was|\w+ly)){0,2} <UNTRUE>
        (?:no|nope|not|not so)\W{0,3}$
        (?:is|was|are|were|has been|have been|is simply|would be)(?: \w+ly)? <UNTRUE>
        <UNTRUE>\W{0,3}$
        (?:has been|have been|had been|was|were|is|turned out to be|proved to be|later) (?:\w+ )?(?:withdrawn\
            |retracted|debunked|denied|refuted|disproved|corrected|<UNTRUE>)
        denied by
        (?:repealed|withdrawn|revoked|superseded|abolished|no longer in force|obsolete|deleted|struck out\
            |void)
        (?:(?:just |only |merely )?in name only|on paper only)
    """,
    ),
    (
        "asked",
        "article",
        r"""
        (?:is|was|are|were|remains?)(?: \w+)? <UNSETTLED>
        [\[(][^\])]{0,40}\b(?:disputed|dubious|unverified|unconfirmed|doubtful)
    """,
    ),
    (
        "forbidden",
        "article",
        r"""
        (?:must|may|should|can|is)(?: not|not| never)(?: to)? be (?:said|written|stated|claimed|repeated|quoted)
    """,
    ),
    (
        "reported",
        "article",
        r"""
        (?:<OTHERS>|it is|it was|so)(?: \w+){0,3}? (?:<CLAIM>|<OPINE>)\W{0,3}$
        (?:or )?so (?:they|people|critics|some|the story|the legend) (?:say|says|said|claim|goes)
        or so (?:\w+ ){1,3}(?:<CLAIM>|says?|said)\W{0,3}$
        it (?:is|was) (?:said|claimed|alleged|rumou?red)
        <UNNAMED_REPORTS>(?: \w+ly)? (?:suggest|say|claim|have it|allege)\w{0,3}\W{0,3}$
        (?:said|says|<CLAIM>|according to) (?:\w+\W?){1,4}\W{0,3}$
        (?:\w+ ){1,3}(?:<CLAIM>|said|says|wrote|proposed|suggested|demanded|hoped|feared|warned)\W{0,3}$
        according to (?:\w+ ){0,2}?(?:critics?|opponents?|rumou?rs?|s[ck]eptics|tabloids|gossip|activists)
    """,
    ),
)
NEXT: Table = (
    (
        "asked",
        "article",
        r"""
        ^\W*(?:true or false|right or wrong|is (?:this|that|it) (?:true|so|right)|really)\W{0,4}\?
        ^\W*or (?:is|was|are|were|does|did|do|has|have|can|will) (?:it|they|he|she|that|this)(?: \w+){0,2}\W{0,3}\?
    """,
    ),
    (
        "denied",
        "article",
        r"""
        ^\W*(?:this|that|it|which|but (?:this|that|it))(?: (?:is|was|claim|statement|\w+ly)){0,3} <UNTRUE>
        ^\W*(?:no|nope|<UNTRUE>)\W{0,4}$
        ^\W*(?:(?:just|only) (?:kidding|joking|a joke)|fooled you|april fools?['’]?)\W{0,4}$
        ^\W*(?:no|nope)\s{0,2}[,.!:;—–-]
    """,
    ),
)
