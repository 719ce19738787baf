"""How programs are measured side by side: what a program is, clocks, answers, C, results, tables and the picture."""
