"""Boolean circuits on many samples, 64 to a word.

Layers of 256 gates of all ten kinds that read two wires. Near: wires reach back at most two layers; far: one wire in ten comes
from anywhere before. Every gate is read, so that none can be left out. A size is gates, inputs, samples, and how
many of the wires come from far.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from harness.program import OURS, Absent, Bar, Calls, Contender, Data, Program

from pullback.backends.bits.assembler import available
from pullback.backends.bits.plan import Plan, plan
from pullback.backends.bits.run import run
from pullback.core.objects import BIT
from pullback.frontends.files import aiger
from pullback.ir.circuit.circuit import Circuit, make

LAYER = 256
KINDS = (0b0110, 0b0111, *range(0b1000, 0b10000))
"""XOR and XNOR, and what has a product."""


def circuit(gates: int, inputs: int, far: float) -> Circuit:
    """Each layer reads a permutation of the one before, and besides any wires of the last two, or of all."""
    rng = np.random.default_rng(0)
    layers = -(-gates // LAYER)
    base = inputs + LAYER * np.arange(layers)[:, None]
    before = np.minimum(LAYER, base)
    left = base - 1 - np.argsort(rng.random((layers, LAYER)), axis=1) % before
    right = base - 1 - rng.integers(0, np.minimum(2 * LAYER, base), (layers, LAYER))
    anywhere = (rng.random((layers, LAYER)) * base).astype(int)
    right = np.where(rng.random((layers, LAYER)) < far, anywhere, right)
    right = np.where(right == left, (right + 1) % base, right)
    op = rng.choice(KINDS, (layers, LAYER))
    last = np.arange(LAYER) + base[-1]
    return make(BIT, inputs, op.ravel(), left.ravel(), right.ravel(), last)


def data(gates: int, inputs: int, samples: int, far: float = 0.0) -> Data:
    """The circuit and its inputs: random words, or all combinations where there are as many samples."""
    c = circuit(gates, inputs, far)
    words = samples // 64
    if samples == 1 << inputs:
        numbers = np.arange(samples)
        bits = (numbers >> np.arange(inputs)[:, None] & 1).astype(np.uint8)
        return [c, np.packbits(bits, axis=1, bitorder="little").view(np.uint64)]
    return [c, np.random.default_rng(1).integers(0, 1 << 64, (inputs, words), dtype=np.uint64)]


def ours(given: Data) -> Calls:
    c, words = given
    made = plan(c)
    ways = ("interpreted", "straight") if available() else ("interpreted",)

    def evaluated(way: str) -> Callable[[], np.ndarray]:
        return lambda: run(made, words, way=way).view(np.uint32)

    def planned() -> int:
        return plan(c).runs.gates

    def assembled() -> int:
        code = plan(c).straight
        return code.gates if code else 0

    calls = {way: evaluated(way) for way in ways}
    return {**calls, "plan": planned, **({"code": assembled} if available() else {})}


def numpy(given: Data) -> Calls:
    """Row by row, in the order and the rows of our plan, so that memory is reused as well as it is with us."""
    c, words = given
    p = plan(c)
    steps = list(rows(p))
    memory = np.zeros((p.runs.places, words.shape[1]), dtype=np.uint64)
    functions = (np.bitwise_and, None, np.bitwise_or, np.bitwise_xor)
    scratch = np.empty_like(memory[0])
    signs = np.where(p.runs.results & 1, np.uint64(2**64 - 1), np.uint64(0))[:, None]

    def call() -> np.ndarray:
        used = p.runs.sources >= 0
        memory[p.runs.sources[used]] = words[used]
        for kind, a, b, o in steps:
            function = functions[kind]
            if function is None:
                np.bitwise_and(memory[a], np.bitwise_not(memory[b], out=scratch), out=memory[o])
            else:
                function(memory[a], memory[b], out=memory[o])
        return (memory[p.runs.results >> 1] ^ signs).view(np.uint32)

    return {"interpreted": call}


def rows(p: Plan) -> Iterator[tuple[int, int, int, int]]:
    """The gates of a plan one by one: kind, and the places it reads and writes."""
    at, code = 0, p.runs.code.tolist()
    while at < len(code):
        kind, count = code[at : at + 2]
        for k in range(at + 2, at + 2 + 3 * count, 3):
            yield kind, code[k], code[k + 1], code[k + 2]
        at += 2 + 3 * count


def aigverse(given: Data) -> Calls:
    """The truth tables of all outputs by aigverse (mockturtle): all combinations of at most sixteen inputs."""
    from aigverse.algorithms import simulate
    from aigverse.io import read_aiger_into_aig

    c, words = given
    if words.shape[1] * 64 != 1 << c.inputs:
        raise Absent("it simulates all combinations of few inputs only")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "circuit.aig"
        path.write_bytes(aiger.write(c))
        network = read_aiger_into_aig(str(path))

    def call() -> np.ndarray:
        tables = simulate(network)
        return np.array([[t.get_block(k) for k in range(t.num_blocks())] for t in tables], dtype=np.uint64).view(np.uint32)

    return {"interpreted": call}


def rate(says: str, what: str, billions: float, sizes: tuple[str, ...]) -> Bar:
    """So many 10⁹ gate evaluations a second on 10⁵ gates and 10⁶ samples."""
    return Bar(f"{says}, {billions:g}·10⁹ gate evaluations a second", what, (), 1e11 / (billions * 1e9), sizes)


GATES, SAMPLES = 100_096, 1_000_000

PROGRAM = Program(
    name="circuits",
    title=__doc__,
    sizes={
        "near": (GATES, 512, SAMPLES),
        "far": (GATES, 512, SAMPLES, 0.1),
        "table": (GATES, 16, 1 << 16),
    },
    data=data,
    contenders=(Contender(OURS, ours), Contender("NumPy", numpy, threads=False),
                Contender("aigverse", aigverse, threads=False)),
    bars=(
        rate("interpreted", "interpreted", 250, ("near",)),
        rate("straight-line", "straight", 800, ("near",)),
        Bar("planned for the interpreter", "plan", (), 0.05, ("near",)),
        Bar("made into machine code", "code", (), 0.05, ("near",)),
        Bar("the faster of NumPy and aigverse", "interpreted", (("NumPy", "interpreted"), ("aigverse", "interpreted")), 1),
    ),
    quick="table",
    alone=frozenset({"plan", "code"}),
)
"""``interpreted`` and ``straight`` run the circuit; ``plan`` and ``code`` make what they run."""
