"""What cannot be read is refused with words: random input, input nested beyond reason, and what was once refused badly."""

from __future__ import annotations

import time

import pytest
from fuzzing.parsers import Reader, make, patience, readers, wrong

pytestmark = pytest.mark.slow  # together they take some seconds

READERS = {reader.name: reader for reader in readers()}


@pytest.mark.parametrize("reader", READERS.values(), ids=lambda r: r.name)
@pytest.mark.filterwarnings("ignore")
def test_random_input_is_read_or_refused_with_words(reader: Reader) -> None:
    with patience():
        for number in range(100):
            data = make(reader, number, seed=0)
            problem = wrong(reader, data)
            assert not problem, f"{data!r}\n{problem}"


@pytest.mark.parametrize("reader", READERS.values(), ids=lambda r: r.name)
def test_the_samples_are_read(reader: Reader) -> None:
    """Changes to what cannot be read would say little."""
    read = 0
    for sample in reader.samples:
        try:
            reader.read(sample)
            read += 1
        except reader.refusals:
            continue
    assert read


FOUND = [
    ("expression", "f64fs\n2scan0"),
    ("circuit", "circuit c over - (a, b; s = 0) {\n  3 = 1 + 0*1\n} -> 3; 3\n"),
    ("circuit", "circuit c over 0<7> (2) {\n  2 = 3\n} -> 2\n"),
    ("circuit", "circuit c over z<1> (2) {\n  2 = 3\n} -> 2\n"),
    ("circuit", "circuit c over bit (a, b; s0) {\n  3 = 1 + 0*1\n  4 = 2 + 3\n} -> 4; 3\n"),
    ("circuit", "circuit c over bit (a, b; s = 0) {\n  3 = 1 + 0*1\n  4 = 2 + 3\n} -> 4;n3\n"),
    ("circuit", "circuit c over bit (a, b; s = 0) {\n  3 = 1 + 0*1\n  4 = 2 + 3\n} -> 4; 3999999999999999999999"),
    ("circuit", "circuit c over bit (a; s = 999999999999999999999) {\n} -> 0; 1"),
    ("kernel", "kernel f(x: f64, d0: f64) -> (out0: f64) {"),
    ("kernel", "kernel f(x: f64[n]; n) -> (out0: f64) {\n  site "),
    ("kernel", 'kernel f(x: f64) -> (out0: f64) {\n  site PB0701 "index\x00outside"\n'),
    ("kernel", "kernel f(x: f64) -> (out0: f64) {\n  out0 := 1_f99\n}\n"),
    ("graph", "graph f [n] (x: f64[loop(n * n) // 2]) {\n} -> x"),
    ("graph", "graph f [n, m] (y: f64[n, m]) {\n  j = var m\n  %1 = exp(y[1.][j])\n  %2 = sum j: %1\n} -> %2\n"),
    ("graph", "graph f [] (x: z) {\n} -> x"),
    ("graph", "graph f [] (x: f64[2_z]) {\n} -> x"),
    ("graph", "graph f [] (x: f64) {\n  %1 = carry 0, 0 : i64\n  %2 = while x carry %1: x -> x, 0: x -> x\n} -> %2"),
]


@pytest.mark.parametrize("name, text", FOUND)
def test_what_was_once_refused_badly(name: str, text: str) -> None:
    with pytest.raises(READERS[name].refusals):
        READERS[name].read(text.encode())


DEEP = 2000
NESTED = [
    ("size", "(" * DEEP + "n" + ")" * DEEP),
    ("size", "//".join(["n"] * DEEP)),
    ("size", "*".join(["(n + m + k + 1)"] * 100)),
    ("wire", "f64[" + "(" * DEEP + "n" + ")" * DEEP + "]"),
    ("value", "[" * DEEP),
    ("value", "9" * 20_000),
    ("unary", "unary f [] (0 x: bool) {\n" + "1 = if 0 {\n" * 20 * DEEP + "} 0 else {\n} 0\n" * 20 * DEEP + "} -> 1\n"),
    ("graph", "graph f [n] (x: f64[" + "(" * 20 * DEEP + "n" + ")" * 20 * DEEP + "]) {\n} -> x"),
    ("kernel", "kernel f(x: f64, b: bool) -> (o: f64) {\n" + "if b {\n" * 20 * DEEP + "}\n" * 20 * DEEP + "o := x\n}\n"),
    ("program", "def f(x: f64) = " + "f(" * DEEP + "x" + ")" * DEEP),
    ("program", "def f(x: f64) = " + "if x > 0 then " * DEEP + "x"),
    ("program", "def f(x: f64) = " + "x ^ " * DEEP + "x"),
    ("program", "def f(x: " + "(" * DEEP + "f64,)" * DEEP + ") = x"),
    ("program", "def f(x: f64[" + "n//(" * DEEP + "n" + ")" * DEEP + "]) = x"),
]


@pytest.mark.parametrize("name, text", NESTED, ids=[f"{n} {t[:12]}" for n, t in NESTED])
def test_nesting_beyond_reason_is_refused(name: str, text: str) -> None:
    start = time.process_time()
    with pytest.raises(READERS[name].refusals) as refused:
        READERS[name].read(text.encode())
    assert not isinstance(refused.value, RecursionError)
    assert time.process_time() - start < 5
