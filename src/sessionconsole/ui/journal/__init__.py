"""The page of the journal: who did what, and whether all of it is still there."""
