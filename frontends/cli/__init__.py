"""The command line: `pullback run`, `check`, `grad`, `explain`, `fmt` and `test`."""
