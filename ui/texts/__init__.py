"""The texts of the page: one module for each of its areas, ``TEXTS`` by key, English and German.

Owns: every sentence and label of the page. Interface: `ui.i18n` joins them. Knows nothing about where they stand.
"""
