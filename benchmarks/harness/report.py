"""The results as a page: for each program a table of everybody's times, and all bars, met or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .bars import Verdict
from .clock import scaled, short
from .measure import Measured
from .program import OURS, Program


def page(date: str, facts: Mapping[str, str], programs: Sequence[Program], figures: Sequence[Measured],
         bars: Sequence[Verdict], picture: str = "") -> str:
    """The whole page, in Markdown."""
    parts = [f"# Benchmarks, {date}\n", "; ".join(f"{name}: {text}" for name, text in facts.items()) + ".\n",
             "Medians of runs that took turns in one process. In brackets: their time over ours, so more than 1 means that\n"
             "pullback is faster. f64 unless said.\n"]
    if picture:
        parts.append(f"![their time over ours]({picture})\n")
    parts.append("## Bars\n\n" + verdict_table(bars))
    for program in programs:
        mine = [m for m in figures if m.program == program.name]
        parts.append(f"## {program.name}\n\n{program.title}\n")
        for threads in sorted({m.threads for m in mine}):
            parts.append(time_table(program, [m for m in mine if m.threads == threads], threads))
        parts.append(notes(mine))
    return "\n".join(part for part in parts if part)


def grid(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def time_table(program: Program, figures: Sequence[Measured], threads: int) -> str:
    """One row for a size and what is computed, one column for each contender that ran."""
    times = {(m.size, m.what, m.contender): m for m in figures}
    names = [c.name for c in program.running(threads) if any(m.contender == c.name and m.what for m in figures)]
    kinds = list(dict.fromkeys(m.what for m in figures if m.what))
    rows = []
    for size in dict.fromkeys(m.size for m in figures):
        for what in kinds:
            row = [cell(times.get((size, what, name)), times.get((size, what, OURS))) for name in names]
            if any(row):
                rows.append((size, what, *row))
    count = "one thread" if threads == 1 else f"{threads} threads"
    return grid((f"{count}, size", "", *(f"**{n}**" if n == OURS else n for n in names)), rows)


def cell(theirs: Measured | None, ours: Measured | None) -> str:
    if theirs is None:
        return ""
    if theirs.timing is None:
        return "wrong" if theirs.wrong else ""
    text = scaled(theirs.timing.median)
    if theirs.contender == OURS or ours is None or ours.timing is None:
        return text
    return f"{text} ({short(theirs.timing.median / ours.timing.median)})"


def notes(figures: Sequence[Measured]) -> str:
    """Who did not run, and why; whose answer was wrong, and where."""
    lines = dict.fromkeys(
        f"- {m.contender}, {m.what} at {m.size}: wrong, {m.note}" if m.wrong else f"- {m.contender}: {m.note}"
        for m in figures if m.note)
    return "\n".join(lines) + "\n" if lines else ""


def verdict_table(bars: Sequence[Verdict]) -> str:
    if not bars:
        return "None of the programs that ran has one.\n"
    asked = [b for b in bars if b.figure is not None and not b.goal]
    counted = f"{sum(bool(b.met) for b in asked)} of {len(asked)} are met.\n\n"
    return counted + grid(("program", "size", "bar", "at most", "measured", "against", ""), [
        (b.program, b.size, b.says + (" (goal)" if b.goal else ""), amount(b, b.at_most),
         "" if b.figure is None else amount(b, b.figure), b.against,
         {True: "met", False: "**not met**", None: "nobody to compare with"}[b.met]) for b in bars])


def amount(bar: Verdict, number: float) -> str:
    return short(number) if bar.against or bar.figure is None else scaled(number)
