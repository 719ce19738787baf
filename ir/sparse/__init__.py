"""Sparse linear maps: where the non-zeros of a derivative are, and their values without the zeros."""
