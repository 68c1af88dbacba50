"""Whoever writes an answer from what was gathered, behind one interface.

Owns: the interface. Knows nothing about how material is gathered or how an answer ends.

Interface: ``Writer.write(snapshot, material, context)`` yields ``Answer`` snapshots; the last one is done.

    opening   which writer an open model, or none, gets
    quotes    without a model: what the material composes by itself
    weak      a weak model: the same first, and the phrase it proposes as the short answer where that is sure enough
    long_reading  notes on evidence that exceeds a model's window
    strong    a strong model: its draft over numbered evidence, checked sentence by sentence
"""
