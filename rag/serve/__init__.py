"""The HTTP service: Footnote for other programs.

Owns: the protocols that programs speak with it (OpenAI's, and its own), who may call and how often, and what is told of
the calls. Adds nothing to how a question is answered.

Interface: ``server.serve`` serves until it is stopped. ``app.make_app`` puts the application together from a
``service.Service``, which opens indexes and answers, and a ``rag.hosting.access.Access``, which knows the callers. A
route asks for what it needs by the types in ``dependencies``.
"""
