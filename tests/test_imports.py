"""The import rule: a layer knows only itself and what stands before it.

Read from the source text, so that an import inside a function counts as well and nothing has to be
installed to check it.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKAGE = SOURCE / "synclips"

# What runs when somebody syncs a clip, in order. The package's own `__init__` offers the pipeline.
LAYERS = (
    "errors",
    "options",
    "progress",
    "release",
    "specification",
    "spans",
    "media",
    "download",
    "faces",
    "features",
    "models",
    "hearing",
    "checkpoint",
    "speech",
    "adapt",
    "render",
    "report",
    "result",
    "pipeline",
    "person",
    "dubbing",
    "__init__",
    "cli",
    "__main__",
)
# The road to a model, and what is built on the product. They may import anything; no layer may
# import them, except the command line inside its functions.
TOOLS = ("corpus", "training", "evaluation", "demo", "serve")

HEAVY = {"torch", "numpy", "cv2", "mediapipe", "av", "scipy", "soxr", "pyloudnorm", "soundfile"}


def part_of(path: Path) -> str:
    """The layer or tool a file belongs to: the first name below the package."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_parts(tree: ast.AST, in_function: bool = False) -> Iterator[tuple[str, int, bool]]:
    """Part of synclips imported, line, and whether the import stands inside a function."""
    for node in ast.iter_child_nodes(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            root, _, rest = name.partition(".")
            if root == "synclips":
                part = rest.partition(".")[0]
                yield part if part in LAYERS + TOOLS else "__init__", node.lineno, in_function
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from imported_parts(node, inside)


def breaches(part: str, tree: ast.AST) -> list[str]:
    """The imports in a file of `part` that the rule forbids."""
    if part in TOOLS:
        return []
    found = []
    for target, line, in_function in imported_parts(tree):
        if target in TOOLS:
            allowed = part == "cli" and in_function
        else:
            allowed = LAYERS.index(target) <= LAYERS.index(part)
        if not allowed:
            found.append(f"line {line}: {part} imports {target}")
    return found


def test_every_part_has_its_place() -> None:
    # `weights` holds data only.
    parts = {part_of(path) for path in PACKAGE.rglob("*.py")}
    assert parts <= {*LAYERS, *TOOLS}, "give the new part a place in LAYERS or TOOLS"


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_point_backwards(path: Path) -> None:
    assert breaches(part_of(path), ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("media", "from synclips.faces.track import Track"),
        ("errors", "import synclips.options"),
        ("features", "def f():\n    from synclips import models"),
        ("pipeline", "from synclips.training.loop import fit"),
        ("pipeline", "def f():\n    import synclips.corpus.grid"),
        ("cli", "from synclips.evaluation import report"),
        ("render", "from synclips import __version__"),
    ],
)
def test_the_rule_bites(part: str, source: str) -> None:
    assert len(breaches(part, ast.parse(source))) == 1


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("faces", "from synclips.media.video import Frame\nfrom synclips.faces.pose import Pose"),
        ("cli", "def train():\n    from synclips.training.loop import fit"),
        ("cli", "from synclips import __version__"),
        ("training", "from synclips.pipeline import LipSync\nfrom synclips.corpus import grid"),
        ("media", "import numpy as np\nfrom synclips_other.cli import main"),
    ],
)
def test_the_rule_allows(part: str, source: str) -> None:
    assert breaches(part, ast.parse(source)) == []


@pytest.mark.parametrize(
    ("program", "heavy"),
    [
        (["-m", "synclips", "--help"], HEAVY),
        (["-c", "import synclips.dubbing"], {"torch", "mediapipe", "scipy"}),  # to say it to a .wav
    ],
    ids=["help", "say"],
)
def test_heavy_packages_wait_until_they_are_needed(program: list[str], heavy: set[str]) -> None:
    command = [sys.executable, "-X", "importtime", *program]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert "synclips" in loaded
    assert loaded & heavy == set()
