"""Circuits given to ABC and taken back from it, both ways, in every format that it has. Only with ABC on the PATH
(Debian: `berkeley-abc`): ``python tests/frontends/files/with_abc.py [FILE …]`` compares files of others, too."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from pullback.backends.bits.equivalence import equivalent
from pullback.core.objects import BIT
from pullback.frontends.files import abc, formats
from pullback.frontends.files.pla import MOST_INPUTS
from pullback.ir.circuit.circuit import BITS, Circuit, Names, make

FROM_ABC = {
    "aig": "strash; write_aiger",
    "blif": "strash; logic; write_blif",
    "bench": "strash; write_bench -l",
    "lut.bench": "short_names; if -K 4; write_bench",
}
"""How ABC writes a format; the second kind of .bench has tables of four wires (`LUT`, `DFFRSE`)."""


def random_circuit(seed: int, inputs: int, gates: int, outputs: int, states: int = 0) -> Circuit:
    """All sixteen kinds of gates, each reading any two wires before it; latches start at 0."""
    rng = np.random.default_rng(seed)
    first = inputs + states
    reads = rng.integers(0, np.arange(first, first + gates), size=(2, gates))
    ends = rng.integers(first, first + gates, size=outputs + states)
    return make(
        BIT,
        inputs,
        rng.integers(0, 16, gates),
        reads[0],
        reads[1],
        ends[:outputs],
        kinds=BITS,
        start=[0] * states,
        next=ends[outputs:],
    )


def differences(c: Circuit) -> list[str]:
    """The formats in which ABC reads or writes another circuit than we do."""
    found = []
    c = replace(c, names=Names())  # what ABC compares has one set of names: the places
    with tempfile.TemporaryDirectory() as folder:
        original = Path(folder) / "original.aig"
        formats.save(c, original)
        for suffix in ("aig", "blif", "v", "pla"):
            if (c.states and suffix in ("v", "pla")) or (suffix == "pla" and not 0 < c.inputs <= MOST_INPUTS):
                continue  # its Verilog has no clocks, its tables have inputs
            formats.save(c, file := Path(folder) / f"ours.{suffix}")
            said = _asked(f"cec -n {original} {file}")
            if "Networks are equivalent" not in said:
                found.append(f"written as {suffix}: {said.strip().splitlines()[-1:]}")
        for suffix, script in FROM_ABC.items():
            if "bench" in suffix and c.start.any():
                continue  # there flip-flops start at 0
            file = Path(folder) / f"its.{suffix}"
            said = _asked(f"read_aiger {original}; {script} {file}")
            verdict = equivalent(c, formats.load(file)) if file.exists() else None
            if verdict is None or not verdict.equal:
                found.append(f"read from {suffix}: {verdict or said.strip().splitlines()[-1:]}")
    return found


def _asked(script: str) -> str:
    command = [abc.program() or "abc", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stdout


def main(files: list[str]) -> int:
    """Compare files, and circuits at random; how many differ."""
    circuits = {file: c for file in files if (c := formats.load(file)).outputs.size + c.states}  # ABC wants some
    circuits |= {f"random {k}": random_circuit(k, 1 + k % 40, 10 * 2 ** (k % 10), 1 + k % 7, k % 3) for k in range(40)}
    wrong = 0
    for name, c in circuits.items():
        found = differences(c)
        wrong += bool(found)
        print(f"{name}: {c.inputs} inputs, {c.states} latches, {c.gates} gates: {'; '.join(found) or 'agree'}")
    print(f"{len(circuits) - wrong} agree, {wrong} differ")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
