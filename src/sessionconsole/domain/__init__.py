"""The words and rules of the console: frozen values, standard library only, no I/O, no clock."""
