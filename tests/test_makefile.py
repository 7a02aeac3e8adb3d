"""What `make setup` installs where, with stand-ins for Python and uv that note what is asked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAKE = shutil.which("make")
pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")

# Makes a venv of stand-ins, as `python -m venv FOLDER` and `uv venv … FOLDER` do.
VENV = """
for folder; do :; done
mkdir -p "$folder/bin"
cp "$STAND_INS/anything" "$folder/bin/python"
cp "$STAND_INS/anything" "$folder/bin/pip"
cp "$STAND_INS/uv" "$folder/bin/uv"
"""
NOTE = '#!/bin/sh\necho "${0##*/} $*" >> "$NOTES"\n'


def setup(
    folder: Path, python: tuple[int, int], uv: str = "", **settings: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Set up where Python has that version; what was said, and what was asked of the stand-ins.

    `uv` are lines that its stand-in executes; without any there is none.
    """
    found, stand_ins, place = (folder / name for name in ("found", "stand-ins", "clone"))
    for made in (found, stand_ins, place):
        made.mkdir()
    asked = f"import sys; sys.version_info = {python}"
    check = f"""case "$1" in -c) exec "{sys.executable}" -c "{asked}; ${{2#*;}}";; esac"""
    write(stand_ins / "anything", NOTE)
    write(stand_ins / "uv", f'{NOTE}case "$1" in venv) {VENV};; esac\n{uv}')
    write(found / "python3", f'{NOTE}{check}\ncase "$2" in venv) {VENV};; esac')
    if uv:
        shutil.copy(stand_ins / "uv", found / "uv")
    for tool in ("sh", "awk", "mkdir", "cp", "touch", "rm"):
        (found / tool).symlink_to(str(shutil.which(tool)))
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    notes = folder / "notes"
    notes.touch()
    own = {"PATH": str(found), "NOTES": str(notes), "STAND_INS": str(stand_ins)}
    outside = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    said = subprocess.run(
        [str(MAKE), "setup", "HEARING=pyproject.toml"],
        cwd=place,
        env={**outside, **own, **settings},
        capture_output=True,
        text=True,
    )
    return said, [line for line in notes.read_text().splitlines() if " -c " not in line]


def write(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def test_a_fitting_python_makes_the_environment(tmp_path: Path) -> None:
    said, asked = setup(tmp_path, (3, 12))
    assert said.returncode == 0, said.stderr
    assert asked[0] == "python3 -m venv .venv"
    assert not any("uv venv" in line for line in asked)


def test_a_python_is_fetched_where_none_fits(tmp_path: Path) -> None:
    said, asked = setup(tmp_path, (3, 14))
    assert said.returncode == 0, said.stderr
    assert "3.11 is fetched" in said.stderr
    assert asked[0] == "python3 -m venv .venv-uv"
    assert "uv venv --quiet --seed --python 3.11 .venv" in asked
    assert not (tmp_path / "clone" / ".venv-uv").exists(), "it was needed for that only"


def test_a_uv_that_is_there_fetches_it(tmp_path: Path) -> None:
    _, asked = setup(tmp_path, (3, 14), uv=":")
    assert asked[0] == "uv venv --quiet --seed --python 3.11 .venv"


def test_without_a_network_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    said, _ = setup(tmp_path, (3, 14), uv="exit 1")
    assert said.returncode != 0
    assert "install Python 3.11 and run make setup again" in said.stderr


def test_pytorch_comes_without_cuda_unless_asked_for(tmp_path: Path) -> None:
    for number, (settings, backend) in enumerate([({}, "cpu"), ({"TORCH": "auto"}, "auto")]):
        (tmp_path / str(number)).mkdir()
        _, asked = setup(tmp_path / str(number), (3, 11), **settings)
        (line,) = [line for line in asked if "torch==" in line]
        assert f"--torch-backend {backend} torch==" in line
        assert asked.index(line) < next(i for i, one in enumerate(asked) if "--editable" in one)


def test_without_that_pytorch_the_one_of_the_package_index_is_taken(tmp_path: Path) -> None:
    said, asked = setup(tmp_path, (3, 11), uv='case "$*" in *torch-backend*) exit 1;; esac')
    assert said.returncode == 0, said.stderr
    assert "what the package index has is taken" in said.stdout
    assert any("--editable .[dev]" in line for line in asked)


def test_pytorch_comes_from_a_folder_of_wheels(tmp_path: Path) -> None:
    _, asked = setup(tmp_path, (3, 11), PIP_FIND_LINKS="/wheels")
    (line,) = [line for line in asked if "torch==" in line]
    assert "--find-links /wheels torch==" in line
