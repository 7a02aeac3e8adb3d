"""Where the report of a command goes, and the line that says it is done.

A file, or standard output, which then has nothing else in it: the line goes to standard error as
notices and bars do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

_STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True)
class Reporting:
    """Where one report goes.

    Attributes:
        path: What --report says: a file, or - for standard output; None for no report.
    """

    path: Path | None

    def check(self, inputs: Sequence[Path], outputs: Sequence[Path]) -> None:
        """Refuse before any work a file that could not be written in the end.

        Raises:
            OutputError: As `check_target`.
        """
        from synclips.media.partial import check_target

        if self.path is not None and self.path != _STANDARD_OUTPUT:
            check_target(self.path, inputs, outputs)

    def write(self, report: str) -> None:
        """Write the JSON, if it was asked for.

        Raises:
            OutputError: It cannot be written.
        """
        from synclips.media.partial import write_whole

        # In UTF-8 on every terminal; what stands in a file's name for a byte becomes JSON's \udcff.
        data = f"{report}\n".encode(errors="backslashreplace")
        if self.path == _STANDARD_OUTPUT:
            typer.echo(data, nl=False)
        elif self.path is not None:
            write_whole(self.path, data)

    def tell(self, line: str) -> None:
        """Say what was done."""
        typer.echo(line, err=self.path == _STANDARD_OUTPUT)
