"""Pictures of the real window on a real (virtual) X display."""
