"""Forgetting one person: the question, and what is said of it."""
