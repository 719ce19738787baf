"""Options that commands share. Light: this is loaded for `--help`."""

from __future__ import annotations

import argparse


def add_call_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a program, such as logistic.pull")
    parser.add_argument("function", metavar="FUNCTION", help="one of its functions")
    parser.add_argument("--arg", metavar="NAME=VALUE", action="append", default=[],
                        help="the argument for a parameter: a number, [1, 2, 3], {x: 1, y: 2}, file.npy, file.npz, "
                        "file.npz:key, file.csv or file.csv:columns; NAME.part gives one part of a tuple or record")
    parser.add_argument("--out", metavar="FILE", help="write the result to FILE (.npy, .npz or .csv) instead of printing it")
    parser.add_argument("--backend", choices=("llvm", "numba", "python", "interpreter"), default="llvm",
                        help="what runs it (llvm: machine code)")
