"""Booking platforms that are described by a file: the format, and what carries it out."""
