"""Tables of examples from files: features by name, the class of each example, and which examples are for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core.errors import suggestion
from ...frontends.cli.files import Table, reading, unreadable
from ...frontends.language.scope import listed
from .code import Code, Column
from .problem import Examples, Labels, Problem

LEARNED, HELD, TESTED = 0, 1, 2
"""What an example is for: to learn from, to choose by, to test with."""

FEATURES, LABELS, PARTS = ("features", "images", "data", "xs", "x", "X"), ("labels", "target", "ys", "y"), "split"
"""What arrays of an archive are called."""

Parts = NDArray[np.uint8]


@dataclass(frozen=True)
class Data:
    """Examples as a file has them.

    labels   the number of the class of each
    image    rows and columns, where the features are the pixels of an image, row by row
    parts    what each is for, where the file says it
    """

    features: Mapping[str, Column]
    labels: Labels
    classes: tuple[str, ...]
    image: tuple[int, int] | None = None
    parts: Parts | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, which: NDArray[np.bool_]) -> Mapping[str, Column]:
        """The features of some examples."""
        return {name: column[which] for name, column in self.features.items()}

    def examples(self, code: Code, which: NDArray[np.bool_]) -> Examples:
        return Examples(code.encode(self.take(which)), self.labels[which])

    def problem(self, code: Code, parts: Parts) -> Problem:
        """What is to be learned, in a code whose bits are those of the features in their order."""
        levels = len(code.bits) // max(1, len(self.features))
        image = None if self.image is None else (*self.image, levels)
        learned, held = (self.examples(code, parts == part) for part in (LEARNED, HELD))
        return Problem(learned, held, code.names, self.classes, image)


def parted(count: int, held: float, tested: float, seed: int) -> Parts:
    """What each of so many examples is for, drawn by the seed: these shares are held out and for testing."""
    order = np.random.default_rng(seed).permutation(count)
    parts = np.full(count, LEARNED, np.uint8)
    last, first = round(tested * count), round((tested + held) * count)
    parts[order[last:first]], parts[order[:last]] = HELD, TESTED
    return parts


def read(path: Path, label: str | None = None, image: tuple[int, int] | None = None) -> Data:
    """The examples in a .csv (the label is a column, the last one unless it is named) or .npz file (arrays of features
    [n, f] or images [n, rows, columns], of labels [n] and, if there is one called `split`, of what each is for).

    Raises FileFault: PB0801 for a file that is not there, PB0803 for one that has no such examples."""
    with reading(path):
        match path.suffix.lower():
            case ".csv":
                data = _of_table(path, Table(path), label)
            case ".npz":
                with np.load(path, allow_pickle=False) as arrays:
                    data = _of_archive(path, dict(arrays), label)
            case _:
                raise unreadable(path, "examples are read from .csv and .npz")
    if len(data) == 0:
        raise unreadable(path, "it has no examples")
    if image is None:
        return data
    if image[0] * image[1] != len(data.features):
        raise unreadable(path, f"images of {image[0]} × {image[1]} have {image[0] * image[1]} pixels, "
                               f"and there are {len(data.features)} features")  # fmt: skip
    return Data(data.features, data.labels, data.classes, image, data.parts)


def _of_table(path: Path, table: Table, label: str | None) -> Data:
    names = [_word(name) for name in table.names or map(str, range(table.width))]
    if len(set(names)) < len(names):
        raise unreadable(path, f"two columns are called `{next(n for n in names if names.count(n) > 1)}`")
    if table.width < 2:
        raise unreadable(path, "examples have a label and at least one feature, each a column")
    at = table.columns(label)[-1] if label is not None else table.width - 1
    columns = [_column(path, table, names, k) for k in range(table.width)]
    labels, classes = _classes([_word(row[at]) for row in table.rows])
    return Data({names[k]: c for k, c in enumerate(columns) if k != at}, labels, classes)


def _column(path: Path, table: Table, names: Sequence[str], k: int) -> Column:
    cells = [_word(row[k]) for row in table.rows]
    if "" in cells:
        raise unreadable(path, f"line {table.lines[cells.index('')]} has nothing in the column `{names[k]}`",
                         "leave out the example, or say in a word that it is not known")  # fmt: skip
    try:
        column = np.array([float(cell) for cell in cells])
    except ValueError:
        return np.array(cells, dtype=str)
    return _finite(path, names[k], column)


def _word(text: str) -> str:
    """The text without spaces, which names in files of circuits cannot have."""
    return "_".join(text.split())


def _of_archive(path: Path, arrays: Mapping[str, NDArray[np.generic]], label: str | None) -> Data:
    xs, ys = _member(path, arrays, None, FEATURES), _member(path, arrays, label, LABELS)
    if ys.ndim != 1 or xs.ndim not in (2, 3) or len(xs) != len(ys):
        raise unreadable(path, f"features are [n, f] or [n, rows, columns] and labels [n], not {xs.shape} and {ys.shape}")
    if xs.dtype.kind not in "biuf":
        raise unreadable(path, f"features are numbers, not {xs.dtype}")
    image = (xs.shape[1], xs.shape[2]) if xs.ndim == 3 else None
    names = [f"p{r}_{c}" for r in range(image[0]) for c in range(image[1])] if image else [f"x{k}" for k in range(xs.shape[1])]
    flat = xs.reshape(len(xs), -1).astype(float)
    labels, classes = _classes([str(y) for y in ys.tolist()])
    parts = arrays.get(PARTS)
    if parts is not None and (parts.shape != ys.shape or not np.isin(parts, (LEARNED, HELD, TESTED)).all()):
        raise unreadable(path, f"`{PARTS}` says what each example is for: 0 to learn from, 1 to choose by, 2 to test with")
    features = {name: _finite(path, name, flat[:, k]) for k, name in enumerate(names)}
    return Data(features, labels, classes, image, None if parts is None else parts.astype(np.uint8))


def _member(
    path: Path, arrays: Mapping[str, NDArray[np.generic]], name: str | None, usual: Sequence[str]
) -> NDArray[np.generic]:
    found = [n for n in ((name,) if name is not None else usual) if n in arrays]
    if not found:
        wanted = f"`{name}`" if name is not None else f"{listed(usual)} (one of these)"
        raise unreadable(path, f"it has no array called {wanted}",
                         (name and suggestion(name, arrays)) or f"it has {listed(list(arrays)) or 'none'}")  # fmt: skip
    return arrays[found[0]]


def _classes(cells: Sequence[str]) -> tuple[Labels, tuple[str, ...]]:
    """The number of each label, and the labels in order: of numbers if they all are."""
    try:
        ordered = sorted(set(cells), key=float)
    except ValueError:
        ordered = sorted(set(cells))
    number = {name: k for k, name in enumerate(ordered)}
    return np.array([number[cell] for cell in cells], dtype=np.int64), tuple(ordered)


def _finite(path: Path, name: str, column: NDArray[np.floating]) -> Column:
    if not np.isfinite(column).all():
        raise unreadable(path, f"the feature `{name}` of example {int(np.argmin(np.isfinite(column)))} is no finite number")
    return column


