"""Records to HTML, Markdown and pictures of pages.

Owns: how answers, sources and documents look. Interface: one function a view; every text goes through ``escape``.
"""
