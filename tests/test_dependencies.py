"""What csi imports is what pyproject.toml declares; GPL programs are for tests only."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

MODULE_OF = {
    "python-calamine": "python_calamine",
    "rich-click": "rich_click",
    "python-pptx": "pptx",
}
ORACLES = {"seminr", "openpls", "openpls_engine", "plspm"}


def declared(requirements: list[str]) -> set[str]:
    """Top-level modules of a list of requirements."""
    names = {re.split(r"[\s<>=!~;\[]", requirement)[0] for requirement in requirements}
    return {MODULE_OF.get(name, name) for name in names} - {"csi"}


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Top-level module of each import of a file, and whether it runs when the file is imported."""
    tree = ast.parse(path.read_text("utf-8"))
    at_top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            yield name.split(".")[0], id(node) in at_top


def undeclared(package: Path, core: set[str], optional: set[str]) -> list[str]:
    """Third-party imports that no requirement covers; optional ones may not run at the top."""
    faults = []
    for path in sorted(package.rglob("*.py")):
        for name, at_top in imported(path):
            known = name in sys.stdlib_module_names or name == "csi" or name in core
            if not known and (at_top or name not in optional):
                faults.append(f"{path.relative_to(package)}: {name}")
    return faults


def test_every_import_is_declared() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    optional = declared([requirement for extra in extras for requirement in extra])
    assert undeclared(ROOT / "csi", declared(PROJECT["project"]["dependencies"]), optional) == []


def test_no_gpl_program_is_required_or_imported() -> None:
    project = PROJECT["project"]
    extras = [r for extra in project["optional-dependencies"].values() for r in extra]
    required = declared([*project["dependencies"], *extras])
    assert required & ORACLES == set()
    used = {name for path in (ROOT / "csi").rglob("*.py") for name, _ in imported(path)}
    assert used & ORACLES == set()


def test_every_requirement_has_a_tested_version() -> None:
    pins = {
        re.split(r"==", line)[0].lower()
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    groups = PROJECT["dependency-groups"].values()
    needed = [r for group in groups for r in group if isinstance(r, str)]
    needed += PROJECT["project"]["dependencies"]
    needed += [r for x in PROJECT["project"]["optional-dependencies"].values() for r in x]
    names = {re.split(r"[\s<>=!~;\[]", requirement)[0].lower() for requirement in needed}
    assert names - {"csi"} - pins == set()


def test_constraints_carry_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    shape = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; .+)?")
    assert [line for line in lines if not shape.fullmatch(line)] == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("import seminr", ["x.py: seminr"]),
        ("def f():\n    import requests.adapters", ["x.py: requests"]),
        ("import pyreadstat", ["x.py: pyreadstat"]),
        ("def f():\n    import pyreadstat", []),
        ("import numpy.linalg\nimport sys\nfrom csi import text", []),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, text: str, faults: list[str]) -> None:
    (tmp_path / "x.py").write_text(text, "utf-8")
    assert undeclared(tmp_path, {"numpy"}, {"pyreadstat"}) == faults
