"""The catalog: what an index holds, in one SQLite file or in a schema of a PostgreSQL database.

Owns: every SQL statement; most are read by both databases. All functions take and return plain records. Knows nothing
about vectors, models or how documents are read.

Interface:

    Catalog    documents, chunks, the keyword index, the manifest
    History    conversations, answers with the versions they cite, feedback
    UnansweredQuestions    what the documents did not answer, out of these conversations

    records              what the two take and return
    catalog, history     the two
    unanswered           the questions that were not answered
    keywords, counts     the keyword index and its ranking; what is counted once a version
    vector_ids, checks   chunks beside vectors; whether the file is whole
    forgetting           when a document version goes
    answers, columns     how values are stored
    conversation_list    the list of conversations, and searching it
    turn_tree            the versions of turns; carry_over takes conversations into an index made anew
    transfer             conversations as a file that can be read again
    source_rows          sources as rows
    source_list          lists of them, searched, sorted and in pages
    removals             removed sources that can be brought back
    places               where a catalog lies; connections to it
    schema               the tables in SQLite, their format and its migration
    postgres_schema      the tables in PostgreSQL; dialect has the words in which statements differ
"""

from rag.store.catalog.catalog import Catalog
from rag.store.catalog.history import History
from rag.store.catalog.records import (
    ChunkRecord,
    Conversation,
    Feedback,
    FoundConversation,
    NewVersion,
    SourceListing,
    SourceQuery,
    SourceRecord,
    SourceSummary,
    StoredTurn,
)
from rag.store.catalog.schema import FILE, FORMAT
from rag.store.catalog.unanswered import UnansweredQuestion, UnansweredQuestions

__all__ = [
    "FILE",
    "FORMAT",
    "Catalog",
    "ChunkRecord",
    "Conversation",
    "Feedback",
    "FoundConversation",
    "History",
    "NewVersion",
    "SourceListing",
    "SourceQuery",
    "SourceRecord",
    "SourceSummary",
    "StoredTurn",
    "UnansweredQuestion",
    "UnansweredQuestions",
]
