"""Haystack: pipelines of its converters, splitter, embedders and writer, and its Chroma document store."""

from pathlib import Path


def ingest(folder, store, model):
    from haystack import Pipeline
    from haystack.components.converters import PyPDFToDocument, TextFileToDocument
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentCleaner, DocumentSplitter
    from haystack.components.routers import FileTypeRouter
    from haystack.components.writers import DocumentWriter
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder
    from haystack_integrations.document_stores.chroma import ChromaDocumentStore

    document_store = ChromaDocumentStore(persist_path=store)
    pipeline = Pipeline()
    pipeline.add_component("router", FileTypeRouter(mime_types=["text/plain", "application/pdf"]))
    pipeline.add_component("text", TextFileToDocument())
    pipeline.add_component("pdf", PyPDFToDocument())
    pipeline.add_component("joiner", DocumentJoiner())
    pipeline.add_component("cleaner", DocumentCleaner())
    pipeline.add_component("splitter", DocumentSplitter(split_by="word", split_length=130, split_overlap=0))
    pipeline.add_component("embedder", SentenceTransformersDocumentEmbedder(model=model))
    pipeline.add_component("writer", DocumentWriter(document_store))
    pipeline.connect("router.text/plain", "text.sources")
    pipeline.connect("router.application/pdf", "pdf.sources")
    pipeline.connect("text", "joiner")
    pipeline.connect("pdf", "joiner")
    pipeline.connect("joiner", "cleaner")
    pipeline.connect("cleaner", "splitter")
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    pipeline.run({"router": {"sources": sorted(Path(folder).iterdir())}})
    return document_store.count_documents()


def open_search(store, model):
    from haystack import Pipeline
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder
    from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
    from haystack_integrations.document_stores.chroma import ChromaDocumentStore

    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    pipeline.add_component("retriever", ChromaEmbeddingRetriever(ChromaDocumentStore(persist_path=store)))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def search(question, k):
        found = pipeline.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.content for document in found["retriever"]["documents"]]

    return search
