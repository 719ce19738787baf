"""Circuits as data: gates in flat arrays, over any commutative semiring with finitely many elements."""
