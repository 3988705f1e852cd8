"""What Qt gives of the operating system."""
