"""The window: the only folder that imports PySide6 and qasync."""

import builtins

import PySide6.QtCore  # noqa: F401 - it changes the import statement

# PySide6 reads the source of every module that is imported after it, in search of `__feature__`, which nothing here
# asks for; without that the list is on the screen an eighth sooner.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
