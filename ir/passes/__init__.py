"""Passes: one file each, named like the command line names it, from a level to a level."""
