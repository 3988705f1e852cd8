"""The session table: words, columns, model, painting."""
