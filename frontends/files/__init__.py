"""Circuits in the files of logic designers."""
