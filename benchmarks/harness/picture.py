"""The picture: how many times longer than pullback everybody takes, a row for each size and what is computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .clock import short
from .measure import Measured
from .program import ALONE, OURS, Program

# A colour for a library (Okabe and Ito's, which the colour-blind tell apart), a marker for the variants of its program.
COLOURS = {"JAX": "#0072B2", "PyTorch": "#D55E00", "C": "#4D4D4D", "NumPy": "#009E73", "CasADi": "#CC79A7",
           "autograd": "#E69F00", "SciPy": "#56B4E9"}
MARKERS = ("o", "D", "^", "s")
INK, FAINT, OURS_BAND = "#222222", "#DDDDDD", "#F6E9E4"

Row = tuple[str, str, str]  # program, size, what


def draw(programs: Sequence[Program], figures: Sequence[Measured], target: Path) -> bool:
    """Write the picture; False where there is nothing to compare or matplotlib is not installed."""
    ratios = compared(figures)
    if not ratios:
        return False
    try:
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        return False
    rows = list(dict.fromkeys(row for row, _, _ in ratios))
    threads = sorted({count for _, count, _ in ratios})
    places, look = positions(rows), styles(programs)
    limits = min(0.5, *ratios.values()) / 1.4, max(2.0, *ratios.values()) * 1.4
    height = 1.5 + 0.24 * (max(places.values()) + 1)
    with plt.rc_context({"font.size": 9, "font.family": "sans-serif", "axes.edgecolor": FAINT, "text.color": INK}):
        figure, axes = plt.subplots(1, len(threads), sharey=True, sharex=True, squeeze=False, layout="constrained",
                                    figsize=(3.2 + 4.2 * len(threads), height))
        for panel, count in zip(axes[0], threads, strict=True):
            plot(panel, {k: v for k, v in ratios.items() if k[1] == count}, places, look, limits)
            panel.set_title("one thread" if count == 1 else f"{count} threads", loc="left", fontsize=10)
        label(axes[0][0], places)
        shown = {name: handle for panel in axes[0] for handle, name in zip(*panel.get_legend_handles_labels(), strict=True)}
        handles = {name: shown[name] for name in sorted(shown)}
        figure.suptitle("Their time over pullback's: to the right of the line, pullback is faster", x=0.01, ha="left",
                        fontsize=12, fontweight="bold")
        figure.legend(handles.values(), handles.keys(), loc="outside lower left", ncols=3 * len(threads), frameon=False)
        figure.savefig(target, dpi=150)
        plt.close(figure)
    return True


def compared(figures: Sequence[Measured]) -> dict[tuple[Row, int, str], float]:
    """Their median over ours, by row, threads and contender."""
    times = {((m.program, m.size, m.what), m.threads, m.contender): m.timing.median for m in figures if m.timing}
    return {key: seconds / times[key[0], key[1], OURS] for key, seconds in times.items()
            if key[2] not in (OURS, ALONE) and (key[0], key[1], OURS) in times}


def positions(rows: Sequence[Row]) -> dict[Row, float]:
    """Rows from the top, with a gap and room for a heading before each program."""
    places: dict[Row, float] = {}
    at, before = -1.0, ""
    for row in rows:
        at += 1.0 if row[0] == before else 2.2
        before = row[0]
        places[row] = at
    return places


def styles(programs: Sequence[Program]) -> dict[str, tuple[str, str]]:
    """Colour and marker of a contender: `JAX, one product` has JAX's colour and a marker of its own."""
    names = dict.fromkeys(c.name for p in programs for c in p.contenders if c.name != OURS)
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        family = name.split(",")[0]
        alike = sum(other.split(",")[0] == family for other in found)
        found[name] = COLOURS.get(family, "#999999"), MARKERS[alike % len(MARKERS)]
    return found


def plot(panel: Any, ratios: dict[tuple[Row, int, str], float], places: dict[Row, float],
         look: dict[str, tuple[str, str]], limits: tuple[float, float]) -> None:
    panel.set_xscale("log")
    panel.axvspan(1e-9, 1, color=OURS_BAND, lw=0, zorder=0)
    panel.axvline(1, color=INK, lw=1, zorder=2)
    panel.hlines(list(places.values()), 1e-9, 1e9, color=FAINT, lw=0.6, zorder=1)
    for name, (colour, marker) in look.items():
        points = [(value, places[row]) for (row, _, who), value in ratios.items() if who == name]
        if points:
            panel.scatter(*zip(*points, strict=True), s=30, color=colour, marker=marker, label=name, zorder=3, alpha=0.9,
                          edgecolors="white", linewidths=0.6)
    panel.set_xlim(*limits)
    panel.xaxis.set_major_formatter(lambda value, _: f"{short(value)}×")
    panel.tick_params(length=0, labelcolor=INK)
    panel.grid(axis="x", which="major", color=FAINT, lw=0.6)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)


def label(panel: Any, places: dict[Row, float]) -> None:
    """Rows are named by size and what is computed, programs stand in bold above theirs."""
    panel.set_ylim(max(places.values()) + 0.7, -0.2)
    panel.set_yticks(list(places.values()), [f"{size}  {what}" for _, size, what in places])
    first: dict[str, float] = {}
    for (name, _, _), at in places.items():
        first.setdefault(name, at)
    for name, at in first.items():
        panel.annotate(name, (0, at - 0.85), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points",
                       ha="right", va="center", fontweight="bold")
