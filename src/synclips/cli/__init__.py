"""The command line: arguments in, sentences out. Every command calls one function of the package.

Heavy packages are imported inside the commands, so that `--help` is instant. A module per group of
commands; importing it adds them to `app`.
"""

from synclips.cli import making, speaking, serving, training, corpora, hearing  # noqa: F401, I001 - the order of --help
from synclips.cli.program import app, main

__all__ = ["app", "main"]
