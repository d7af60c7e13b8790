"""Who may import whom, as ARCHITECTURE.md says; the checker itself is tested on planted faults."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = {
    "errors": 0,
    "arrays": 0,
    "text": 0,
    "tabular": 0,
    "lazy": 0,
    "repeats": 0,
    "verdict": 0,
    "survey": 1,
    "model": 1,
    "moments": 2,
    "estimate": 3,
    "index": 4,
    "assess": 5,
    "compare": 5,
    "planning": 5,
    "report": 6,
    "run": 7,
    "cli": 8,
}
BASE = {part for part, layer in LAYERS.items() if layer == 0}
MAY_SIMULATION = BASE | {"survey", "model", "simulation"}
MAY_IMPORT_SIMULATION = {"run", "cli", "simulation"}
KERNEL_THIRD_PARTY = {"numpy", "scipy"}


@dataclass(frozen=True)
class Import:
    """One import of a module: its absolute name, the line, and whether it is inside a function."""

    name: str
    line: int
    inside: bool


def module_name(path: Path, root: Path) -> str:
    """Dotted name of the module in the file `path` below `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """Return the absolute name that ``from ... import`` starts from."""
    if not node.level:
        return node.module or ""
    package = module.split(".") if is_package else module.split(".")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def imports_of(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[Import]:
    """Every import in a module: statements, and names given to lazy_module or import_module."""

    def visit(node: ast.AST, inside: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, inside)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module, is_package=is_package)
            for alias in node.names:
                # ``from csi import survey`` names a part of csi, not csi itself
                yield Import(f"{base}.{alias.name}" if base == "csi" else base, node.lineno, inside)
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            first = node.args[0]
            loads = called in {"lazy_module", "import_module", "__import__"}
            if loads and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Import(first.value, node.lineno, inside)
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside or function)

    yield from visit(tree, inside=False)


def fault_of(module: str, part: str, found: Import) -> str | None:
    """Say what is wrong with one import of `csi`, if anything."""
    names = found.name.split(".")
    if found.inside:
        return "imports csi inside a function"
    if len(names) == 1:
        return "imports csi itself instead of the module that is needed"
    target = names[1]
    if target == part:
        return None
    if target == "simulation" or part == "simulation":
        allowed = part in MAY_IMPORT_SIMULATION and (
            part != "simulation" or target in MAY_SIMULATION
        )
        return None if allowed else f"{part} must not import {target}"
    if part not in LAYERS or target not in LAYERS:
        unknown = part if part not in LAYERS else target
        return f"csi.{unknown} has no place in the layers of ARCHITECTURE.md"
    if LAYERS[target] > LAYERS[part] or (LAYERS[target] == LAYERS[part] != 0):
        return f"{part} must not import {target}"
    return None


def kernel_fault(found: Import) -> str | None:
    """Say what is wrong with one import of a kernel, if anything."""
    top = found.name.split(".")[0]
    if top in KERNEL_THIRD_PARTY or top in sys.stdlib_module_names:
        return None
    if found.name == "csi.arrays" or found.name.split(".")[-1].startswith("kernel"):
        return None
    return f"a kernel must not import {found.name}"


def layer_faults(root: Path) -> list[str]:
    """All breaches of the layer rules in the package ``root/csi``."""
    faults = []
    for path in sorted((root / "csi").rglob("*.py")):
        if "data" in path.relative_to(root / "csi").parts:
            continue
        module = module_name(path, root)
        if module == "csi":
            continue  # only names where things live
        part = module.split(".")[1]
        part = "cli" if part == "__main__" else part
        tree = ast.parse(path.read_text("utf-8"), str(path))
        for found in imports_of(tree, module, is_package=path.name == "__init__.py"):
            checks = []
            if found.name.split(".")[0] == "csi":
                checks.append(fault_of(module, part, found))
            if path.name.startswith("kernel"):
                checks.append(kernel_fault(found))
            where = f"{path.relative_to(root)}:{found.line}"
            faults += [f"{where}: {what}" for what in checks if what]
    return faults


def test_the_package_keeps_its_layers() -> None:
    assert layer_faults(ROOT) == []


def test_every_part_of_the_package_is_seen() -> None:
    modules = {module_name(path, ROOT) for path in (ROOT / "csi").rglob("*.py")}
    assert {"csi.errors", "csi.survey", "csi.model.model", "csi.estimate.fit"} <= modules


def plant(root: Path, file: str, text: str) -> list[str]:
    """Faults of a small package of one file."""
    path = root / "csi" / file
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return layer_faults(root)


PLANTED = {
    "to the right": (
        "moments/x.py",
        "from csi.estimate.fit import Fit",
        "not import estimate",
    ),
    "plain import": ("model/x.py", "import csi.report.page", "must not import report"),
    "neighbours": ("survey/x.py", "from csi.model.model import Model", "must not import model"),
    "from csi": ("model/x.py", "from csi import survey", "must not import survey"),
    "relative": ("moments/x.py", "from ..index import yearly", "must not import index"),
    "relative package": ("moments/__init__.py", "from ..index import y", "must not import index"),
    "in a function": ("run/x.py", "def f():\n    import csi.arrays", "inside a function"),
    "in a method": ("run/x.py", "class A:\n  def f(s):\n    from csi.text import Text", "inside"),
    "lazy": ("report/x.py", "cli = lazy_module('csi.cli')", "must not import cli"),
    "by name": ("report/x.py", "x = importlib.import_module('csi.run')", "must not import run"),
    "if typing": (
        "survey/x.py",
        "if TYPE_CHECKING:\n    import csi.index",
        "must not import index",
    ),
    "simulation up": ("simulation/x.py", "import csi.moments", "must not import moments"),
    "to simulation": ("index/x.py", "import csi.simulation", "must not import simulation"),
    "csi itself": ("report/x.py", "import csi", "csi itself"),
    "new part": ("utils/x.py", "import csi.arrays", "no place in the layers"),
    "kernel, pandas": (
        "moments/kernel.py",
        "import pandas as pd",
        "a kernel must not import pandas",
    ),
    "kernel, values": (
        "estimate/pls/kernel_x.py",
        "from csi.moments.values import Moments",
        "a kernel must not import csi.moments.values",
    ),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_breach_is_found(tmp_path: Path, case: str) -> None:
    file, text, expected = PLANTED[case]
    faults = plant(tmp_path, file, text)
    assert len(faults) == 1
    assert expected in faults[0]
    assert faults[0].startswith(f"csi/{file}:")


FINE = {
    "to the left": ("index/x.py", "from csi.estimate.fit import Fit\nimport csi.survey.survey"),
    "same part": ("survey/x.py", "from csi.survey.codebook import Item\nfrom .y import z"),
    "base among itself": ("tabular.py", "from csi.text import Text"),
    "heavy third party": ("report/x.py", "def f():\n    import matplotlib.pyplot as plt"),
    "cli, simulation": ("cli/x.py", "s = lazy_module('csi.simulation')"),
    "kernel": (
        "moments/kernel.py",
        "import numpy\nfrom csi.arrays import Array\nimport math",
    ),
    "kernel of kernels": ("estimate/pls/kernel_a.py", "from csi.estimate.pls.kernel import step"),
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_allowed_passes(tmp_path: Path, case: str) -> None:
    file, text = FINE[case]
    path = tmp_path / "csi" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    assert layer_faults(tmp_path) == []
