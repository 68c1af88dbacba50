"""The team's database: PostgreSQL in the place of files, where ``RAG_DATABASE_URL`` names one.

Owns: connections to it, transactions, locks that processes on several machines share, and what went wrong in one
sentence. Knows nothing about what the tables mean. Where no database is named, nothing of it is imported but names.

Interface:

    Connection, Rows               what SQLite's connections and those of PostgreSQL have in common
    transaction, read_transaction  all or nothing; one committed state
    unshielded_transaction         all or nothing beside other writers
    is_postgres                    for the few statements that differ

    address        which database this process uses, and how it is shown without its password
    identity       which database one is, by whatever address it is called
    postgres       a connection with the methods of SQLite's that the catalog uses; imports psycopg
    parameters     the marks of parameters, as PostgreSQL writes them
    pool           connections that are borrowed for one piece of work
    locks          one holder at a time, across machines; held_locks knows those of this process
    schemas        the schemas that are kept in the database: made, renamed, deleted, listed
    failures       the errors of PostgreSQL as notices
"""

from rag.database.connection import Connection, Rows, is_postgres, read_transaction, transaction, unshielded_transaction

__all__ = ["Connection", "Rows", "is_postgres", "read_transaction", "transaction", "unshielded_transaction"]
