"""The routes beside Gradio's page, grouped by what they serve.

Owns: which address gives what, to whom. Everything is named by ids that are looked up among what the user may see; no
route takes a path of a file. What an answer or a document looks like is decided by ``ui.views``.

Interface: each module has a ``router``; ``ui.server.app`` puts them together.
"""
