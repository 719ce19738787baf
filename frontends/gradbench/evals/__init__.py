"""GradBench's evaluations: for each a program in the language and, beside it, how its inputs and outputs are written."""
