"""Answers GradBench, a suite that asks tools for values and derivatives over a pipe: `python -m pullback.gradbench`."""
