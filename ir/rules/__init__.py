"""Rewrite rules as tables, each with the phase in which it may act."""
