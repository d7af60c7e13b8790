"""The names of ``import csi``, that they load on first use, and the lazy stand-in."""

import ast
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import csi
from csi.lazy import lazy_module

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", csi.__all__)
def test_a_public_name_resolves(name: str) -> None:
    assert getattr(csi, name) is not None
    assert name in dir(csi)


def test_parts_with_names_of_their_own_load_on_first_use() -> None:
    code = "import csi; print(csi.assess.measurement.__name__, 'assess' in dir(csi))"
    assert fresh(code) == "measurement True"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'satisfation'"):
        _ = csi.satisfation


def test_editors_and_programs_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "csi" / "__init__.py").read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == csi._WHERE
    assert sorted(typed) == sorted(csi.__all__)


def test_every_public_name_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "index.md").read_text("utf-8")
    assert sorted(re.findall(r"^   (\w+)$", page, re.MULTILINE)) == sorted(csi.__all__)


def fresh(code: str) -> str:
    """Run code in a new interpreter and return what it prints."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()


def test_import_csi_loads_nothing_heavy() -> None:
    code = "import sys, csi; print(sorted(m for m in sys.modules if m.startswith('csi')))"
    assert fresh(code) == "['csi']"
    heavy = "{'numpy', 'pandas', 'scipy', 'matplotlib', 'semopy'}"
    assert fresh(f"import sys, csi; print({heavy} & set(sys.modules))") == "set()"


def test_import_csi_takes_under_50_ms() -> None:
    code = "import time; a = time.process_time(); import csi; print(time.process_time() - a)"
    assert min(float(fresh(code)) for _ in range(5)) < 0.05


def test_version_is_the_one_of_the_package() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{csi.__version__}"' in text


def test_lazy_module_loads_on_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loaded_late.py").write_text("answer = 42\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = lazy_module("loaded_late")
    assert isinstance(module, types.ModuleType)
    assert "loaded_late" not in sys.modules
    assert module.answer == 42
    assert "loaded_late" in sys.modules
    assert lazy_module("loaded_late") is sys.modules["loaded_late"]
    assert "answer" in dir(module)
    monkeypatch.delitem(sys.modules, "loaded_late")


def test_lazy_module_of_parts_that_import_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is asked for first; its parent imports it, and it imports its parent's sibling."""
    package = tmp_path / "parent_pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from parent_pkg.child import name\n", "utf-8")
    (package / "child.py").write_text("from parent_pkg.value import name\n", "utf-8")
    (package / "value.py").write_text("name = 'found'\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert lazy_module("parent_pkg.child").name == "found"


def test_lazy_module_says_what_is_missing() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module_here"):
        _ = lazy_module("no_such_module_here").anything
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = lazy_module("colorsys").no_such_name
