"""Documents to chunks, vectors and a committed index.

Owns: which files are new, changed or gone, where a chunk ends, and the order of writing.

Interface: ``pipeline.ingest(index, paths, settings)`` returns an ``IngestReport``.
"""
