"""The numbers by which passages, sentences and answers are scored. Pure.

Owns: their names and what each does. Knows nothing about where they come from: the file says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# A number that is a share, 0…1: a file with another value is refused.
SHARE = {"share": True}
# A number above 0, by which another one is divided.
POSITIVE = {"positive": True}
MOST_COUNT, MOST_NUMBER = 10_000, 1000
"""The largest whole number, and the largest absolute value of another: beyond these nothing is scored sensibly."""


@dataclass(frozen=True, slots=True)
class FittedEncoder:
    """The embedding model that numbers were fitted with.

    Attributes:
        name: Its name, as a user knows it.
        fingerprint: Its fingerprint; see ``rag.models.encoder.Encoder``.
    """

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the dense and the keyword ranking are fused; see ``rag.retrieval.fusion``.

    Attributes:
        dense_weight: The weight of the dense ranking; the keyword ranking has the rest.
        dense_share: The share of its neighbours' cosine similarities that a chunk gets on top of its own.
        keyword_share: The same of their BM25 scores.
        full_keyword_score: A best BM25 score below this is not scaled up to 1. In a small index a term that stands in
            half of the chunks weighs next to nothing, and scaling such scores up would make noise as loud as the dense
            ranking.
        candidates: How many chunks are taken from each ranking.
        reranked: How many of the fused ones a reranker reads.
    """

    dense_weight: float = field(metadata=SHARE)
    dense_share: float = field(metadata=SHARE)
    keyword_share: float = field(metadata=SHARE)
    full_keyword_score: float = field(metadata=POSITIVE)
    candidates: int
    reranked: int


@dataclass(frozen=True, slots=True)
class SourceGains:
    """What a passage gains by its source; see ``rag.retrieval.preferences``.

    Attributes:
        name: What its fused score gains where its path holds all words of the question, which the title and
            other paths lack.
        time: What it gains where its document is of the time that the question asks for.
    """

    name: float = field(metadata=SHARE)
    time: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class FollowUps:
    """How the evidence of a follow-up is ranked; see ``rag.retrieval.asked_words``.

    Attributes:
        asked: What a sentence's score for the question as it was put weighs; its score for the question with what it
            leaves to the conversation filled in weighs 1.
    """

    asked: float


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """How sentences are chosen and ranked; see ``rag.retrieval.evidence``.

    Attributes:
        passages: Of how many of the best passages the sentences are looked at.
        encoded: How many of these sentences are encoded, which costs a pass of the embedding model each.
        shortlist_coverage: What the coverage of the question's terms weighs in the choice of these few, beside the
            fused score of the passage, which weighs 1.
        similarity: What a sentence's cosine similarity with the question weighs in its score.
        coverage: What its coverage of the question's terms weighs.
        passage: What the fused score of its passage weighs.
        kind: What it gains where it holds what the question asks for, such as a number or a time.
        other_period: What it loses where it is about another time than the question: in a row of yearly reports, all
            else is alike.
        rows: How many table rows whose label fits the question are looked at beside, in any of the passages.
        row: What a row gains whose label is what the question names.
        table_share: The share of the retrieved passages that make room for such rows of passages further down.
        reach: How many times as many passages are looked at for such rows as are retrieved.
        nearness: What the nearness of its tokens to the question's weighs.
        context: What the coverage of the question's terms by the sentence and its neighbours together weighs.
    """

    passages: int
    encoded: int
    shortlist_coverage: float
    similarity: float
    coverage: float
    passage: float
    kind: float
    other_period: float
    rows: int
    row: float
    table_share: float = field(metadata=SHARE)
    reach: int
    nearness: float
    context: float


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The coefficients of the logistic model, one for each field of ``rag.retrieval.answerability.Features``."""

    dense: float
    sentence_similarity: float
    title_similarity: float
    word_nearness: float
    top_score_lead: float
    absent_names: float
    denial: float


@dataclass(frozen=True, slots=True)
class WithModel:
    """The confidence joined with what a weak language model says; see ``rag.retrieval.answerability``.

    Attributes:
        intercept: The intercept of the logistic model.
        confidence: The coefficient of the log odds of the confidence.
        likelihood: The coefficient of the log odds of the model's "yes".
        asked_from: The least confidence at which the model is asked; below it, its word would change little.
        asked_to: The confidence from which it is not asked.
    """

    intercept: float
    confidence: float
    likelihood: float
    asked_from: float = field(metadata=SHARE)
    asked_to: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Answerability:
    """Whether the documents answer a question; see ``rag.retrieval.answerability``.

    Attributes:
        intercept: The intercept of the logistic model.
        coefficients: Its coefficients.
        with_model: The confidence joined with what a weak language model says.
        threshold: The confidence below which the documents are taken not to hold the answer, where neither the user
            nor ``rag calibrate`` chose another.
        tentative: The confidence below which an answer is a tentative one, where the user chose no other.
    """

    intercept: float
    coefficients: Coefficients
    with_model: WithModel
    threshold: float = field(metadata=SHARE)
    tentative: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Quotes:
    """What is quoted of the evidence; see ``rag.answering.quotes``.

    Attributes:
        most: How many sentences are quoted at most.
        words: How many words the sentences quoted for a part of a question have together at most; the best one is
            quoted however long it is.
        least_of_part: How many of each part of a question may be quoted, whatever ``most`` leaves to it.
        score_margin: How far below the best sentence one may score.
        repeated_share: A sentence that shares this share of its content words with a quoted one repeats it.
        sharpness: How much likelier a sentence is to answer that scores higher: by the exponential function of so many
            times the difference.
        least_gain: How likely a further sentence must be to answer, for each of its words.
    """

    most: int
    words: int
    least_of_part: int
    score_margin: float
    repeated_share: float = field(metadata=SHARE)
    sharpness: float = 8.0
    least_gain: float = field(default=0.0, metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Which sentences are compared and when two disagree; see ``rag.answering.conflicts`` and ``rag.verify.conflict``.

    Attributes:
        compared: How many sentences of each part of a question are compared, pair by pair.
        score_margin: How far below the best of its part a sentence may score that contradicts another.
        shared_stems: How many content stems two sentences must share to be about the same thing.
        shared_share: The share of the smaller one's content stems that these must be.
    """

    compared: int
    score_margin: float
    shared_stems: int
    shared_share: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class SupportScore:
    """How much of a sentence stands in its sources; see ``rag.verify.verdict.support_score``.

    Attributes:
        light_weight: What a light word weighs; another content word weighs 1.
        name_weight: What a word of a name weighs, since its absence costs extra.
        number_cost: What each number costs that the sources lack.
        name_cost: What each such name costs.
        date_cost: What a date costs that is not theirs.
        counted: How many numbers, and how many names, cost at most.
    """

    light_weight: float
    name_weight: float
    number_cost: float
    name_cost: float
    date_cost: float
    counted: int


@dataclass(frozen=True, slots=True)
class AlignmentLimits:
    """Which lines of its sources a sentence rests on; see ``rag.verify.copies.align`` and ``rag.verify.claims``.

    Attributes:
        lines: With how many lines a sentence is aligned at most: more of them hold any words.
        line_gain: The share of the sentence that a further line must add, unless it adds a whole content word, number
            or date.
        light_weight: What a light word weighs in that share; other content words, numbers and dates weigh 1.
        nearly_copied: From this share of the claim's content stems in one line on, the two say the same in the same
            words.
        spans: How many spans are cited for one sentence at most.
        span_gain: The share of the claim's parts that a further span must add.
    """

    lines: int
    line_gain: float
    light_weight: float
    nearly_copied: float = field(metadata=SHARE)
    spans: int
    span_gain: float


@dataclass(frozen=True, slots=True)
class VerdictLimits:
    """From where on a sentence is supported; see ``rag.verify.verdict``.

    Attributes:
        least_share: Below this share of its content in the aligned lines, a sentence has other words, not just more.
        entailed: From this confidence on, a checking model finds that the source supports all of it.
        refuted: Below this confidence, it finds that the source does not; between the two, it supports a part.
        denied: From this confidence on, it finds that the source says otherwise, where nothing supports the sentence.
    """

    least_share: float = field(metadata=SHARE)
    entailed: float = field(metadata=SHARE)
    refuted: float = field(metadata=SHARE)
    denied: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Support:
    """Whether the sources support a sentence; see ``rag.verify``."""

    score: SupportScore
    alignment: AlignmentLimits
    verdicts: VerdictLimits


@dataclass(frozen=True, slots=True)
class PhraseWeights:
    """The coefficients of a logistic model: does a phrase answer the question?

    One for each field of ``rag.answering.short_answers.features.PhraseFeatures``.
    """

    intercept: float
    near: float
    distance: float
    breaks: float
    behind: float
    rank: float
    rivals: float
    preposition: float
    focus: float
    agent: float
    length: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ProposalWeights:
    """The coefficients of a logistic model: does the phrase that a weak model proposes answer the question?

    One for each field of ``rag.answering.short_answers.features.ProposalFeatures``.
    """

    intercept: float
    rank: float
    repeated: float
    coverage: float
    likelihood: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ShortAnswers:
    """Which phrase is shown as the short answer; see ``rag.answering.short_answers``.

    Attributes:
        phrase: How likely a phrase of the evidence answers the question.
        least: From which probability on it is shown without a model.
        least_figure: The same for a date or an amount, whose form tells more than that of a name.
        least_tentative: The same where the answer is a tentative one.
        proposal: How likely the phrase that a weak model proposes does.
        proposal_least: From which probability on that one is shown.
        proposal_least_tentative: The same where the answer is a tentative one.
    """

    phrase: PhraseWeights
    least: float = field(metadata=SHARE)
    least_figure: float = field(metadata=SHARE)
    least_tentative: float = field(metadata=SHARE)
    proposal: ProposalWeights
    proposal_least: float = field(metadata=SHARE)
    proposal_least_tentative: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Scoring:
    """All numbers, and the embedding model that they were fitted with."""

    encoder: FittedEncoder
    fusion: Fusion
    sources: SourceGains
    follow_ups: FollowUps
    evidence: EvidenceWeights
    answerability: Answerability
    quotes: Quotes
    conflicts: Conflicts
    support: Support
    short_answers: ShortAnswers
