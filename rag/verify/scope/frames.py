"""The frames of all languages, ready to be looked for. Pure.

Owns: which frames are looked for where. The words stand in a module for each language.

    BEFORE      in front of a sentence, in its line or at the end of the line above: "It is false that …"
    LABELS      there, with a colon: "Myth: …"
    LEAD_IN     in the line above, about what follows: "The following statements are wrong."
    INSIDE      between the words of a sentence: "… would be …", "… is said to …"
    BEHIND      after its words: "…, which is false", "… (repealed)"
    NEXT        a line of its own behind it: "That is not true."
    HEADINGS    above it: "Common misconceptions"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verify.scope import english, further_languages, german
from rag.verify.scope.frame import Kind, read_frames
from rag.verify.scope.vocabulary import VOCABULARY

_LANGUAGES = (english, german, further_languages)

BEFORE = read_frames([language.BEFORE for language in _LANGUAGES], VOCABULARY)
LABELS = read_frames([language.LABELS for language in _LANGUAGES], VOCABULARY)
LEAD_IN = read_frames([language.LEAD_IN for language in _LANGUAGES], VOCABULARY)
INSIDE = read_frames([language.INSIDE for language in _LANGUAGES], VOCABULARY)
BEHIND = read_frames([language.BEHIND for language in _LANGUAGES], VOCABULARY)
NEXT = read_frames([language.NEXT for language in _LANGUAGES], VOCABULARY)
_STATEMENTS = (
    r"(?:statements?|claims?|answers?|sentences?|examples?|beliefs?|wordings?|rules?|provisions?|rumou?rs?|reports?"
    r"|versions?|clauses?|proposals?|stories|facts?|tariffs?|regulations?)"
)
HEADINGS: Sequence[tuple[Kind, re.Pattern[str]]] = (
    (
        "denied",
        re.compile(
            r"\b(?:(?:common |popular |frequent |widespread )?"
            r"(?:misconceptions|myths(?! (?:and|&|of|vs))|falsehoods|fallacies|hoaxes)"
            r"|(?:common|popular|frequent) (?:errors|mistakes)"
            r"|(?:incorrect|false|wrong|untrue|inaccurate|forbidden|misleading|unfounded|fake|forged|debunked|refuted"
            rf"|retracted|repealed|withdrawn|revoked|superseded|rejected|abolished|obsolete) (?:\w+ )?{_STATEMENTS}"
            rf"|{_STATEMENTS} (?:that|which) (?:are|is|were) (?:false|wrong|untrue|incorrect|not true|no longer)\b"
            r"|(?:what|things|words|phrases|sentences) (?:you )?(?:must|should|may) (?:not|never) (?:say|write|be said)"
            r"|no longer (?:in force|valid|true|applicable)"
            r"|(?:häufige |verbreitete )?(?:Irrtümer|Irrglauben|Falschaussagen|Mythen(?! und))"
            r"|(?:falsche|aufgehobene|widerrufene|zurückgezogene)"
            r" (?:Aussagen|Antworten|Behauptungen|Regeln|Vorschriften)"
            r"|nicht mehr gültig|idées reçues|mitos(?! y)|falsi miti|misvattingen|vanföreställningar|časté omyly|mity"
            r"|заблуждения|мифы)\b",
            re.I,
        ),
    ),
    (
        "supposed",
        re.compile(
            r"\b(?:(?:hypothetical|fictional|fictitious|imaginary) (?:\w+ )?"
            r"(?:scenarios?|cases?|examples?|stor(?:y|ies)|worlds?|companies|company)"
            r"|thought experiments?|what[- ]if scenarios?|Gedankenexperimente?)\b",
            re.I,
        ),
    ),
    ("reported", re.compile(r"\b(?:rumou?rs|gossip|hearsay|Gerüchte)\b", re.I)),
)
# What makes a belief or a question a statement after all.
CONFIRMED = re.compile(
    r"^\W*(?:is|was|are|were|has been|have been|turned out to be|proved)(?: \w+)? (?:true|correct|confirmed|right"
    r"|accurate|proven|supported|well founded)\b",
    re.I,
)
AFFIRMED = re.compile(r"^\W*(?:yes|yeah|indeed|certainly|correct|true|ja|jawohl|oui|sí|si|sì|tak|ano|да)\b", re.I)
RHETORICAL = re.compile(r"\b(?:did|do) you know\b|\bwussten sie\b|\bsaviez-vous\b", re.I)
# A clause with "that" is not known to be stated behind other words than these.
THAT_CLAUSE = re.compile(
    r"(?P<main>[^.;:!?]*\S)\s+that\s+(?:(?:the|an?|this|our|its|their|all|some|every)\s+)?\W{0,2}$", re.I
)
STATING = re.compile(
    rf"\b(?:(?:{VOCABULARY['DOCUMENT']}|show|find|found|not|know|knew|mean|fact|true|clear|certain|sure|obvious|evident|confirm|demonstrat|reveal"
    r"|prov|establish|ensur|remember|recall|see|saw|discover|learn|realis|realiz|recogni|acknowledg|admit|conclud"
    r"|announc|report|stat|indicat|suggest|so|such|provid|requir|specif|mention|emphasi|stress|point|add|explain|aware"
    r"|observ|agree|determin|decid|record|estimat|calculat|result|because|given|considering|important|remarkabl"
    r"|surpris|pleased|glad|sorry|proud|now|only|except|way|in|after|time|day|year|moment|reason|evidence|sign|proof"
    r"|guarantee|declar|describ|detail|tell|insur|warn|advis|remind|argu|believ|think|thought)\w*)"
    r"(?:\W+\w+){0,3}\W*$",
    re.I,
)
