"""txtai: its Embeddings with content, saved and loaded.

Its reader of PDFs needs Java or models of its own from the network, so pypdf reads them here, which is quicker; the
passages are cut as by the plain script.
"""

from pathlib import Path


def _passages(folder):
    from pypdf import PdfReader

    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".pdf":
            text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        else:
            text = path.read_text(encoding="utf-8")
        words = text.split()
        for i in range(0, len(words), 130):
            yield f"{path.name}:{i}", " ".join(words[i : i + 130])


def ingest(folder, store, model):
    from txtai import Embeddings

    embeddings = Embeddings(path=model, content=True)
    embeddings.index(_passages(folder))
    embeddings.save(store)
    return embeddings.count()


def open_search(store, model):
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(store)

    def search(question, k):
        return [found["text"] for found in embeddings.search(question, k)]

    return search
