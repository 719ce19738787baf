"""Every parser against random input: bytes, tokens, and programs with a few tokens changed. What is not read must be refused
with words: a `PullbackError`, within a second, and nothing else.

    make fuzz-parsers MINUTES=10          # or: python -m fuzzing.parsers --minutes 10 --seed 7, in tests/

Input number k of a seed is always the same, so that whatever is found can be made again: `python -m fuzzing.parsers --again
READER:NUMBER --seed 7`. An input that was once refused badly is a line of `test_parsers.py`.
"""

from __future__ import annotations

import argparse
import io
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from pullback.core import objects, sizes
from pullback.core.errors import PullbackError
from pullback.frontends.cli import files, values
from pullback.frontends.files import formats
from pullback.frontends.language import format as formatting
from pullback.frontends.language import loader, parse
from pullback.frontends.language.elaborate import elaborate
from pullback.ir.derive import reverse
from pullback.ir.evaluate import evaluate
from pullback.ir.graph import text as graphs
from pullback.ir.graph import verify as graph_verify
from pullback.ir.loops import text as kernels
from pullback.ir.loops import verify as kernel_verify
from pullback.ir.lower import lower
from pullback.ir.unary import text as terms
from pullback.ir.unary import typing as term_verify

ROOT = Path(__file__).parents[2]
PATIENCE = 1.0
"""Seconds of processor time that one input may take."""
TOKEN = re.compile(rb"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Reader:
    """Something that reads: ``read`` takes bytes, ``samples`` are some that it can read, ``refusals`` what it may raise."""

    name: str
    read: Callable[[bytes], Any]
    samples: tuple[bytes, ...]
    refusals: tuple[type[BaseException], ...] = (PullbackError,)


class TooLong(BaseException):
    """An input took longer than anybody waits."""


# -- what there is to read ---------------------------------------------------------------------------------------------
PROGRAMS = (
    "def f(x: f64[n], y: f64[n, m]) -> f64 = sum i, j: x[i] * exp(y[i, j])\n",
    "def f(x: f64[n], at: i64[m]) = sum j: if at[j] < n then x[at[j]] ^ 2 else -0.5e3\n",
    "def f(x: f64[n], w: f64[m]) =\n    let s = scan s = w for i < n: for j: s[j] * x[i]\n    s[n - 1]\n",
    "def f(x: f64) = fold (y, k) = (x, 0) while y > 1: (y / 2, k + 1)\n",
    "def f(p: {x: f64, y: f64[n]}, q: (f64, f64)) = p.x * q.0 + (sum i: p.y[i] * q.1)\n",
    "type point = {x: f64, y: f64}\ndef f(p: point) = {x: p.y, y: p.x}\n"
    "def g(p: point) = grad(h, wrt=(p))(p)\ndef h(p: point) = p.x\n",
    "def f(a: bit[n], b: z<7>[n]) -> bit = (sum i: a[i]) + 1\ntest \"a\": f([1, 0], [3, 4]) == 0\n",
    "def f(x: f64[d*(d-1)//2], y: f64[d]) = sum r < d: y[r] * (sum c < r: x[r*(r-1)//2 + c])\n# a note\n",
    "import shapes.box as b\nfrom shapes import area, corner as c\ndef f(x: f64) = x\n",
    "def f(x: f64) = x * x\nreverse f(x, z) = 2 * x * z\n",
)
VALUES = ("2.5", "[1, 2, 3]", '{x: 1, "y": [2, 3]}', "(1, true)", "[[1, 2], [3, 4]]", "-inf", "1_000", "nan")
SIZES = ("n", "n*m + 1", "d*(d - 1)//2", "(n + 3)//4*4", "2*n - m")
WIRES = ("f64[n, d*(d-1)//2]", "bit", "z<7>[n]", "sat<4>", "i64[3]", "bool[n*m]")
AIGER = (b"aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 x\ni1 y\no0 z\nc\nhi\n", b"aig 3 2 0 1 1\n6\n\x02\x02c\n",
         b"aag 1 0 1 2 0 1 0\n2 3 1\n2\n3\n2\n")
BLIF = (b".model m\n.inputs a b\n.outputs c\n.names a b c\n11 1\n0- 1\n.latch c d re clk 2\n.names e\n1\n.end\n",)
CIRCUITS = (b"circuit c over bit (a, b; s = 0) {\n  3 = 1 + 0*1\n  4 = 2 + 3\n} -> 4; 3\n",
            b"circuit c over z<7> (2) {\n  2 = 3 + 2.0 + 4.0*1\n  3 = compare(0, 1)\n} -> 2, 3\n")
CSV = (b"a,b\n1,2\n3,4.5\n", b"a,b\n1,2\n3,4\n", b"1,2,3\n4,5,6\n", b"# note\n\"x\",\"y\"\n1e3,nan\n")


def _text(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A reader of texts, given bytes as a file would be decoded, with what is no UTF-8 replaced."""
    return lambda data: read(data.decode("utf-8", "replace"))


def _program(text: str) -> None:
    """A program all the way to unary form, and its layout."""
    program = loader.load_text(text, folder=tempfile.gettempdir())
    for name in list(program.module.functions)[:2]:
        elaborate(program, name)


def _file(suffix: str, part: str | None = None, kind: str = "f64[n]") -> Callable[[bytes], Any]:
    path, wire = Path(_folder()) / f"in{suffix}", objects.parse(kind)

    def read(data: bytes) -> Any:
        path.write_bytes(data)
        return files.read(path, part, "x", wire)

    return read


def _circuit(suffix: str) -> Callable[[bytes], Any]:
    return lambda data: formats.READERS[suffix](data, "c")


@cache
def _folder() -> str:
    memory = Path("/dev/shm")
    return tempfile.mkdtemp(prefix="pullback-fuzz-", dir=memory if memory.is_dir() else None)


def _levels(programs: Sequence[str]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Texts of unary form, graph and kernel of some programs and their derivatives."""
    for program in programs:
        term = elaborate(loader.load_text(program), "f").term
        for made in (term, reverse(term)):
            graph = evaluate(made)
            yield terms.show(made).encode(), graphs.show(graph).encode(), kernels.show(lower(graph)).encode()


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


@cache
def readers() -> tuple[Reader, ...]:
    unary, graph, kernel = zip(*_levels([PROGRAMS[0], PROGRAMS[1], PROGRAMS[3], PROGRAMS[7]]), strict=True)
    programs = tuple(p.encode() for p in PROGRAMS)
    fill = np.arange(6.0).reshape(2, 3)
    npy = _saved(lambda f: np.save(f, fill)), _saved(lambda f: np.save(f, np.arange(3, dtype=np.int32)))
    npz = (_saved(lambda f: np.savez(f, x=fill, y=fill)),)
    simple = (PullbackError, ValueError, ZeroDivisionError)
    return (
        Reader("size", _text(sizes.parse), tuple(s.encode() for s in SIZES), simple),
        Reader("wire", _text(objects.parse), tuple(s.encode() for s in WIRES), simple),
        Reader("value", _text(lambda s: values.parse_value("x", s)), tuple(s.encode() for s in VALUES)),
        Reader("circuit", _circuit(".circuit"), CIRCUITS),
        Reader("aiger", _circuit(".aig"), AIGER),
        Reader("blif", _circuit(".blif"), BLIF),
        Reader("unary", _text(lambda s: term_verify.verify(terms.parse(s))), unary),
        Reader("graph", _text(lambda s: graph_verify.verify(graphs.parse(s))), graph),
        Reader("kernel", _text(lambda s: kernel_verify.verify(kernels.parse(s))), kernel),
        Reader("language", _text(parse.parse), programs),
        Reader("expression", _text(parse.parse_expression), tuple(p.split(b" = ", 1)[1] for p in programs if b" = " in p)),
        Reader("program", _text(_program), programs),
        Reader("layout", _text(formatting.format), programs),
        Reader("csv", _file(".csv"), CSV),
        Reader("csv part", _file(".csv", "a,0..2", "i64[n, m]"), CSV),
        Reader("npy", _file(".npy"), npy),
        Reader("npz", _file(".npz"), npz),
    )


# -- input -------------------------------------------------------------------------------------------------------------
STRANGE = (b"\0", b"\xff", b"\xc3\xa9",
           b"\t", b"\r\n", b"(", b"[" * 3, b"999999999999999999999", b"-1", b"1e999", b"\xe2\x88\x91",
           b'"', b"`", b"//0", b"n", b"{", b"}", b"->", b"0", b"  ", b"\n", b"\n    ", b"0x1f", b"1.", b".", b"_", b"\\")


@cache
def _words(reader: Reader) -> tuple[tuple[list[bytes], ...], list[bytes]]:
    """The samples in tokens, and all tokens of them."""
    split = tuple(TOKEN.findall(s) for s in reader.samples)
    return split, sorted({w for s in split for w in s})


def make(reader: Reader, number: int, seed: int) -> bytes:
    """Input ``number``: bytes, tokens in any order, or a sample with up to four changes."""
    random = Random(f"{reader.name} {seed} {number}")
    samples, words = _words(reader)
    way = random.random()
    if way < 0.1:
        return random.randbytes(int(random.expovariate(0.05)))
    if way < 0.3:
        return b"".join(random.choice(words) if random.random() < 0.9 else random.choice(STRANGE)
                        for _ in range(int(random.expovariate(0.08))))
    sample = list(random.choice(samples))
    if len(sample) > 60 and random.random() < 0.7:  # of a long sample its first part, so that most inputs are quickly read
        sample = sample[: random.randint(20, 60)] if random.random() < 0.5 else sample
    for _ in range(random.randint(1, 4)):
        at, to = random.randrange(len(sample) + 1), random.randrange(len(sample) + 1)
        match random.randrange(7):
            case 0:
                del sample[at : at + random.randint(1, 4)]
            case 1:
                sample[at:at] = sample[to : to + random.randint(1, 6)]
            case 2:
                sample[at : at + 1] = [random.choice(words)]
            case 3:
                sample[at : at + 1] = [random.choice(STRANGE)]
            case 4 if at < len(sample) and to < len(sample):
                sample[at], sample[to] = sample[to], sample[at]
            case 5:
                other = random.choice(samples)
                sample[at:] = other[random.randrange(len(other) + 1) :]
            case 6 if at < len(sample) and sample[at]:
                word = bytearray(sample[at])
                word[random.randrange(len(word))] ^= 1 << random.randrange(8)
                sample[at] = bytes(word)
    return b"".join(sample)


# -- the run -----------------------------------------------------------------------------------------------------------
@contextmanager
def patience() -> Iterator[None]:
    """TooLong after `PATIENCE` seconds of processor time, however busy the machine is."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def wrong(reader: Reader, data: bytes) -> str:
    """What went wrong when it read that: nothing, as a rule."""
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        reader.read(data)
    except reader.refusals as fault:
        if not str(fault):
            return "refused without words"
    except TooLong:
        return f"not read in {PATIENCE} s"
    except (Exception, RecursionError):
        return traceback.format_exc(limit=-6)
    return ""


def _kind(problem: str) -> str:
    """What two problems of one cause have in common: where it came from, and the error's class."""
    lines = problem.strip().splitlines()
    places = [line.strip() for line in lines if line.startswith("  File ") and "fuzzing" not in line]
    return f"{places[-1] if places else ''} {lines[-1].partition(':')[0]}"


@dataclass
class Tally:
    inputs: int = 0
    read: int = 0
    seconds: float = 0.0


def search(minutes: float, seed: int, only: Sequence[str] = (), most: int = 20) -> int:
    """Read for so long, round about, and say what came of it; the number of inputs that went wrong."""
    chosen = [r for r in readers() if not only or r.name in only]
    tallies = {r.name: Tally() for r in chosen}
    found: dict[str, int] = {}
    end, block = time.monotonic() + 60 * minutes, 0
    with patience():
        while time.monotonic() < end and len(found) < most:
            for reader in chosen:
                start, tally, count = time.process_time(), tallies[reader.name], 0
                while time.process_time() - start < 0.5:
                    data = make(reader, tally.inputs, seed)
                    if problem := wrong(reader, data):
                        kind = f"{reader.name}: {_kind(problem)}"
                        found[kind] = found.get(kind, 0) + 1
                        if found[kind] == 1:
                            signal.setitimer(signal.ITIMER_PROF, 0)
                            print(f"{reader.name}:{tally.inputs}  {data!r}\n{problem}", flush=True)
                    tally.inputs, count = tally.inputs + 1, count + 1
                tally.seconds += time.process_time() - start
            block += 1
            if block % 20 == 0:
                print(f"{sum(t.inputs for t in tallies.values()):,} inputs, {sum(found.values())} wrong", flush=True)
    for name, tally in tallies.items():
        print(f"{name:12} {tally.inputs:>10,} inputs   {1e6 * tally.seconds / max(tally.inputs, 1):7.0f} µs each")
    print(f"{sum(t.inputs for t in tallies.values()):,} inputs, {sum(found.values())} wrong in {len(found)} ways")
    return sum(found.values())


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzzing.parsers", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", default=[], help="a reader, by its name; several times for several")
    parser.add_argument("--again", metavar="READER:NUMBER", help="read one input again, and show what happens")
    options = parser.parse_args(argv)
    if options.again:
        name, _, number = options.again.rpartition(":")
        reader = next(r for r in readers() if r.name == name)
        data = make(reader, int(number), options.seed)
        print(repr(data))
        print(reader.read(data))
        return 0
    return 1 if search(options.minutes, options.seed, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
