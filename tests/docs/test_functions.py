"""docs/functions.md: every function is there, with the bounds that its code states and tests hold it to."""

from pathlib import Path

from pullback.backends.llvm.vectormath import CATALOGUE
from pullback.core.operation import INSTRUCTIONS

PAGE = Path(__file__).parents[2] / "docs" / "functions.md"


def test_the_table_has_every_function_and_its_bounds():
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.read_text(encoding="utf-8").splitlines()
            if line.startswith("| `")]
    table = {row[0].strip("`"): (float(row[2]), float(row[3])) for row in rows}
    assert table.keys() == {*INSTRUCTIONS["function"], "sqrt", "rsqrt"}
    assert table == {name: (CATALOGUE[name].ulp_f64, CATALOGUE[name].ulp_f32) for name in table}
