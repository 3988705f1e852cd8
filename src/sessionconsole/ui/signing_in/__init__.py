"""Signing in: address, user name, password, and the second factor where it is asked."""
