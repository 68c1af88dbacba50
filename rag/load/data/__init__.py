"""Values and tables as text files: CSV, TSV, JSON and JSON Lines.

Owns: a reader for each. Knows nothing about what the values mean.

Interface: the readers in ``formats``; ``csv.read_delimited``, ``json.read_json`` and ``json.read_jsonl`` append a
text to a ``Builder``.
"""
