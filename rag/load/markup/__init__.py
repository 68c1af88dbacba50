"""HTML, and what carries it: EPUB books and e-mail messages.

Owns: a reader for each. Knows nothing about fetching; it runs no script.

Interface: the readers in ``formats``; ``html.read_html``, ``epub.read_epub`` and ``mail.read_eml`` append a text,
package or file to a ``Builder``.
"""
