"""What is kept: the catalog (SQLite), the vectors (Chroma, or another store) and the cache of vectors.

Owns: an index on disk, who may write to it, and whether its parts agree. Knows nothing about files or questions.

Interface: ``index.open_index(name)`` returns an ``Index`` with its ``catalog``, ``vectors`` and ``encoder``.

    index            opening an index
    folders          where it lies, and how one replaces another
    write_lock       one writer at a time
    fetched_files    files that were fetched into an index, such as web pages
    catalog          documents, chunks, the keyword index; conversations
    vector_stores    the vectors of the chunks: what a vector store must do, and the stores by name
    chroma           the store that ships; chroma_engine reads it without Chroma's client
    vector_records   chunks as they stand beside their vectors
    vector_cache     vectors by content, for all indexes
    vector_file      the file that they are kept in; vector_file_access uses it though it be damaged or locked
    vector_use       which of them the indexes use
    doctor           whether the parts agree, and mending them
"""
