"""The MCP server: Footnote's indexes as tools of an assistant.

Owns: the tools and the two transports. Adds nothing to how a question is answered.
"""
