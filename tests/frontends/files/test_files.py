"""AIGER and BLIF: read, written, refused."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits.equivalence import equivalent
from pullback.core.errors import FileFault, PullbackError
from pullback.core.objects import BIT, Scalar
from pullback.frontends.files import aiger, blif, dot, formats, verilog
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import AND, UNKNOWN, Circuit, Names, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.state import step
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds

WAYS = {
    "aag": (lambda c: aiger.write(c, binary=False), aiger.read),
    "aig": (aiger.write, aiger.read),
    "blif": (blif.write, blif.read),
}

TOGGLE = b"aag 1 0 1 2 0\n2 3\n2\n3\n"  # the format's paper: a toggle flip-flop
HALF_ADDER = b"aag 7 2 0 2 3\n2\n4\n6\n12\n6 13 15\n12 2 4\n14 3 5\ni0 x\ni1 y\no0 s\no1 c\nc\nhalf adder\n"


HALF = ".model half\n.inputs a b\n.outputs s c\n.names a b s\n10 1\n01 1\n.names a b c\n11 1\n.end\n"
FULL = (
    ".model full # of two half ones\n.inputs a b k\n.outputs s c\n.subckt half a=a b=b s=t c=u\n"
    ".subckt half a=t b=k \\\n s=s c=v\n.names u v c\n1- 1\n-1 1\n.exdc\n.names a s\n1 1\n.end\n"
)
TWO = (
    ".model two\r\n.inputs a0 a1\n.inputs b0 b1\n.outputs s0 s1 s2\n.names zero\n"
    ".subckt full a=a0 b=b0 k=zero s=s0 c=c\n.subckt full a=a1 b=b1 k=c s=s1 c=s2\n.end\n"
)


@pytest.mark.parametrize("way", WAYS)
@given(c=circuits())
def test_what_is_written_means_the_same_when_read(way: str, c: Circuit) -> None:
    write, read = WAYS[way]
    d, x = read(write(c)), all_inputs(c)
    assert np.array_equal(c.start, d.start)
    for a, b in zip(*(evaluate(k, x[:, : c.inputs], x[:, c.inputs :]) for k in (c, d)), strict=True):
        np.testing.assert_array_equal(a, b)


@given(circuits())
def test_the_formats_agree_up_to_canonical_form(c: Circuit) -> None:
    ands = aiger.read(aiger.write(c))
    assert canonical(blif.read(blif.write(ands))) == canonical(ands)
    assert canonical(aiger.read(aiger.write(ands, binary=False))) == canonical(ands)
    assert canonical(blif.read(blif.write(c))) == canonical(c)


def test_the_examples_of_the_format() -> None:
    c = aiger.read(TOGGLE)
    assert (c.inputs, c.states, c.start.tolist()) == (0, 1, [0])
    assert [evaluate(c, np.zeros((1, 0)), [[s]])[1].item() for s in (0, 1)] == [1, 0]
    c = aiger.read(HALF_ADDER)
    assert c.names == Names(("x", "y"), (), ("s", "c"))
    x = all_inputs(c)
    assert (evaluate(c, x)[0] @ [1, 2]).tolist() == x.sum(axis=1).tolist()


def test_gates_may_stand_in_any_order_in_ascii() -> None:
    assert canonical(aiger.read(HALF_ADDER.replace(b"6 13 15\n12 2 4\n14 3 5", b"14 3 5\n6 13 15\n12 2 4"))) == canonical(
        aiger.read(HALF_ADDER)
    )


def test_latches_may_start_as_0_1_or_anything() -> None:
    assert aiger.read(b"aag 3 0 3 0 0\n2 2 0\n4 4 1\n6 6 6\n").start.tolist() == [0, 1, UNKNOWN]


BAD = {
    "no header": (b"hello\n", "line 1"),
    "too few numbers": (b"aag 1 2\n", "line 1"),
    "a word for a number": (b"aag 1 x 0 0 0\n", "line 1"),
    "too many": (b"aig 99999999999 99999999999 0 0 0\n", "more than a circuit can have"),
    "counts that do not add up": (b"aig 5 1 0 0 1\n", "cannot be"),
    "cut short": (b"aag 3 2 0 1 1\n2\n4\n", "line 4"),
    "cut short in the middle": (b"aig 3 2 0 1 1\n6\n\x02", "ends"),
    "a cycle": (b"aag 3 1 0 1 2\n2\n4\n4 6 2\n6 4 2\n", "itself"),
    "a variable twice": (b"aag 2 2 0 0 0\n2\n2\n", "line 3"),
    "a variable that nothing defines": (b"aag 3 1 0 1 1\n2\n4\n4 2 6\n", "line 4"),
    "a literal beyond all": (b"aag 1 1 0 1 0\n2\n99\n", "line 3"),
    "an inverted input": (b"aag 1 1 0 0 0\n3\n", "line 2"),
    "a gate that reads ahead": (b"aig 2 1 0 0 1\n\x00\x00", "before its own"),
    "a start that is none": (b"aag 1 0 1 0 0\n2 2 7\n", "line 2"),
    "a symbol of nothing": (b"aag 1 1 0 0 0\n2\ni7 x\n", "line 3"),
    "a justice property without its literals": (b"aag 1 1 0 0 0 0 0 1 0\n2\n2\n2\n", "line 5"),
    "more than fits into the file": (b"aig 60000000 60000000 0 0 0\n", "bytes"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_malformed_aiger_is_refused_and_the_place_is_told(mistake: str) -> None:
    data, words = BAD[mistake]
    with pytest.raises(FileFault, match=words):
        aiger.read(data)


BAD_BLIF = {
    "a cycle": (".model m\n.inputs a\n.outputs x\n.names y a x\n11 1\n.names x y\n1 1\n.end", "itself"),
    "nothing defines it": (".model m\n.outputs x\n.end", "nothing defines"),
    "a wrong row": (".model m\n.inputs a\n.outputs x\n.names a x\n11 1\n.end", "line 5"),
    "rows that end otherwise": (".model m\n.inputs a b c\n.outputs x\n.names a b c x\n111 1\n000 0\n.end", "line 4"),
    "defined twice": (".model m\n.inputs a\n.outputs x\n.names a x\n1 1\n.names a x\n0 1\n.end", "line 6"),
    "an input twice": (".model m\n.inputs a b a\n.outputs a\n.end", "line 2"),
    "no such model": (".model m\n.subckt n a=b\n.end", "line 2"),
    "no such connection": (".model m\n.subckt n a=b\n.end\n.model n\n.inputs x\n.end", "line 2"),
    "a model in itself": (".model m\n.subckt n\n.end\n.model n\n.subckt m\n.end", "uses itself"),
    "too many models in models": (
        "".join(f".model m{k}\n" + f".subckt m{k + 1}\n" * 8 + ".end\n" for k in range(20)) + ".model m20\n.end", "more than"),
    "a black box": (".model m\n.subckt n\n.end\n.model n\n.inputs a\n.blackbox\n.end", "line 6"),
    "a gate of a library": (".model m\n.gate nand2 a=x O=y\n.end", "line 2"),
    "a model twice": (".model m\n.end\n.model m\n.end", "line 3"),
    "something after the end": (".model m\n.end\n.inputs a\n", "line 3"),
    "a row in no cover": (".model m\n11 1\n.end", "line 2"),
    "a latch with one word": (".model m\n.latch a\n.end", "line 2"),
}


@pytest.mark.parametrize("mistake", BAD_BLIF)
def test_malformed_blif_is_refused_and_the_place_is_told(mistake: str) -> None:
    data, words = BAD_BLIF[mistake]
    with pytest.raises(FileFault, match=words):
        blif.read(data)


DAMAGE = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from(("cut", "put", "instead", "again", "swap")), st.binary(max_size=3)),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damage: list[tuple[int, str, bytes]]) -> bytes:
    for at, how, piece in damage:
        at %= len(data) + 1
        match how:
            case "cut":
                data = data[:at]
            case "put":
                data = data[:at] + piece + data[at:]
            case "instead":
                data = data[:at] + piece + data[at + len(piece) :]
            case "again":
                data = data[:at] + data[at : at + 9] + data[at:]
            case _:
                lines = data.split(b"\n")
                k, n = at % len(lines), (at + 3) % len(lines)
                lines[k], lines[n] = lines[n], lines[k]
                data = b"\n".join(lines)
    return data


@given(c=circuits(), damage=DAMAGE, suffix=st.sampled_from(sorted(formats.READERS.keys() & formats.WRITERS)))
def test_a_damaged_file_is_read_or_refused_with_words(c: Circuit, damage: list[tuple[int, str, bytes]], suffix: str) -> None:
    good = formats.WRITERS[suffix](step(c) if suffix == ".pla" else c)
    with contextlib.suppress(PullbackError):
        formats.READERS[suffix](damaged(good, damage), "damaged")


@given(DAMAGE)
def test_damaged_models_in_models_are_read_or_refused_with_words(damage: list[tuple[int, str, bytes]]) -> None:
    with contextlib.suppress(PullbackError):
        formats.READERS[".blif"](damaged((TWO + FULL + HALF).encode(), damage), "damaged")


@given(st.binary(max_size=80), st.sampled_from((b"aag ", b"aig ", b".model ", b"")), st.sampled_from(sorted(formats.READERS)))
def test_any_bytes_are_read_or_refused_with_words(data: bytes, head: bytes, suffix: str) -> None:
    with contextlib.suppress(PullbackError):
        formats.READERS[suffix](head + data, "noise")


def test_models_are_put_in_their_places() -> None:
    """An adder of two bits out of adders of one, out of half adders; comments, continued lines and don't-cares passed over."""
    for text in (TWO + FULL + HALF, TWO + HALF + FULL):
        c = blif.read(text)
        a0, a1, b0, b1 = all_inputs(c).T
        np.testing.assert_array_equal(evaluate(c, all_inputs(c))[0] @ [1, 2, 4], a0 + b0 + 2 * (a1 + b1))


def test_latches_of_a_model_are_its_own_in_each_place() -> None:
    c = blif.read(
        ".model two\n.inputs x\n.outputs y\n.subckt reg d=x q=m\n.subckt reg d=m q=y\n.end\n"
        ".model reg\n.inputs d\n.outputs q\n.latch d r re clock 0\n.names r q\n1 1\n.end\n"
    )
    assert c.states == 2
    assert c.start.tolist() == [0, 0]
    np.testing.assert_array_equal(evaluate(c, [[1]], [[0, 1]])[1], [[1, 0]])


def test_properties_of_aiger_are_outputs_and_comments_may_begin_anyhow() -> None:
    c = aiger.read(b"aag 2 2 0 1 0 1 1 1 1\n2\n4\n2\n3\n4\n2\n2\n4\n5\nc0 limit\nj0 fair\nb0\ncabc\x01\x02")
    assert c.names.outputs == ("o0", "b0", "limit", "fair.0", "fair.1", "f0")
    np.testing.assert_array_equal(evaluate(c, [[1, 0]])[0], [[1, 0, 0, 1, 0, 1]])


def test_covers_of_many_inputs_and_complements() -> None:
    c = blif.read(
        ".model m\n.inputs a b c\n.outputs x y\n.names a b c x\n1-0 1\n01- 1\n.names a b c \\\n y\n111 0\n000 0\n.end"
    )
    a, b, d = all_inputs(c).T
    out = evaluate(c, all_inputs(c))[0]
    np.testing.assert_array_equal(out[:, 0], (a & (1 - d)) | ((1 - a) & b))
    np.testing.assert_array_equal(out[:, 1], (a + b + d) % 3 > 0)


def test_other_semirings_have_no_such_files() -> None:
    c = make(Scalar("z", 3), 1, [], [], [], [0], kinds=())
    for write in (aiger.write, blif.write, verilog.write):
        with pytest.raises(FileFault, match="over bit only"):
            write(c)


def test_names_that_are_no_words_are_replaced_and_stay_apart() -> None:
    c = make(BIT, 3, [AND], [0], [1], [3], names=Names(("n7", "a b", "a_b"), (), ("wire",)))
    assert blif.read(blif.write(c)).names.inputs == ("i0", "a_b", "i2")
    assert "output \\wire ;" in verilog.write(c)


def test_files_by_their_suffix(tmp_path: Path) -> None:
    c = aiger.read(HALF_ADDER)
    for suffix in formats.WRITERS:
        formats.save(c, tmp_path / f"half{suffix}")
    for suffix in formats.READERS.keys() & formats.WRITERS:
        d = formats.load(tmp_path / f"half{suffix}")
        assert d.names == c.names and equivalent(c, d).equal
    for path in ("half.txt", "absent.aig"):
        with pytest.raises(FileFault):
            formats.load(tmp_path / path)
    assert "digraph" in dot.write(c)


@pytest.mark.slow
def test_a_million_gates_are_no_pain() -> None:
    """Half of them live. Reading takes 0.15 s on a quiet core, canonical form and writing about a second each."""
    rng, gates, inputs = np.random.default_rng(0), 1_000_000, 512
    own = inputs + np.arange(gates)
    near = own[:, None] - 1 - (rng.random((gates, 2)) * np.minimum(own, 4096)[:, None]).astype(int)
    c = make(BIT, inputs, rng.choice([AND, 10, 12, 14], gates), near[:, 0], near[:, 1], own[-4096:])
    times = {}
    start = time.perf_counter()
    data = aiger.write(c)
    times["write"] = time.perf_counter() - start
    start = time.perf_counter()
    d = aiger.read(data)
    times["read"] = time.perf_counter() - start
    start = time.perf_counter()
    again = canonical(d)
    times["canonical"] = time.perf_counter() - start
    assert max(times.values()) < 20, times
    assert again == canonical(c, "function")
    assert again.gates > 700_000
