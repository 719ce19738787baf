"""`python -m pullback.gradbench`: the tool that answers GradBench on standard input and output (`frontends/gradbench`)."""

from __future__ import annotations

import sys

from .frontends.gradbench.tool import main

if __name__ == "__main__":
    sys.exit(main())
