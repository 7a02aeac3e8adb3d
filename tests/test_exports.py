import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import synclips

NAMES = [
    "AbsentVoiceError",
    "ConfigError",
    "InputError",
    "LipSync",
    "ModelError",
    "NoFaceError",
    "OutputError",
    "Report",
    "Said",
    "SayOptions",
    "SyncOptions",
    "SynclipsError",
    "fetch_voice",
    "learn_person",
    "say",
    "sync",
]
SOURCE = Path(__file__).resolve().parents[1] / "src"


def test_the_public_names_are_these() -> None:
    assert synclips.__all__ == NAMES


def test_completion_and_type_checkers_know_the_names_and_no_others(tmp_path: Path) -> None:
    assert set(NAMES) < set(dir(synclips))
    script = tmp_path / "script.py"
    script.write_text("import synclips\nsynclips.sync\nsynclips.snyc\n", encoding="utf-8")
    pytest.importorskip("mypy", reason="mypy, which comes with synclips[dev]")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports=silent", str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "MYPYPATH": str(SOURCE)},
        cwd=tmp_path,
        check=False,
    )
    errors = [line for line in checked.stdout.splitlines() if ": error:" in line]
    assert [line.split(":")[1] for line in errors] == ["3"], checked.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name: str) -> None:
    value = getattr(synclips, name)
    assert value.__name__ == name
    assert value.__module__.startswith("synclips.")
    assert value.__doc__


def test_every_error_is_public() -> None:
    from synclips import errors

    public = {name for name in vars(errors) if name.endswith("Error")}
    assert public <= set(synclips.__all__)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="'synclips' has no attribute 'Painter'"):
        synclips.Painter  # noqa: B018


def test_the_version_is_the_distributions() -> None:
    text = (SOURCE.parent / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    # hatchling may also read it from the package, and then there is nothing to compare.
    assert found is None or found.group(1) == synclips.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", synclips.__version__)


def test_importing_the_package_costs_nothing() -> None:
    program = "import sys, synclips; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "synclips" in loaded
    assert {name.partition(".")[0] for name in loaded} & {"torch", "numpy", "av", "typer"} == set()
    assert {name for name in loaded if name.startswith("synclips.")} == set()
