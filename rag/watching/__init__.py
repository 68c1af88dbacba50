"""Keeping an index a mirror of folders while a program runs.

Owns: which changes of files lead to an ingestion, and when. Knows nothing about how files are read.

Interface: a ``watcher.Watcher`` ingests what has changed through a ``mirror.IndexMirror``. ``folders.WatchedFolders``
are the folders that an index follows while a chat runs; ``serving.follow`` has the indexes of a service follow theirs.
"""
