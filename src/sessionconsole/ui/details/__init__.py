"""The details of the row that is picked."""
