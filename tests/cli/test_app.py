"""The command as a whole: help, loading, errors and their exit statuses."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from csi.cli import app, cli, parts
from csi.cli.app import COMMANDS
from csi.cli.options import CHOICES, DEFAULTS
from csi.cli.words import PHRASES
from csi.compare.aggregation import AggregateOptions
from csi.errors import Fault, OptionError
from csi.estimate.fit import Metric
from csi.estimate.intervals import IntervalKind
from csi.estimate.pls import PLSOptions
from csi.estimate.pls.options import Higher, Scheme
from csi.index import IndexOptions
from csi.index.options import DesignUse, IndexEstimator
from csi.moments import Missing
from csi.moments.replication import Method
from csi.report.style import FORMATS
from csi.run.plan import OFFICE
from csi.run.simulated import SEED
from csi.simulation import SimulationPlan
from csi.text import Language
from csi.verdict import Topic
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "jinja2", "pyarrow", "joblib")
EVERY = [
    *([name] for name in COMMANDS),
    ["models", "list"],
    ["models", "show"],
    ["codebook", "draft"],
    ["codebook", "show"],
]


def shell(*args: str, code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m csi``, or Python code, in a process of its own."""
    start = ["-c", code] if code else ["-m", "csi"]
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR",)}
    return subprocess.run(
        [sys.executable, *start, *args],
        capture_output=True,
        text=True,
        cwd=ROOT,
        encoding="utf-8",
        env={**kept, "PYTHONIOENCODING": "utf-8", **env},
    )


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_help_has_examples(csi: Run, words: list[str]) -> None:
    done = csi(*words, "--help")
    assert done.exit_code == 0
    _, _, examples = done.output.partition("Examples:")
    assert f"$ csi {words[0]}" in examples or f"$ csi {words[0]}" in examples.replace('"$(', "$ ")


def test_the_commands_in_the_order_of_help(csi: Run) -> None:
    done = csi("--help")
    places = [done.output.index(f"│ {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_version(csi: Run) -> None:
    assert csi("--version").output.strip() == f"csi, version {sys.modules['csi'].__version__}"


def test_an_unknown_command_is_suggested(csi: Run) -> None:
    done = csi("indx", "mobile")
    assert done.exit_code == 2
    assert "there is no command 'indx'" in done.stderr
    assert "did you mean 'index'?" in done.stderr


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["index", "--help"], ["bogus"]])
def test_nothing_heavy_is_loaded_for_help(args: list[str]) -> None:
    code = (
        "import sys; from csi.cli import cli\n"
        f"try: cli({args!r}, prog_name='csi')\n"
        f"except SystemExit: print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    assert shell(code=code).stdout.splitlines()[-1] == "[]"


def test_models_load_without_pandas_and_scipy() -> None:
    code = (
        "import sys; from csi.cli import cli\n"
        "try: cli(['models'], prog_name='csi')\n"
        "except SystemExit: print(sorted({'pandas', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    lines = shell(code=code).stdout.splitlines()
    assert "Catalogue of models" in lines[0]
    assert lines[-1] == "[]"


def test_words_of_options_are_those_of_the_library() -> None:
    known = {
        "missing": get_args(Missing),
        "scheme": get_args(Scheme),
        "metric": get_args(Metric),
        "higher": get_args(Higher),
        "interval": get_args(IntervalKind),
        "lang": get_args(Language),
        "format": FORMATS,
        "office": OFFICE,
        "replicates": get_args(Method),
        "design": get_args(DesignUse),
        "estimator": get_args(IndexEstimator),
        "topics": get_args(Topic),
    }
    assert {name: set(words) for name, words in CHOICES.items()} == {
        name: set(words) for name, words in known.items()
    }


def test_defaults_in_help_are_those_of_the_library() -> None:
    options = IndexOptions()
    for name, shown in DEFAULTS.items():
        if name in ("rolling", "lag"):
            assert shown == str(getattr(AggregateOptions(), name))
            continue
        if name == "n":
            (size,) = (field for field in fields(SimulationPlan) if field.name == "n")
            assert shown == str(size.default)
        else:
            owner = options.pls if name in ("scheme", "metric", "higher") else options
            assert shown == str(getattr(owner, name)), name
    assert DEFAULTS["seed"] == str(SEED)
    assert PLSOptions() == options.pls


def test_every_phrase_is_there_in_both_languages() -> None:
    for key, text in PHRASES.items():
        assert text.en, key
        assert text.zh, key
        named = {part.split("}")[0] for part in text.en.split("{")[1:]}
        said = {part.split("}")[0] for part in text.zh.split("{")[1:]}
        assert named == said or key in ("estimated", "estimated_ml"), key


def failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `csi models` fail."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(parts.models, "names", fail)


def test_one_fault_is_one_red_sentence(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(OptionError(Fault("file [b]x[/b]", "is wrong", "mend it")), monkeypatch)
    done = csi("models")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "file [b]x[/b]: is wrong; mend it.\n"


def test_several_faults_are_counted(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(OptionError([Fault("a", "b", "c?"), Fault("d", "e", "f.")]), monkeypatch)
    assert csi("models").stderr.splitlines() == [
        "2 faults in the options:",
        "a: b; c?",
        "d: e; f.",
    ]


def test_an_error_told_as_a_sentence(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(OptionError("no, that is wrong"), monkeypatch)
    assert csi("models").stderr == "no, that is wrong.\n"


def test_a_file_that_cannot_be_written_is_no_bug(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(PermissionError(13, "Permission denied", "/x/y.csv"), monkeypatch)
    done = csi("models")
    assert done.exit_code == 2
    assert done.stderr == "/x/y.csv: Permission denied; check the path and its rights.\n"


def test_a_bug_says_so(csi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(ZeroDivisionError("division by zero"), monkeypatch)
    done = csi("models")
    assert done.exit_code == app_bug()
    assert done.stderr.startswith("this is a bug of csi (ZeroDivisionError: division by zero)")
    assert "--debug" in done.stderr
    assert "Traceback" not in done.output


def app_bug() -> int:
    """Exit status of a bug, EX_SOFTWARE of sysexits.h."""
    return 70


@pytest.mark.parametrize("how", ["--debug", "CSI_DEBUG"])
def test_debug_shows_the_error_itself(csi: Run, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    error = ZeroDivisionError("division by zero")
    failing(error, monkeypatch)
    args, env = (["--debug"], {}) if how == "--debug" else ([], {how: "1"})
    done = csi("models", *args, env=env)
    assert done.exception is error


def test_debug_prints_a_traceback_in_a_shell() -> None:
    done = shell("models", "show", "nosuch", "--debug")
    assert "Traceback" in done.stderr
    plain = shell("models", "show", "nosuch", CSI_DEBUG="0")
    assert plain.returncode == 2
    assert "Traceback" not in plain.stderr


def test_no_colours_and_no_bar_where_nobody_looks(small: Path) -> None:
    done = shell("index", str(small), "--draws", "100")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "Fitting" not in done.stdout + done.stderr
    assert "Traceback" not in shell("index", str(small), "--draws", "1").stderr


def test_a_red_sentence_where_colours_are_forced() -> None:
    done = shell("models", "show", "nosuch", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b[31m" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes of a POSIX shell")
def test_a_broken_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m csi models show ecsi --questionnaire | head -c 20"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, encoding="utf-8"
    )
    assert done.stderr == ""
    assert len(done.stdout) == 20


def test_a_narrow_output_encoding_is_no_error() -> None:
    done = shell("models", "show", "swics", "--lang", "zh", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "swics" in done.stdout


def test_main_is_the_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["csi", "--version"])
    with pytest.raises(SystemExit) as end:
        app.main()
    assert end.value.code == 0
    assert set(cli.list_commands(None)) == set(COMMANDS)  # type: ignore[arg-type]


def test_a_minus_survives_an_encoding_without_it(small: Path) -> None:
    """In ASCII, as in the code pages of Windows, a change of -3.1 must not become ?3.1."""
    done = subprocess.run(
        [sys.executable, "-m", "csi", "index", str(small), "--draws", "100", "--min-n", "10"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    shown = done.stdout.decode("ascii")
    assert "[-" in shown
    assert "+/-" in shown
    assert "[?" not in shown


def test_signs_without_a_stand_in_become_question_marks() -> None:
    error = UnicodeEncodeError("ascii", "\u2212\u6ee1\u6ee1\u6ee1", 0, 4, "x")
    assert app._narrowed(error) == ("-???", 4)


def test_a_closed_output_is_no_bug() -> None:
    line = f"{sys.executable} -m csi models >&-"
    done = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, check=False)
    assert b"bug" not in done.stderr
