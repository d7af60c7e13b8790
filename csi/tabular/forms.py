"""Cells of text as HTML and LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from csi.tabular.lettering import latex

Cells = Sequence[Sequence[str]]
"""The head and the rows."""

_BOX = '<div class="csi-table" style="overflow-x:auto;max-width:100%">'
_TABLE = '<table style="border-collapse:collapse;margin:0.4em 0">'
_CAPTION = '<caption style="caption-side:top;text-align:left;font-weight:bold">'


def html_table(cells: Cells, right: Sequence[bool], *, caption: str = "", left: str = "") -> str:
    """Return a table that scrolls where it is too wide.

    Parameters
    ----------
    cells : sequence of sequences of str
        The head and the rows.
    right : sequence of bool
        Columns that stand to the right. A first column of words names its row.
    caption : str
    left : str
        How many rows are left out, in words.
    """
    sides = ["right" if side else "left" for side in right]
    head, *body = cells
    top = "".join(
        f'<th scope="col" style="text-align:{side}">{escape(cell)}</th>'
        for cell, side in zip(head, sides, strict=True)
    )
    rows = "".join(f"<tr>{_html_row(row, sides)}</tr>" for row in body)
    said = f"{_CAPTION}{escape(caption)}</caption>" if caption else ""
    more = f"<p>{escape(left)}</p>" if left else ""
    inside = f"<thead><tr>{top}</tr></thead><tbody>{rows}</tbody>"
    return f"{_BOX}{_TABLE}{said}{inside}</table></div>{more}"


def _html_row(row: Sequence[str], sides: Sequence[str]) -> str:
    parts = []
    for place, (cell, side) in enumerate(zip(row, sides, strict=True)):
        first = place == 0 and side == "left"
        open_, close = ('th scope="row"', "th") if first else ("td", "td")
        weight = ";font-weight:normal" if first else ""
        parts.append(f'<{open_} style="text-align:{side}{weight}">{escape(cell)}</{close}>')
    return "".join(parts)


def html_facts(facts: Sequence[tuple[str, str]]) -> str:
    """Return labels with their values, two pairs a row."""
    half = (len(facts) + 1) // 2
    pairs = [facts[k::half] for k in range(half)] if facts else []
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row" style="text-align:left">{escape(label)}</th>'
            f'<td style="text-align:left">{escape(value)}</td>'
            for label, value in pair
        )
        + '<td colspan="2"></td>' * (2 - len(pair))
        + "</tr>"
        for pair in pairs
    )
    return f"{_BOX}{_TABLE}<tbody>{rows}</tbody></table></div>" if facts else ""


def latex_table(
    cells: Cells, right: Sequence[bool], *, caption: str = "", label: str = "", head: bool = True
) -> str:
    """Return a table with the rules of booktabs, in a float where it has a caption."""
    lines = [" & ".join(map(latex, row)) + r" \\" for row in cells]
    inner = [
        rf"\begin{{tabular}}{{{''.join('r' if side else 'l' for side in right)}}}",
        r"\toprule",
        *([lines[0], r"\midrule", *lines[1:]] if head else lines),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if not caption:
        return "\n".join(inner)
    marks = [rf"\label{{{label}}}"] if label else []
    above = [r"\begin{table}[htbp]", r"\centering", rf"\caption{{{latex(caption)}}}", *marks]
    return "\n".join([*above, *inner, r"\end{table}"])
