"""The ways in: the language, Python, the command line."""
