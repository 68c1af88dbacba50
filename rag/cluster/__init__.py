"""Reading, cutting and embedding on a Ray cluster.

Owns: where the work of an ingestion is done, and what becomes of it when a process or a machine dies. What is written,
and in which order, is the pipeline's (``rag.ingestion.pipeline``); Ray is imported when a cluster is asked for.

    address       what ``--workers`` names
    connection    the way to a cluster, and its nodes
    client        the way over the port of Ray's client, which would wait for ever
    node          what runs on a node: reading, cutting, embedding
    model_files   an embedding model that is sent to a node that lacks it
    seats         the processes that embed, made anew when they die
    workers       the workers of the pipeline, on a cluster

Interface: ``workers.hire_on(address)`` returns what ``ingest(…, hire=…)`` takes.
"""
