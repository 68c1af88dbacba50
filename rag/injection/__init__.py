"""Words in a document that give orders to a language model.

Owns: reading disguised text as a model would, and the phrases to look for. Pure.

Interface: ``detector.find_injections(text)`` returns the first such words, or "".
"""
