"""Footnote from Python, with the settings that it has by itself; its folder of indexes is the store."""

from pathlib import Path


def open_search(store, model):
    import rag

    index = rag.open_index("peers", home=Path(store))

    def search(question, k):
        return [passage.text for passage in rag.retrieve(index, question, k)]

    return search
