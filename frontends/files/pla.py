"""PLA, the tables of espresso (Brayton and others, 1984): products of inputs, each with the outputs it belongs to.

A row is a word over `0`, `1` and `-` for the inputs and one over `0`, `1`, `-` and `~` for the outputs; an output is the sum of
the rows that have a `1` there. What a table leaves open (rows with `-` in types with d, all that no row covers in types with r)
is 0 here.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import Circuit, Names
from ...ir.circuit.table import tabulate
from .cover import irredundant, product, total
from .names import signals

MOST_INPUTS = 16
"""Circuits of so many inputs can be written: their whole table is made."""

_MOST = 1 << 20
"""Inputs or outputs a file may announce."""

_TYPES = ("f", "r", "fd", "fr", "dr", "fdr")
_OUTPUTS = {"0": "0", "1": "1", "-": "-", "~": "~", "2": "-", "3": "0", "4": "1"}


def read(text: str, name: str = "circuit") -> Circuit:
    """The circuit of a table; ``name`` is what it is called. Raises FileFault PB0811 with the line."""
    inputs = outputs = -1
    names: dict[str, tuple[str, ...]] = {".ilb": (), ".ob": ()}
    announced, rows = None, list[tuple[str, str]]()
    for line, words in _lines(text):
        match words[0]:
            case ".i":
                inputs = _count(words, line)
            case ".o":
                outputs = _count(words, line)
            case ".p":
                announced = _count(words, line)
            case ".ilb" | ".ob":
                names[words[0]] = tuple(words[1:])
            case ".type":
                if len(words) != 2 or words[1] not in _TYPES or "f" not in words[1]:
                    raise _fault(line, "a table has one of the types f, fd, fr and fdr")
            case ".phase":
                if set("".join(words[1:])) - {"1"}:
                    raise _fault(line, "outputs of a negative phase are not supported")
            case ".e" | ".end":
                break
            case word if word.startswith("."):
                raise _fault(line, f"`{word[:40]}` is not supported")
            case _:
                if inputs < 0 or outputs < 0:
                    raise _fault(line, "rows come after `.i` and `.o`, which say how many inputs and outputs there are")
                rows.append(_row("".join(words).replace("|", ""), inputs, outputs, line))
    if inputs < 0 or outputs < 0:
        raise _fault(None, "a table says `.i` and `.o`, how many inputs and outputs there are")
    if announced is not None and announced != len(rows):
        raise _fault(None, f"`.p` announces {announced} rows, and there are {len(rows)}")
    for word, count in ((".ilb", inputs), (".ob", outputs)):
        if names[word] and len(names[word]) != count:
            raise _fault(None, f"`{word}` has {len(names[word])} names for {count}")
    return _circuit(inputs, outputs, rows, Names(names[".ilb"], (), names[".ob"]), name)


def _circuit(inputs: int, outputs: int, rows: list[tuple[str, str]], names: Names, name: str) -> Circuit:
    builder = Builder(BIT, inputs)
    terms: list[list[int]] = [[] for _ in range(outputs)]
    for where, values in rows:
        if "1" in values:
            wire = product(where, range(inputs), builder)
            for k, value in enumerate(values):
                if value == "1":
                    terms[k].append(wire)
    return builder.circuit([total(t, builder) for t in terms], names=names, name=name)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each line without comments."""
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.partition("#")[0].split()
        if words:
            yield number, words


def _count(words: list[str], line: int) -> int:
    if len(words) != 2 or not (words[1].isascii() and words[1].isdigit()) or len(words[1]) > 9:
        raise _fault(line, f"`{words[0]}` has one number")
    if int(words[1]) > _MOST:
        raise _fault(line, f"{words[1]} is more than a table can have ({_MOST})")
    return int(words[1])


def _row(marks: str, inputs: int, outputs: int, line: int) -> tuple[str, str]:
    where, values = marks[:inputs].replace("2", "-"), marks[inputs:]
    if len(marks) != inputs + outputs or set(where) - set("01-") or set(values) - set(_OUTPUTS):
        raise _fault(line, f"a row is {inputs} of 0, 1 and - for the inputs, and {outputs} of 0, 1, - and ~ for the outputs")
    return where, "".join(_OUTPUTS[v] for v in values)


def _fault(line: int | None, what: str) -> FileFault:
    return FileFault("PB0811", f"this does not read as PLA: {what}" + (f" (line {line})" if line is not None else ""))


# -- writing -----------------------------------------------------------------------------------------------------------
def write(c: Circuit) -> str:
    """The circuit as a table, an irredundant cover of each output, equal products once. Raises FileFault PB0812 for a circuit
    that is not over bit, has state or more than `MOST_INPUTS` inputs."""
    if c.ring != BIT:
        raise FileFault("PB0812", f"PLA has circuits over bit only, and this one is over {c.ring}")
    if c.states:
        raise FileFault("PB0812", f"PLA has no state, and this circuit has {c.states} latches")
    if c.inputs > MOST_INPUTS:
        raise FileFault("PB0812", f"a table of {c.inputs} inputs is too large for PLA ({MOST_INPUTS} can be written)")
    inputs, _, outputs = signals(c)
    rows: dict[str, list[int]] = {}
    for k, column in enumerate(tabulate(c).T):
        for word in irredundant(column):
            rows.setdefault(word, []).append(k)
    lines = [f".i {c.inputs}", f".o {len(outputs)}"]
    lines += [" ".join((".ilb", *inputs))] if inputs else []
    lines += [" ".join((".ob", *outputs))] if outputs else []
    lines += [f".p {len(rows)}", ".type f"]
    lines += [f"{word} {''.join('01'[k in on] for k in range(len(outputs)))}" for word, on in rows.items()]
    return "\n".join([*lines, ".e"]) + "\n"
