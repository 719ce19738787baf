"""The mathematics: objects, sizes, semirings, operations with all their rules, laws. Knows no syntax and no machine."""
