"""The connector format: what a file may say. Its JSON Schema and the reference page are made from these classes."""
