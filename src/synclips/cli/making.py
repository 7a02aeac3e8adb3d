"""Commands that make videos: `sync`, `demo`, and `adapt`, which learns who speaks in them."""

from pathlib import Path
from typing import Annotated

import typer

from synclips.cli.choices import (
    Adapt,
    Alive,
    At,
    Device,
    Dub,
    Extend,
    LabelText,
    Model,
    OutputCodec,
    Person,
    Quality,
    Region,
    ReportFile,
    label_of,
    time_of,
)
from synclips.cli.program import app
from synclips.cli.progress import bars
from synclips.cli.reporting import Reporting
from synclips.options import DEFAULT_MODEL, SyncOptions


@app.command()
def sync(
    video: Annotated[Path, typer.Argument(help="A video with a face, or one portrait picture.")],
    audio: Annotated[Path, typer.Argument(help="Speech: any sound file, or a video with sound.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The video to write: .mp4, .mov or .mkv.")
    ],
    report: ReportFile = None,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    quality: Quality = SyncOptions.quality,
    adapt: Adapt = None,
    person: Person = None,
    region: Region = None,
    alive: Alive = SyncOptions.alive,
    dub: Dub = SyncOptions.dub,
    label: LabelText = None,
    at: At = None,
    codec: OutputCodec = SyncOptions.codec,
    extend: Extend = SyncOptions.extend,
) -> None:
    """Make the person in VIDEO speak AUDIO."""
    from synclips.media.output import check_output

    reporting = Reporting(report)
    options = SyncOptions(
        model,
        device,
        quality,
        adapt=adapt,
        person=person,
        region=region,
        alive=alive,
        dub=dub,
        label=label_of(label),
        at=time_of(at),
        codec=codec,
        extend=extend,
    )
    inputs = [video, audio, *options.inputs]
    check_output(output, inputs, options.codec)
    reporting.check(inputs, [output])
    from synclips.pipeline import sync as run
    from synclips.report import remarks

    with bars() as tell:
        result = run(video, audio, output, options, tell)
    reporting.write(result.to_json())
    for remark in remarks(result, options):
        typer.echo(f"synclips: {remark}", err=True)
    reporting.tell(
        f"{result.output}: {result.duration:.1f} s, {result.width}x{result.height};"
        f" {result.edited} frames edited, {result.passed} passed through;"
        f" {result.seconds:.1f} s ({result.speed:.1f} fps) with {result.model}"
        f"{', speaker learnt' if result.adapted else ''}"
    )


@app.command("adapt")
def adapt_to(
    videos: Annotated[
        list[Path], typer.Argument(help="Videos of one person speaking, with their own sound.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the profile.")],
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    region: Region = None,
) -> None:
    """Learn how a person speaks, once; for `synclips sync --person`."""
    from synclips.person import learn_person

    with bars() as tell:
        learnt = learn_person(videos, output, model, device, tell, region=region)
    line = f"{output}: learnt from {learnt.seconds:.0f} s of speech"
    if not learnt.adapted:
        line += f" where the lips differ from what is expected, no more ({learnt.outcome})"
    elif learnt.before and learnt.after:  # the error decides, the correlation may fall
        line += (
            f"; on speech held out lips are off by {learnt.after.error / learnt.before.error:.0%}"
            f" of what they were, and the mouth opening correlates by"
            f" {learnt.after.correlation:.2f}, {learnt.before.correlation:.2f} before"
        )
    typer.echo(line)


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to write.")] = Path(
        "out/demo.mp4"
    ),
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
) -> None:
    """Lip-sync a portrait that comes with scikit-image to speech that comes with synclips."""
    from synclips.demo import demo_files
    from synclips.media.partial import make_folder

    with demo_files() as (portrait, speech):
        make_folder(output.parent)
        sync(portrait, speech, output, None, model, device, SyncOptions.quality)
