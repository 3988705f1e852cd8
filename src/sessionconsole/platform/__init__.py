"""The booking platform over HTTP."""
