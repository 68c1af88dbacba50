"""TODO: what it owns."""
