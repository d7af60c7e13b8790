"""Build the paper: numbers, tables, listings and figures from csi, then the PDF.

    python paper/make.py            # writes paper/generated/ and build/paper/paper.pdf
    python paper/make.py --check    # recomputes everything; fails where something is stale

The check writes nothing but the PDF, of what is committed. It lists committed numbers that are no
longer so, numbers that the text names and nothing makes, those made and not used, numbers in the
text itself, and references that lead nowhere. How exactly a number must agree stands with it
(`paper.records`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.path[0] = str(ROOT)  # `paper` is a package of the checkout, and so is `benchmarks`

from paper import agreement, prose, records  # noqa: E402
from paper.example import example  # noqa: E402
from paper.facts import facts  # noqa: E402
from paper.figures import figures  # noqa: E402
from paper.tables import tables  # noqa: E402

TEXT, BIBLIOGRAPHY = HERE / "paper.typ", HERE / "references.bib"
GENERATED = HERE / "generated"
PDF = ROOT / "build" / "paper" / "paper.pdf"
STAMP = 1767225600
"""Time written into the PDF (2026-01-01): the same text gives the same bytes."""
FILES = ("numbers", "tables", "listings", "figures")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail where something is stale")
    parser.add_argument("--pdf", type=Path, default=PDF, help="where the PDF goes")
    chosen = parser.parse_args(arguments)
    absent = agreement.missing_software()
    if absent:
        return fail([f"{name} is not installed: pip install --group oracles" for name in absent])
    made, pictures = make()
    wrong = prose.faults(TEXT.read_text("utf-8"), made["numbers"], parts(made), keys())
    if chosen.check:
        wrong += [*stale(committed(), made), *damaged(committed(), GENERATED)]
    if wrong:
        return fail(wrong)
    if not chosen.check:
        write(made, pictures, GENERATED)
    if find_spec("typst") is None:
        return fail(["typst is not installed: pip install --group paper"])
    faults = compiled(chosen.pdf)
    if not faults:
        print(chosen.pdf)
    return fail(faults)


def fail(faults: list[str]) -> int:
    """Print faults; return the exit status."""
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults", file=sys.stderr)
    return int(bool(faults))


def make() -> tuple[dict[str, Any], dict[str, bytes]]:
    """Compute everything: what goes into the files of ``generated``, and the pictures."""
    drawn = figures()
    made = {
        "numbers": facts(),
        "tables": tables(),
        "listings": example().blocks,
        "figures": {name: told for name, (_, told) in drawn.items()},
    }
    whole: dict[str, Any] = json.loads(json.dumps(made))
    return whole, {name: svg for name, (svg, _) in drawn.items()}


def committed(folder: Path = GENERATED) -> dict[str, Any]:
    """Return what the files of a folder hold; nothing for files that are not there."""
    paths = {name: folder / f"{name}.json" for name in FILES}
    return {
        name: json.loads(path.read_text("utf-8")) if path.exists() else {}
        for name, path in paths.items()
    }


def stale(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what is no longer so of the committed files."""
    return list(records.stale(without_marks(old), without_marks(new)))


def without_marks(made: dict[str, Any]) -> dict[str, Any]:
    """Return everything but the fingerprints of the pictures, which follow from the drawing."""
    bare = {
        name: {key: value for key, value in told.items() if key != "sha256"}
        for name, told in made["figures"].items()
    }
    return made | {"figures": bare}


def damaged(old: dict[str, Any], folder: Path) -> list[str]:
    """Return the pictures that are not the ones that the committed data were drawn as."""
    faults = []
    for name, told in old["figures"].items():
        path = folder / f"{name}.svg"
        if not path.exists():
            faults.append(f"figures.{name}: {path.name} is not there")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != told.get("sha256"):
            faults.append(f"figures.{name}: {path.name} was not drawn from the committed data")
    return faults


def write(made: dict[str, Any], pictures: dict[str, bytes], folder: Path) -> None:
    """Write the files; what is not stale stays as it is committed."""
    folder.mkdir(exist_ok=True)
    old = committed(folder)
    moved = bool(stale(old, made))
    for name, svg in pictures.items():
        (folder / f"{name}.svg").write_bytes(svg)
        made["figures"][name]["sha256"] = hashlib.sha256(svg).hexdigest()
    for name in FILES:
        kept = records.settled(old[name] or None, made[name])
        if name == "numbers" and moved:  # new numbers name the machine that made them
            kept |= {key: value for key, value in made[name].items() if "environment" in value}
        text = json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / f"{name}.json").write_text(text + "\n", "utf-8")


def parts(made: dict[str, Any]) -> set[str]:
    """Return tables, listings and figures as the text calls them; typst draws the road."""
    kinds = {"table-of": "tables", "listing": "listings", "drawn": "figures"}
    found = {f"{kind} {name}" for kind, place in kinds.items() for name in made[place]}
    return found | {"drawn road"}


def keys() -> set[str]:
    """Return the keys of the bibliography."""
    return set(re.findall(r"(?m)^@\w+\{([^,\s]+),", BIBLIOGRAPHY.read_text("utf-8")))


def compiled(pdf: Path) -> list[str]:
    """Compile the text to a PDF; return errors and warnings of typst."""
    import typst

    pdf.parent.mkdir(parents=True, exist_ok=True)
    try:
        _, warnings = typst.compile_with_warnings(
            str(TEXT), output=str(pdf), root=str(HERE), timestamp=STAMP
        )
    except typst.TypstError as error:
        return [f"typst: {error}"]
    return [f"typst warns: {warning.message}" for warning in warnings]


if __name__ == "__main__":
    raise SystemExit(main())
