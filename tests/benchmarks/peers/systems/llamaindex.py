"""LlamaIndex: SimpleDirectoryReader, SentenceSplitter, HuggingFaceEmbedding and ChromaVectorStore."""


def _index_of(collection, model, documents=None):
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embed_model = HuggingFaceEmbedding(model_name=model)
    store = ChromaVectorStore(chroma_collection=collection)
    if documents is None:
        return VectorStoreIndex.from_vector_store(store, embed_model=embed_model)
    return VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embed_model,
        transformations=[SentenceSplitter(chunk_size=200, chunk_overlap=20, include_metadata=False)],
    )


def ingest(folder, store, model):
    import chromadb
    from llama_index.core import SimpleDirectoryReader

    documents = SimpleDirectoryReader(folder).load_data()
    collection = chromadb.PersistentClient(path=store).get_or_create_collection("documents")
    _index_of(collection, model, documents)
    return collection.count()


def open_search(store, model):
    import chromadb

    collection = chromadb.PersistentClient(path=store).get_or_create_collection("documents")
    index = _index_of(collection, model)
    retrievers = {}

    def search(question, k):
        if k not in retrievers:
            retrievers[k] = index.as_retriever(similarity_top_k=k)
        return [found.node.get_content() for found in retrievers[k].retrieve(question)]

    return search
