"""What is told beside the line that says what was done."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from synclips.report import Report


def note_faces(report: "Report") -> None:
    """Say that somebody else is in the picture, who might have been meant."""
    if report.faces > 1:
        typer.echo(
            f"synclips: {report.faces} faces were seen at once, and one of them speaks; --region"
            " left, right or a part of the picture says which.",
            err=True,
        )
