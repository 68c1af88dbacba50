"""The chat: what it stands on, its page, its server."""
