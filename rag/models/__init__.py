"""Models: the encoder, cross-encoders, language models, and where their weights come from.

Owns: every library that runs a model, and the one lock that keeps two of them from starving each other. Knows nothing
about documents, questions or indexes.

Interface: ``encoder.Encoder`` (texts to vectors) and ``llm.model.Model`` (messages to words); ``weights.pull`` fetches.
"""
