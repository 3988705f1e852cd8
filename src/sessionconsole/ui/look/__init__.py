"""How the program looks: colours, sizes, icons, and the few widgets that every page shares."""
