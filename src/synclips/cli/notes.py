"""What is told beside the line that says what was done."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from synclips.report import Report

_MANY = 12  # frames before which something is; a few may be a shadow


def note_seen(report: "Report", given: str | None, dub: bool) -> None:
    """Say what else is in the picture: somebody who might have been meant, things before the face.

    Args:
        report: of the video.
        given: `--region`, None without.
        dub: `--dub`.
    """
    if report.occluded >= _MANY:
        typer.echo(
            f"synclips: in {report.occluded} frames something is before the face, such as a hand;"
            " it stays as it was.",
            err=True,
        )
    if report.listening and not report.edited:
        typer.echo(
            "synclips: nobody was seen to speak, so all of it is as filmed; without --dub whoever"
            " is seen speaks.",
            err=True,
        )
    elif report.listening:
        typer.echo(
            f"synclips: in {report.listening} frames who is seen only listens; they are as filmed.",
            err=True,
        )
    if report.faces < 2:
        return
    seen = f"synclips: {report.faces} faces were seen at once; "
    if report.people > 1:
        told = "everybody speaks when they do in the video; --region dubs one of them alone."
    elif dub and not given:
        told = (
            "they do not stay in their places, so one face is dubbed in each picture;"
            " --region dubs who is in one part of it."
        )
    elif given or report.region is None:
        told = "one of them speaks; --region left, right or a part of the picture says which."
    else:
        told = f"the one in --region {report.region} speaks, whose lips go with the video's sound."
    typer.echo(seen + told, err=True)
