"""Platforms of a kind that is chosen or described by a file: choosing, checking, trying, and what they cannot do."""
