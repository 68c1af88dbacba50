"""Ranking the sentences of passages, and the confidence they give: `rag.retrieval.evidence` and `answerability`."""

from __future__ import annotations

from rag.retrieval.answerability import Features, confidence
from rag.retrieval.evidence import candidate_sentences, rank_evidence
from rag.retrieval.passages import retrieve
from rag.scoring.file import shipped_scoring
from rag.store.index import Index

QUESTION = "How many cars does the ferry carry?"


def test_evidence_is_exact_and_the_best_sentence_comes_first(index: Index) -> None:
    passages = retrieve(index, QUESTION)
    sentences = rank_evidence(index, QUESTION, passages).sentences
    assert sentences[0].span.quote == "The ferry carries 28 cars."
    assert [item.score for item in sentences] == sorted((item.score for item in sentences), reverse=True)
    for span, passage in candidate_sentences(passages, index):
        document = index.catalog.document(span.source_id)
        assert document is not None
        assert document.text[span.start : span.end] == span.quote
        assert passage.start <= span.start < span.end <= passage.end


def test_confidence_grows_with_each_feature_but_the_titles_similarity() -> None:
    model = shipped_scoring().answerability
    names = Features.__dataclass_fields__
    low = Features(*[0.1] * len(names))
    for name in names:
        other = confidence(Features(**{each: 0.9 if each == name else 0.1 for each in names}), model)
        # What only the title has in common with the question, every near miss has, too.
        assert (other > confidence(low, model)) == (name not in ("title_similarity", "absent_names"))
    assert confidence(Features(*[0.0] * len(names)), model) < 0.01
