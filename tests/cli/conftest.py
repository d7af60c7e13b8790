"""A small simulated survey, and the command run inside this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from csi.cli import cli

Run = Callable[..., Result]


def invoke(*args: str | Path, **options: object) -> Result:
    """Run ``csi`` with arguments; what it prints is not for a terminal."""
    return CliRunner().invoke(cli, [str(arg) for arg in args], prog_name="csi", **options)


@pytest.fixture
def csi() -> Run:
    """Return the command as a function of its arguments."""
    return invoke


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that `csi simulate` wrote: nine items, two years, two groups."""
    folder = tmp_path_factory.mktemp("cli") / "调查 survey"
    args = ("--years", "2023-2024", "--groups", "A,B", "--n", "80", "--seed", "5")
    done = invoke("simulate", "swics", *args, "--out", folder)
    assert done.exit_code == 0, done.output
    return folder
