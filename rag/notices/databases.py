"""The words of errors about the database that several machines share. Pure.

What the server says is the value ``cause``, and is shown as it is; an address is shown without its password.
"""

from __future__ import annotations

from rag.notices import Wording

WORDINGS: dict[str, Wording] = {
    "database-address-wrong": (
        "RAG_DATABASE_URL is no address of a database; write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE, with "
        "%40 for an @ in the password and %25 for a %.",
        "RAG_DATABASE_URL ist keine Adresse einer Datenbank; schreiben Sie "
        "postgresql://USER:PASSWORD@HOST:5432/DATABASE und für ein @ im Passwort %40, für ein % %25.",
    ),
    "database-driver-absent": (
        "RAG_DATABASE_URL names a database, and the package that speaks to it is not installed; install it with: pip "
        'install "footnote-rag[postgres]"',
        "RAG_DATABASE_URL nennt eine Datenbank, aber das Paket für sie ist nicht installiert; installieren Sie es mit: "
        'pip install "footnote-rag[postgres]"',
    ),
    "database-elsewhere": (
        "The setting database_url is not that of this process; set RAG_DATABASE_URL before the program starts.",
        "Die Einstellung database_url ist nicht die dieses Prozesses; setzen Sie RAG_DATABASE_URL, bevor das Programm "
        "startet.",
    ),
    "database-silent": (
        "The database {database} cannot be reached ({cause}); start it, or check RAG_DATABASE_URL.",
        "Die Datenbank {database} ist nicht erreichbar ({cause}); starten Sie sie, oder prüfen Sie RAG_DATABASE_URL.",
    ),
    "database-refuses": (
        "The database {database} lets nobody in with this user and password ({cause}); check RAG_DATABASE_URL.",
        "Die Datenbank {database} nimmt diesen Benutzer mit diesem Passwort nicht an ({cause}); prüfen Sie "
        "RAG_DATABASE_URL.",
    ),
    "database-absent": (
        "There is no such database as {database} ({cause}); make it with createdb, or check RAG_DATABASE_URL.",
        "Die Datenbank {database} gibt es nicht ({cause}); legen Sie sie mit createdb an, oder prüfen Sie "
        "RAG_DATABASE_URL.",
    ),
    "database-no-rights": (
        "The user of the database {database} may not do this ({cause}); give it the right to make schemas and tables: "
        "GRANT CREATE, CONNECT, TEMPORARY ON DATABASE",
        "Der Benutzer der Datenbank {database} darf das nicht ({cause}); geben Sie ihm das Recht, Schemas und Tabellen "
        "anzulegen: GRANT CREATE, CONNECT, TEMPORARY ON DATABASE",
    ),
    "database-full": (
        "The database {database} is full ({cause}); free some space on its server and run the command again: what was "
        "finished is kept.",
        "Die Datenbank {database} ist voll ({cause}); schaffen Sie auf ihrem Server Platz und führen Sie den Befehl "
        "noch einmal aus: Was fertig wurde, bleibt.",
    ),
    "database-crowded": (
        "The database {database} takes no more connections ({cause}); close other programs, or raise max_connections "
        "on its server.",
        "Die Datenbank {database} nimmt keine Verbindung mehr an ({cause}); schließen Sie andere Programme, oder "
        "erhöhen Sie max_connections auf ihrem Server.",
    ),
    "database-read-only": (
        "The database {database} may only be read ({cause}); name the server that is written to in RAG_DATABASE_URL.",
        "Die Datenbank {database} lässt sich nur lesen ({cause}); nennen Sie in RAG_DATABASE_URL den Server, auf dem "
        "geschrieben wird.",
    ),
    "database-slow": (
        "The database {database} took too long ({cause}); try again when it has less to do.",
        "Die Datenbank {database} hat zu lange gebraucht ({cause}); versuchen Sie es noch einmal, wenn sie weniger zu "
        "tun hat.",
    ),
    "database-busy": (
        "The database {database} is busy with another process ({cause}); try again in a moment.",
        "Die Datenbank {database} ist mit einem anderen Prozess beschäftigt ({cause}); versuchen Sie es gleich noch "
        "einmal.",
    ),
    "database-lost": (
        "The database {database} went away in the middle ({cause}); what was not finished is undone as a whole: try "
        "again once it is back.",
        "Die Datenbank {database} war mittendrin nicht mehr da ({cause}); was nicht fertig wurde, ist im Ganzen "
        "rückgängig gemacht: Versuchen Sie es noch einmal, sobald sie wieder da ist.",
    ),
    "database-lock-lost": (
        "The database {database} was restarted, so another process may write to the index now; run the command again: "
        "what was finished is kept.",
        "Die Datenbank {database} wurde neu gestartet, und ein anderer Prozess kann jetzt in den Index schreiben; "
        "führen Sie den Befehl noch einmal aus: Was fertig wurde, bleibt.",
    ),
    "database-too-old": (
        "The database {database} is PostgreSQL {version}; use version 13 or newer.",
        "Die Datenbank {database} ist PostgreSQL {version}; nehmen Sie Version 13 oder neuer.",
    ),
    "database-not-unicode": (
        "The database {database} stores texts as {encoding}; make one with: createdb --encoding UTF8 --template "
        "template0",
        "Die Datenbank {database} speichert Texte als {encoding}; legen Sie eine an mit: createdb --encoding UTF8 "
        "--template template0",
    ),
    "database-failed": (
        "The database {database} refuses a statement ({cause}); see what its log says.",
        "Die Datenbank {database} lehnt eine Anweisung ab ({cause}); sehen Sie in ihrem Protokoll nach.",
    ),
}
