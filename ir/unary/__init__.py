"""Unary form: point-free morphisms from a context to a longer one, their types and their text."""
