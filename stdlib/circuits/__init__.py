"""Circuits learned from data: lookup tables and linear models by reverse derivative ascent, and networks of learned gates."""
