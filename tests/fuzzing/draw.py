"""Hypothesis's strategies drawn from with a seed, without its engine: thirty times as many programs a second.

Only what a strategy says is used, and nothing is shrunk; a kind of strategy that is not known here is an error, not a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis.strategies import SearchStrategy

Draw = Callable[[SearchStrategy[Any]], Any]


def drawing(random: Random) -> Draw:
    """A function that draws a value from a strategy, by these random numbers."""

    def draw(strategy: SearchStrategy[Any]) -> Any:
        made: Any = strategy
        while type(made).__name__ == "LazyStrategy":
            made = made.wrapped_strategy
        match type(made).__name__:
            case "SampledFromStrategy" if not made._transformations:
                return random.choice(made.elements)
            case "BooleansStrategy":
                return random.random() < 0.5
            case "IntegersStrategy":
                return random.randint(made.start, made.end)
            case "JustStrategy":
                return made.value
            case "TupleStrategy":
                return tuple(draw(s) for s in made.element_strategies)
            case "ListStrategy":
                most = made.max_size if made.max_size < float("inf") else made.min_size + 5
                return [draw(made.element_strategy) for _ in range(random.randint(made.min_size, int(most)))]
            case "FixedDictStrategy":
                return {key: draw(s) for key, s in made.mapping.items()}
            case "OneOfStrategy":
                return draw(random.choice(made.element_strategies))
            case "MappedStrategy":
                return made.pack(draw(made.mapped_strategy))
            case "FlatMapStrategy":
                return draw(made.expand(draw(made.base)))
            case "BuildsStrategy":
                return made.target(*map(draw, made.args), **{name: draw(s) for name, s in made.kwargs.items()})
            case "CompositeStrategy":
                return made.definition(draw, *made.args, **made.kwargs)
        raise TypeError(f"no way to draw from {type(made).__name__}")

    return draw
