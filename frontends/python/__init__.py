"""The Python face: compiled modules, transformations of functions, trees of arguments."""
