"""Records to HTML, Markdown and pictures of pages.

Owns: how answers, sources and documents look. Interface: one function a view; the HTML is written by the templates in
``ui/templates``, and every text in it goes through ``escape``.
"""
