"""The encrypted SQLite file: lists, orders, verdicts."""
