"""Models: the encoder, cross-encoders, language models, and where their weights come from.

Owns: every library that runs a model, the one lock that lets one of them compute at a time, and every download of
weights. Knows nothing about documents, questions or indexes.

Interface: ``encoders.open_encoder`` returns an ``encoder.Encoder`` (texts to vectors), ``llm.opening.open_llm`` a
``llm.model.Model`` (messages to an answer), ``entailment.open_entailment`` a ``entailment.ModelEntailment`` (whether a
source supports a sentence); ``weights.pull`` fetches weights.
"""
