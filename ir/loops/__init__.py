"""Loop nests over buffers: what a backend turns into code."""
