"""Train a logistic regression on real data: the program is `logistic.pull`, its gradient is derived and compiled.

    make demo        # or: python examples/logistic.py [--steps 400] [--rate 0.5] [--out build/demo]

Shows progress, reports accuracy and loss on held-out tumours beside a reference, and saves a picture of the loss, the
derived program and its machine code.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import pullback as pb

HERE = Path(__file__).parent
DATA = HERE / "data" / "breast_cancer.csv"
TRAINED = 400  # the first 400 of a fixed shuffle; the other 169 are held out

REFERENCE_ACCURACY, REFERENCE_LOSS = 0.9645, 0.0780
"""scikit-learn 1.9.1, LogisticRegression(C=1.0, max_iter=10000, tol=1e-10), on the same split and scaling."""


@dataclass(frozen=True)
class Split:
    """Standardised measurements [n, 30] and labels [n] (1: benign), for training and held out."""

    xs: np.ndarray
    ys: np.ndarray
    held_xs: np.ndarray
    held_ys: np.ndarray


def read(path: Path = DATA, trained: int = TRAINED) -> Split:
    """The data in a fixed random order, scaled by mean and deviation of the training part."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    order = np.random.default_rng(0).permutation(len(table))
    xs, ys = table[order, :-1].copy(), table[order, -1].copy()
    xs = (xs - xs[:trained].mean(axis=0)) / xs[:trained].std(axis=0)
    return Split(xs[:trained], ys[:trained], xs[trained:], ys[trained:])


@dataclass(frozen=True)
class Trained:
    w: np.ndarray
    b: float
    losses: list[float]
    held_losses: list[float]
    seconds: float


def train(model: pb.Module, data: Split, steps: int, rate: float, progress: Callable[[int, float], None]) -> Trained:
    """Gradient descent from zero: the program's own `step`, in which the gradient is taken in the language."""
    w, b = np.zeros(data.xs.shape[1]), 0.0
    losses, held, start = [], [], time.perf_counter()
    for k in range(steps):
        w, b = model.step(w, b, data.xs, data.ys, rate)
        losses.append(model.loss(w, b, data.xs, data.ys))
        held.append(model.loss(w, b, data.held_xs, data.held_ys))
        progress(k + 1, losses[-1])
    return Trained(w, b, losses, held, time.perf_counter() - start)


def accuracy(model: pb.Module, result: Trained, xs: np.ndarray, ys: np.ndarray) -> float:
    return float(np.mean([(model.predict(result.w, result.b, x) > 0.5) == y for x, y in zip(xs, ys, strict=True)]))


def progress_line(steps: int) -> Callable[[int, float], None]:
    """Progress on one line of a terminal; elsewhere, ten lines in all."""
    terminal = sys.stderr.isatty()

    def show(done: int, loss: float) -> None:
        if terminal:
            bar = "█" * (24 * done // steps)
            end = "\n" if done == steps else ""
            print(f"\r  step {done:4d}/{steps}  {bar:<24}  loss {loss:.4f}", end=end, file=sys.stderr, flush=True)
        elif done % max(steps // 10, 1) == 0:
            print(f"  step {done:4d}/{steps}  loss {loss:.4f}", file=sys.stderr)

    return show


def picture(result: Trained, path: Path) -> bool:
    """The loss over the steps, as a PNG. False where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    steps = np.arange(1, len(result.losses) + 1)
    figure, axes = plt.subplots(figsize=(7.2, 4.2), dpi=160, layout="constrained")
    axes.plot(steps, result.losses, color="#3455a4", linewidth=2)
    axes.plot(steps, result.held_losses, color="#d9733a", linewidth=2)
    axes.axhline(REFERENCE_LOSS, color="#999999", linewidth=1, linestyle=(0, (4, 3)))
    end = steps[-1]
    axes.annotate("training", (end, result.losses[-1]), (6, -4), textcoords="offset points", color="#3455a4")
    axes.annotate("held out", (end, result.held_losses[-1]), (6, 0), textcoords="offset points", color="#d9733a")
    axes.annotate("scikit-learn, held out", (1, REFERENCE_LOSS), (4, 4), textcoords="offset points", color="#777777", size=8)
    axes.set(xscale="log", yscale="log", xlabel="step of gradient descent", ylabel="mean cross-entropy", xlim=(1, 2.2 * end))
    axes.set_yticks([y for y in (0.02, 0.05, 0.1, 0.2, 0.5) if min(result.losses) < y < max(result.losses)])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")
    axes.set_title("Logistic regression, gradient compiled by pullback", loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, which="major")
    figure.savefig(path)
    plt.close(figure)
    return True


def shown(path: Path) -> str:
    """The path as one would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def main(argv: list[str] | None = None) -> Trained:
    options = argparse.ArgumentParser(description="Train examples/logistic.pull on real data.")
    options.add_argument("--steps", type=int, default=400, help="steps of gradient descent (400)")
    options.add_argument("--rate", type=float, default=0.5, help="learning rate (0.5)")
    options.add_argument("--out", type=Path, default=HERE.parent / "build" / "demo", help="folder for what it saves")
    chosen = options.parse_args(argv)
    chosen.out.mkdir(parents=True, exist_ok=True)

    start = time.perf_counter()
    model = pb.compile(HERE / "logistic.pull")
    data = read()
    model.step(np.zeros(data.xs.shape[1]), 0.0, data.xs, data.ys, chosen.rate)
    print(f"logistic.pull compiled, with its gradient, in {1e3 * (time.perf_counter() - start):.0f} ms")
    print(f"training on {len(data.ys)} tumours, {len(data.held_ys)} held out")
    result = train(model, data, chosen.steps, chosen.rate, progress_line(chosen.steps))

    held = accuracy(model, result, data.held_xs, data.held_ys)
    print(f"{chosen.steps} steps in {1e3 * result.seconds:.0f} ms")
    print("                       accuracy    loss       (held out)")
    print(f"  this model             {held:.4f}    {result.held_losses[-1]:.4f}")
    print(f"  scikit-learn 1.9.1     {REFERENCE_ACCURACY:.4f}    {REFERENCE_LOSS:.4f}")

    derivative = pb.value_and_grad(model.loss, argnums=("w", "b"))
    for stage, file in (("graph", "gradient.graph"), ("loops", "gradient.loops"), ("asm", "gradient.s")):
        (chosen.out / file).write_text(derivative.as_text(stage), encoding="utf-8")
    drawn = picture(result, chosen.out / "loss.png")
    print("\nlook next at")
    print(f"  {shown(chosen.out / 'loss.png')}        the loss, step by step" if drawn else
          "  (no picture: matplotlib is not installed; pip install 'pullback[viz]')")
    print(f"  {shown(chosen.out / 'gradient.graph')}  the derived program")
    print(f"  {shown(chosen.out / 'gradient.loops')}  its one fused loop nest")
    print(f"  {shown(chosen.out / 'gradient.s')}      its machine code")
    print("  pullback explain examples/logistic.pull loss --grad --after graph")
    return result


if __name__ == "__main__":
    main()
