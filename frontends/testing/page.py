"""The report of a verification as one page of HTML, which needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .verification import LAWS, Finding, failed

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
code, pre { font-family: ui-monospace, monospace; font-size: .9em }
pre { background: #f5f5f5; padding: .7rem; overflow-x: auto }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top }
tr { border-bottom: 1px solid #ddd } .holds { color: #176b2c } .broken { color: #a40000; font-weight: bold }
.not { color: #777 } h2 { font-size: 1.1rem; margin-top: 2rem }
"""


def page(file: str, reports: Sequence[tuple[str, list[Finding]]]) -> str:
    """What was tried of each function, and what failed, the smallest counterexample first."""
    broken = [(name, f) for name, findings in reports for f in failed(findings)]
    broken.sort(key=lambda pair: pair[1].size)
    held = sum(f.outcome == "holds" for _, findings in reports for f in findings)
    body = [f"<h1>{escape(file)}</h1>", f"<p>{held} laws hold, {len(broken)} are broken.</p>"]
    for name, f in broken:
        command = f"pullback run {file} {name.partition('(')[0]} {f.arguments}"
        body.append(f"<h2 class=broken>{escape(f.law)}: {escape(LAWS[f.law])}</h2><p>{escape(f.message)}</p>"
                    f"<pre>{escape(command)}</pre>")  # fmt: skip
    for name, findings in reports:
        head = "<tr><th>law<th>says<th>outcome<th>tried on<th>seconds</tr>"
        rows = "".join(map(_row, findings))
        body.append(f"<h2><code>{escape(name)}</code></h2><table>{head}{rows}</table>")
    head = f"<meta charset=utf-8><title>{escape(f'pullback verify {file}')}</title><style>{STYLE}</style>"
    return f"<!doctype html><html lang=en>{head}{''.join(body)}</html>\n"


def _row(f: Finding) -> str:
    style = {"holds": "holds", "broken": "broken"}.get(f.outcome, "not")
    said = f.outcome if f.outcome != "does not apply" else f"does not apply: {f.message}"
    return (f"<tr><td>{escape(f.law)}<td>{escape(LAWS[f.law])}<td class={style}>{escape(said)}<td>{f.tried or ''}"
            f"<td>{f.seconds:.1f}</tr>")  # fmt: skip
