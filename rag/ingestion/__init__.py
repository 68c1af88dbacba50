"""Documents to chunks, vectors and a committed index.

Owns: which files are new, changed or gone, where a chunk ends, and the order of writing.

    pipeline       have files read, cut and embedded, and commit them; remove sources
    workers        those who read, cut and embed: the pipeline's interface to them, and those of this machine
    source_files   the files below some paths, the names of their sources, which have changed and which are gone
    chunking       cut a document into chunks
    read_ahead     read files in threads, in order
    embed_ahead    compute vectors in a thread, in order
    rebuild        make an index anew beside the old one

Interface: ``pipeline.ingest(index, paths)`` returns an ``IngestReport``.
"""
