"""The machine: each backend takes loop nests (or the graph) and runs them."""
