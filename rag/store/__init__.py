"""What is kept: the catalog (SQLite), the vectors (Chroma) and the cache of vectors.

Owns: an index on disk, who may write to it, and whether its parts agree. Knows nothing about files or questions.

Interface: ``index.open_index(name)`` returns an ``Index`` with its ``catalog``, ``vectors`` and ``encoder``.
"""
