"""The use cases: asynchronous, without Qt, speaking to the outside through ports only."""
