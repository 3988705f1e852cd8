"""The Console API v1 over HTTP, and the demo's own doors for tests."""
