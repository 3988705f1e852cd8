"""Ending sessions: the wishes, and the few questions that are asked about them."""
