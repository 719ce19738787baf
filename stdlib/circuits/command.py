"""`pullback learn`: a circuit learned from a table of examples."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileFault
from ...frontends.cli.usage import OK, UsageFault, parser, styled, write_json

if TYPE_CHECKING:
    from ...core.objects import Scalar
    from ...ir.circuit.circuit import Circuit
    from .code import Code
    from .data import Data, Parts
    from .gates import Gates
    from .problem import Examples, Progress
    from .tables import Tables, Wiring

DESCRIPTION = """\
FILE is a .csv, one column of which is the label, or an .npz with arrays `features` (or `images`) and `labels` and, where the
file itself says what each example is for, `split`: 0 to learn from, 1 to choose by, 2 to test with. Numbers become
thermometers of bits, words a bit each; the inputs of the circuit are named after them (`width>2.5`), the outputs are the
classes. Of the circuits met while learning the one that does best on the examples to choose by is kept; those to test with
are looked at once, at the end.

Models: `lut`, tables of random bits that vote; `linear`, a table for each bit; `conv`, tables that go over an image; `gates`, a
network of learned gates. The first three learn by reverse derivative ascent over a semiring (--ring): over sat<2> tables
remember, over sat<N> they count, over z<N> errors are amended, over bit the last label wins."""

EXAMPLES = """\
  pullback learn iris.csv --model lut --bits 8 --levels 2 --ring sat<64> --out iris.aig
  pullback learn digits.npz --model gates --width 2000 --epochs 100 --shifted 0.5 --out digits.aig --picture accuracy.png
  pullback learn digits.npz --model conv --levels 1 --window 3 --bits 9 --filters 1 --regions 6 --out digits.blif
  pullback learn digits.npz --check digits.aig"""

MODELS = ("lut", "linear", "conv", "gates")


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("learn", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("file", metavar="FILE", help="the examples")
    made.add_argument("--label", metavar="NAME", help="the column or array that is the label (the last column)")
    made.add_argument("--image", metavar="RxC", help="the features are the pixels of images of R rows and C columns")
    made.add_argument("--model", choices=MODELS, default="lut", help="what to learn (lut)")
    made.add_argument("--out", metavar="CIRCUIT", help="the file to write, in one of the formats of `pullback circuit`")
    made.add_argument("--check", metavar="CIRCUIT", help="learn nothing: tell how well this circuit does")
    made.add_argument("--picture", metavar="FILE", help="draw the accuracies after each epoch (.png, .svg or .pdf)")
    made.add_argument("--seed", type=int, default=0, metavar="N", help="decides everything that is drawn (0)")
    made.add_argument("--epochs", type=_positive, metavar="N", help="how often examples are shown (1; amending 5; gates 50)")
    made.add_argument("--hold", type=_share, default=0.15, metavar="SHARE", help="of the examples, to choose by (0.15)")
    made.add_argument("--test", type=_share, default=0.2, metavar="SHARE", help="of the examples, to test with (0.2)")
    code = made.add_argument_group("bits")
    code.add_argument("--levels", type=_positive, default=3, metavar="N", help="thresholds of a number (3)")
    code.add_argument("--spacing", choices=("even", "quantile"), default="even", help="where they lie (even)")
    tables = made.add_argument_group("tables: lut, linear and conv")
    tables.add_argument("--ring", metavar="RING", help="bit, sat<N> or z<N> (sat<2>; linear z<256>)")
    tables.add_argument("--bits", type=_positive, default=8, metavar="N", help="bits that a unit looks at (8)")
    tables.add_argument("--units", type=_positive, default=100, metavar="N", help="how many there are of a lut (100)")
    tables.add_argument("--window", type=_positive, default=4, metavar="N", help="the side of what a conv looks at (4)")
    tables.add_argument("--filters", type=_positive, default=4, metavar="N", help="how many there are of a conv (4)")
    tables.add_argument("--regions", type=_positive, default=3, metavar="N", help="a side of the image has so many (3)")
    gates = made.add_argument_group("gates")
    gates.add_argument("--width", type=_positive, default=1000, metavar="N", help="gates in a layer (1000)")
    gates.add_argument("--depth", type=_positive, default=4, metavar="N", help="layers (4)")
    gates.add_argument("--temperature", type=_above_zero, default=10.0, metavar="X", help="what scores are divided by (10)")
    gates.add_argument("--rate", type=_above_zero, default=0.03, metavar="X", help="of learning (0.03)")
    gates.add_argument("--shifted", type=_share, default=0.0, metavar="SHARE", help="of images, shown shifted by a pixel (0)")
    return made


def main(options: argparse.Namespace) -> int:
    from ...frontends.files.formats import load, save, writable
    from .data import HELD, LEARNED, TESTED, read

    if options.out is not None:
        writable(options.out)
    data = read(Path(options.file), options.label, _image(options.image))
    parts = _parts(data, options)
    history: list[Progress] = []
    if options.check is not None:
        circuit = load(options.check)
        code = _of_circuit(circuit, data)
    else:
        code = _code(data, parts, options)
        problem = data.problem(code, parts)
        try:
            circuit = _model(options).learn(problem, lambda p: _tell(p, history, options))
        except ValueError as wrong:  # a model that does not go with the examples
            raise UsageFault("PB0620", f"--model {options.model}: {wrong}") from None
    if options.out is not None:
        save(circuit, options.out)
    if options.picture is not None:
        from .picture import draw

        draw(history, Path(options.picture))
    kinds = (("learned", LEARNED), ("held out", HELD), ("tested", TESTED))
    _conclude(circuit, [(name, data.examples(code, parts == part)) for name, part in kinds], options)
    return OK


def _tell(p: Progress, history: list[Progress], options: argparse.Namespace) -> None:
    """A line for each epoch, of many only some."""
    history.append(p)
    shown = p.epoch % max(1, p.epochs // 20) == 0 or p.epoch == p.epochs
    if options.json or p.epochs == 1 or not shown:
        return
    loss = "" if math.isnan(p.loss) else f"   loss {p.loss:.3f}"
    held = "" if math.isnan(p.held) else f"   held out {100 * p.held:5.1f} %"
    print(f"epoch {p.epoch:>4}{loss}   learned {100 * p.learned:5.1f} %{held}", file=sys.stderr, flush=True)


def _conclude(circuit: Circuit, parts: Sequence[tuple[str, Examples]], options: argparse.Namespace) -> None:
    from ...ir.circuit.measure import depth
    from .problem import right

    found = {name: right(circuit, examples) for name, examples in parts}
    if options.json:
        accuracies = {name: None if math.isnan(share) else share for name, share in found.items()}
        write_json({"circuit": options.out or options.check, "gates": circuit.gates, "accuracy": accuracies})
        return
    print(f"{circuit.inputs} inputs, {circuit.gates} gates, depth {depth(circuit)}, {len(circuit.outputs)} classes")
    for name, examples in parts:
        if len(examples):
            print(f"  {name:<9}{styled(f'{100 * found[name]:5.1f} %', 'strong')} of {len(examples)}")


def _image(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"([1-9]\d*)[x×]([1-9]\d*)", text)
    if match is None:
        raise UsageFault("PB0620", f"--image {text}: rows and columns are written as in 8x8")
    return int(match[1]), int(match[2])


def _parts(data: Data, options: argparse.Namespace) -> Parts:
    from .data import LEARNED, parted

    if options.hold + options.test >= 1:
        raise UsageFault("PB0620", "--hold and --test leave no example to learn from")
    parts = data.parts if data.parts is not None else parted(len(data), options.hold, options.test, options.seed)
    if not (parts == LEARNED).any():
        raise UsageFault("PB0620", f"there is no example to learn from among {len(parts)}")
    return parts


def _code(data: Data, parts: Parts, options: argparse.Namespace) -> Code:
    from .code import Code
    from .data import LEARNED

    code = Code.thermometer(data.take(parts == LEARNED), options.levels, options.spacing, alike=data.image is not None)
    if not code.bits:
        raise UsageFault("PB0620", "no feature differs from one example to the next, so there is nothing to learn")
    return code


def _of_circuit(circuit: Circuit, data: Data) -> Code:
    """The code that the names of a circuit's inputs say. Raises FileFault PB0813 where they do not go with the data."""
    from .code import Code

    code = Code.read(circuit.names.inputs)
    absent = [bit.feature for bit in code.bits if bit.feature not in data.features]
    if absent or circuit.names.outputs != data.classes or circuit.states:
        what = f"there is no feature `{absent[0]}`" if absent else "its outputs are not the classes"
        raise FileFault("PB0813", f"{circuit.name} is not for these examples: {what}")
    return code


def _model(options: argparse.Namespace) -> Gates | Tables:
    from .gates import Gates
    from .tables import Convolution, Linear, Lookup, Tables

    if options.model == "gates":
        epochs = options.epochs or 50
        return Gates(options.width, options.depth, options.temperature, options.rate, epochs,
                     shifted=options.shifted, seed=options.seed)  # fmt: skip
    wirings: dict[str, Wiring] = {
        "lut": Lookup(options.bits, options.units),
        "linear": Linear(),
        "conv": Convolution(options.window, options.bits, options.filters, options.regions),
    }
    ring = _ring(options.ring or ("z<256>" if options.model == "linear" else "sat<2>"))
    epochs = options.epochs or (5 if ring.kind == "z" else 1)
    return Tables(wirings[options.model], ring, epochs, 1 if ring.kind == "bit" else 16, options.seed)


def _ring(text: str) -> Scalar:
    from ...core.objects import Scalar, parse

    try:
        ring = parse(text)
    except ValueError as problem:
        raise UsageFault("PB0620", f"--ring {text}: {problem}") from None
    if not isinstance(ring, Scalar) or ring.kind not in ("bit", "sat", "z"):
        raise UsageFault("PB0620", f"--ring {text}: tables are learned over bit, sat<N> or z<N>")
    return ring


# -- options -----------------------------------------------------------------------------------------------------------
def _positive(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number, at least 1")
    return int(text)


def _above_zero(text: str) -> float:
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number above 0")
    return value


def _share(text: str) -> float:
    value = _number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} should be a share, from 0 to below 1")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
