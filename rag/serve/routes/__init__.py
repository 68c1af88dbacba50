"""The routes of the service, a module a purpose.

Owns: addresses, and the form of what is sent and returned. Knows nothing about how answers come about.

Interface: each module has a ``router``, which ``rag.serve.app`` takes in.
"""
