"""Footnote inside other programs: LlamaIndex and pytest.

Owns: their interfaces over ours. Adds no behaviour.

Interface: ``llama_index`` (a retriever and a query engine) and ``pytest_plugin`` (a suite as tests).
"""
