"""A plain script: pypdf, sentence-transformers and Chroma, as the examples of each have them put together."""

from pathlib import Path


def ingest(folder, store, model):
    import chromadb
    from pypdf import PdfReader
    from sentence_transformers import SentenceTransformer

    passages = []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".pdf":
            text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        else:
            text = path.read_text(encoding="utf-8")
        words = text.split()
        passages += [(path.name, " ".join(words[i : i + 130])) for i in range(0, len(words), 130)]
    texts = [text for _, text in passages]
    vectors = SentenceTransformer(model).encode(texts)
    collection = chromadb.PersistentClient(store).create_collection("documents")
    collection.add(
        ids=[str(number) for number in range(len(texts))],
        documents=texts,
        embeddings=vectors,
        metadatas=[{"source": name} for name, _ in passages],
    )
    return collection.count()


def open_search(store, model):
    import chromadb
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model)
    collection = chromadb.PersistentClient(store).get_collection("documents")

    def search(question, k):
        return collection.query(query_embeddings=encoder.encode([question]), n_results=k)["documents"][0]

    return search
