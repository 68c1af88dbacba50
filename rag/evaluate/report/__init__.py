"""The results of an evaluation for people and for other programs.

Owns: one module a form: JUnit XML, CSV, Markdown, a self-contained page, lines for a terminal. Each is a function from
results to text. Nothing here computes a figure.
"""
