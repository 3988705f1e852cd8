"""What the program thinks of a session, with reasons: pure functions over lists and history."""
