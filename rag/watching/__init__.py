"""Keeping an index a mirror of folders while a program runs.

Owns: which changes of files lead to an ingestion, and when. Knows nothing about how files are read.
"""
