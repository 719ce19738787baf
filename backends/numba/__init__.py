"""Loop nests printed as plain Python for `numba.njit`: readable, and an independent opinion in tests."""
