"""Circuits that read digits: learned by reverse derivative ascent, and as a network of learned gates that was kept.

    python examples/digits.py

Prints how many of 360 digits that no circuit has seen each gets right, in per cent, and of the 180 by which it was chosen. The
data are the 1797 handwritten digits, 8 × 8 pixels, of UCI's repository that scikit-learn ships (`data/README.md`). The kept
circuit, `data/digits.aig`, was learned in half a minute by

    pullback learn digits.npz --model gates --levels 7 --width 3000 --temperature 12 --epochs 100 --shifted 0.5 --out digits.aig

The split is drawn at random, so the same hands have written what is learned from and what is tested with. The second half of
the file was written by others: learned from the first half, tables of 12 bits get 92.7 % of it right, and gates 92.4 %.
"""

from __future__ import annotations

from pathlib import Path

from pullback.core.objects import Scalar
from pullback.frontends.files.formats import load
from pullback.stdlib.circuits.code import Code
from pullback.stdlib.circuits.data import HELD, LEARNED, TESTED, Data, read
from pullback.stdlib.circuits.problem import accuracy, right
from pullback.stdlib.circuits.tables import Convolution, Linear, Lookup, Tables, scores

HERE = Path(__file__).parent / "data"

MODELS = {
    "tables of 12 bits over sat<2>, shown once": (3, Tables(Lookup(12, 192))),
    "tables of 8 bits over sat<2>, shown once": (3, Tables(Lookup(8, 192))),
    "tables of 8 bits over z<256>, amended": (3, Tables(Lookup(8, 192), Scalar("z", 256), epochs=5)),
    "tables of 8 bits over bit, as published": (3, Tables(Lookup(8, 192), Scalar("bit"), batch=1)),
    "convolution 3×3 over sat<2>, shown once": (1, Tables(Convolution(3, 9, 1, 6))),
    "linear over z<256>, amended": (3, Tables(Linear(), Scalar("z", 256), epochs=10, batch=1)),
}
"""How many thresholds a pixel is encoded with, and the model."""


def ascent(data: Data, levels: int, model: Tables) -> tuple[float, float]:
    """The accuracies, held out and tested, of a model learned by reverse derivative ascent. Its circuit has the same."""
    assert data.parts is not None
    code = Code.thermometer(data.take(data.parts == LEARNED), levels, alike=True)
    problem = data.problem(code, data.parts)
    cells, units = model.cells(problem)
    tested = data.examples(code, data.parts == TESTED)
    held, seen = (accuracy(scores(cells, units, e.xs), e) for e in (problem.held, tested))
    return held, seen


def kept(data: Data) -> tuple[float, float]:
    """The accuracies of the network of learned gates, as a circuit over bit."""
    circuit = load(HERE / "digits.aig")
    code = Code.read(circuit.names.inputs)
    held, tested = (right(circuit, data.examples(code, data.parts == part)) for part in (HELD, TESTED))
    return held, tested


def main() -> dict[str, float]:
    data = read(HERE / "digits.npz")
    found = {name: ascent(data, *model) for name, model in MODELS.items()}
    found["network of learned gates, from data/digits.aig"] = kept(data)
    print(f"{'per cent':<48} held out  tested")
    for name, (held, tested) in found.items():
        print(f"{name:<48} {100 * held:>8.1f} {100 * tested:>7.1f}")
    return {name: round(100 * tested, 1) for name, (_, tested) in found.items()}


if __name__ == "__main__":
    main()
