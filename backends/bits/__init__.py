"""Circuits over bit on machine words: 64 samples in each, thousands to a block."""
