"""Documents and questions in languages other than English."""
