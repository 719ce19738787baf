"""Lenses, and learning as their composition (Cruttwell, Gavranović, Ghani, Wilson & Zanasi 2022, arXiv 2103.01931).

A lens (A, A') → (B, B') goes forward, A → B, and carries a change back, A × B' → A'. Here a lens *runs*: it gives its value
together with the way back, so that what the way back needs is computed once, however long a composition is. (As two separate
functions, a chain of n lenses would run n(n − 1)/2 of them again.)

A parametrised lens is one on pairs (parameter, input). Models and losses are such; an optimiser is a lens that a parameter is
seen through; and a step of learning is what the composite of all carries back (`learner`).

Values are anything: numbers, arrays, tuples. Nothing here knows over which semiring: that is in the lenses it is given.

>>> double = Lens(lambda x: (2 * x, lambda dy: 2 * dy))
>>> quadruple = double >> double
>>> quadruple.get(3), quadruple.put(3, 1)
(12, 4)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Back = Callable[[Any], Any]
"""From a change of the value to a change of the argument."""


@dataclass(frozen=True, eq=False)
class Lens:
    """run : A → B × (B' → A')."""

    run: Callable[[Any], tuple[Any, Back]]

    def get(self, a: Any) -> Any:
        """The value."""
        return self.run(a)[0]

    def put(self, a: Any, db: Any) -> Any:
        """The change of the argument that a change of the value asks for."""
        return self.run(a)[1](db)

    def __rshift__(self, other: Lens) -> Lens:
        """This one, then the other: get is g ∘ f, put is (a, dc) ↦ f*(a, g*(f(a), dc))."""

        def run(a: Any) -> tuple[Any, Back]:
            b, back = self.run(a)
            c, further = other.run(b)
            return c, lambda dc: back(further(dc))

        return Lens(run)

    def __matmul__(self, other: Lens) -> Lens:
        """Both side by side, on pairs."""

        def run(pair: Any) -> tuple[Any, Back]:
            (first, back), (second, other_back) = self.run(pair[0]), other.run(pair[1])
            return (first, second), lambda d: (back(d[0]), other_back(d[1]))

        return Lens(run)


IDENTITY = Lens(lambda a: (a, lambda da: da))


def of(forward: Callable[..., Any], reverse: Callable[..., Any]) -> Lens:
    """The lens of a map of several arguments and its reverse derivative, reverse(*arguments, change) = changes: on tuples."""
    return Lens(lambda a: (forward(*a), lambda db: reverse(*a, db)))


# -- parametrised lenses -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Parametrised:
    """A lens on pairs (p, a): a map with a parameter that can be learned."""

    lens: Lens

    def __rshift__(self, other: Parametrised) -> Parametrised:
        """This one, then the other: the parameter is the pair (the other's, this one's)."""

        def run(both: Any) -> tuple[Any, Back]:
            (q, p), a = both
            b, back = self.lens.run((p, a))
            c, further = other.lens.run((q, b))

            def whole(dc: Any) -> Any:
                dq, db = further(dc)
                dp, da = back(db)
                return (dq, dp), da

            return c, whole

        return Parametrised(Lens(run))

    def reparametrised(self, by: Lens) -> Parametrised:
        """The map with another parameter, from which a lens makes the one it had: an optimiser, or a tie of weights."""
        return Parametrised((by @ IDENTITY) >> self.lens)


def fixed(lens: Lens) -> Parametrised:
    """A map without parameters: its parameter is ()."""

    def run(both: Any) -> tuple[Any, Back]:
        b, back = lens.run(both[1])
        return b, lambda db: ((), back(db))

    return Parametrised(Lens(run))


# -- learning ---------------------------------------------------------------------------------------------------------
def learner(
    model: Parametrised, loss: Parametrised, rate: Callable[[Any], Any], update: Lens
) -> Callable[[Any, Any, Any], Any]:
    """One step of supervised learning: (state, input, label) ↦ the state after it.

    model   on (parameter, input), gives a prediction
    loss    on (label, prediction), gives what is to become small, or over a ring without order an error
    rate    what the loss's value should change by, for one that has it: −ε on the reals, over Z2 the error itself
    update  the optimiser, on states: get is the parameter to use, put the state after a change of it
    """
    system = model.reparametrised(update) >> loss

    def step(state: Any, a: Any, label: Any) -> Any:
        value, back = system.lens.run(((label, state), a))
        (_, after), _ = back(rate(value))
        return after

    return step
