"""Words in a document that give orders to a language model.

Owns: undoing disguises, and the phrases to look for. Pure.

    detector     find the first order in a text
    disguises    a text as a model would take it, whatever its characters are disguised as
    phrases      the phrase book, in fifteen languages

Interface: ``detector.find_injections(text)`` returns the first such words, or "".
"""
