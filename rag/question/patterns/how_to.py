"""Questions for the steps to do something. Pure data."""

from __future__ import annotations

from rag.question.patterns.fragments import compiled

_PARTS = {
    "who": (
        r"(?:i|we|you|one|someone|people|users?|employees|staff|a \w+|new \w+|visitors|guests|tenants|customers"
        r"|members|students)"
    ),
    "anyone": (
        r"(?:one|someone|somebody|an? (?:new )?(?:user|employee|visitor|guest|tenant|customer|member|student"
        r"|applicant))"
    ),
    # "How do you know?" and "How does one define X?" ask for no steps.
    "no_step": r"(?:know|think|feel|differ|compare|work|mean|say|define|call)\b",
    "must_do": r"(?:do|must|should|shall|can|would) (?:i|we|you|one) (?:(?:have|need|got) to )?do",
    "way": (
        r"(?:(?:\w+ )?(?:procedure|process)"
        r"|(?:best|right|proper|correct|easiest|quickest|recommended) (?:way|method))"
    ),
}

HOW_TO = compiled(
    # "How do I reset X?", "My badge is lost, how do I get a new one?"
    r"(?:[^?]{1,200}[,.] )?how (?:do|can|should|could|would|may|must|might|shall|am) <who> (?:\w+ly )?(?!<no_step>)\w+",
    r"how (?:does|would|should|can) <anyone> (?!<no_step>)\w+",
    r"(?:explain |describe |show me |tell me |instructions (?:on|for) )?how to \w+",
    # "What steps …", "steps to X", "instructions for X", "the procedure for X"
    r"(?:what|which) (?:are the )?steps\b",
    r"(?:the |list the )?steps (?:to|for|in|of) ",
    r"(?:a |step[ -]by[ -]step )?(?:guide|instructions|procedure|walkthrough) (?:to|for|on) ",
    r"what(?:[’']s| is) the <way> (?:to|for) \w+",
    r"(?:walk|guide) me (?:through )?",
    # "What do I have to do to get X?", "I lost X. What should I do?"
    r"what <must_do> (?:to|if|when|in order|before|after|about|for|with|first|next)\b",
    r"(?:[^?]{1,300}[,.] )?what (?:do|must|should|shall|can) (?:i|we|one) (?:(?:have|need|got) to )?do"
    r"(?: now| then| next)?<end>",
    r"what (?:does it take|is needed|do (?:i|we) need) to \w+",
    # German.
    r"wie (?:\w+ )?(?:ich|man|wir)\b",
    r"wie (?:kann|muss|soll|sollte|könnte|darf) (?:ich|man|wir|er|sie|ein\w*)\b",
    r"wie geht man\b",
    r"was (?:muss|soll|sollte|kann) (?:ich|man|wir) (?:\w+ ){0,8}?(?:tun|machen|beachten)\b",
    r"welche schritte\b",
    r"(?:eine )?anleitung (?:zu[mr]?|für) ",
    r"(?:die )?schritte (?:zu[mr]?|für|um) ",
    r"erklär\w*(?: mir)?,? wie (?:ich|man)\b",
    parts=_PARTS,
)
