"""The operating system without Qt: folders, settings, locks between processes, the clock."""
