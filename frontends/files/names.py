"""Names of inputs, state and outputs that files of logic designers take."""

from __future__ import annotations

from ...ir.circuit.circuit import Circuit


def signals(c: Circuit) -> tuple[list[str], list[str], list[str]]:
    """Names of inputs, state and outputs that are one word, no two alike, and none like those of gates (n12)."""
    taken: set[str] = set()

    def own(names: tuple[str, ...], count: int, prefix: str) -> list[str]:
        found = []
        for k in range(count):
            word = (
                "".join(ch if ch.isprintable() and not ch.isspace() and ch not in "#\\=" else "_" for ch in names[k])
                if names
                else ""
            )
            if not word or word in taken or word.startswith(".") or (word[0] == "n" and word[1:].isdigit()):
                word = f"{prefix}{k}"
                while word in taken:
                    word += "_"
            taken.add(word)
            found.append(word)
        return found

    inputs, state = own(c.names.inputs, c.inputs, "i"), own(c.names.state, c.states, "l")
    return inputs, state, own(c.names.outputs, len(c.outputs), "o")
