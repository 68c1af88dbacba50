"""The browser face of Footnote."""
