"""Property-based testing (`pullback.testing`): programs and values at random, the laws they obey, the pytest plugin."""
