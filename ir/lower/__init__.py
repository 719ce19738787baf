"""From the graph to loop nests: where loops begin and end, what is kept, what is computed again."""

from .kernel import lower

__all__ = ["lower"]
