"""How accuracies went while a circuit was learned, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import FileFault
from .problem import Progress


def draw(history: Sequence[Progress], path: Path) -> None:
    """The accuracies after each epoch, on the examples learned from and on those held out, as .png, .svg or .pdf.

    Raises FileFault: PB0804 where the file cannot be written, PB0814 where matplotlib is not there."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise FileFault("PB0814", "pictures need matplotlib", hint="pip install 'pullback[viz]'") from None
    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.add_subplot()
    epochs = [p.epoch for p in history]
    for shares, label, colour in (
        ([100 * p.learned for p in history], "learned from", "tab:grey"),
        ([100 * p.held for p in history], "held out", "tab:blue"),
    ):
        axes.plot(epochs, shares, label=label, color=colour, marker="o" if len(epochs) < 30 else None, markersize=3)
    axes.set(xlabel="epoch", ylabel="right, per cent", ylim=(0, 102))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, loc="lower right")
    try:
        figure.savefig(path, dpi=150)
    except OSError as problem:
        raise FileFault("PB0804", f"{path} cannot be written: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise FileFault("PB0810", f"{path}: {problem}") from None
