"""Harbour & Reef Tours: who works there, on what, from where, and how the days go by."""
