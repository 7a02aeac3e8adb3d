"""Commands that make models and measure them: `train` and `evaluate`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from synclips.cli.choices import Adapt, Device
from synclips.cli.program import app
from synclips.cli.progress import bars
from synclips.options import DEFAULT_MODEL


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A training run as TOML, see configs/.")],
    data: Annotated[
        list[Path],
        typer.Option(
            help="A prepared corpus, or a folder of clips: GRID, or one with an INDEX.tsv. Repeat."
        ),
    ],
    work: Annotated[Path, typer.Option(help="Everything is kept here; run again to continue.")],
    stage: Annotated[
        list[str] | None, typer.Option(help="Run only this stage. Repeat for several.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that prepare clips.")] = (
        os.cpu_count() or 1
    ),
    threads: Annotated[
        int, typer.Option(min=0, help="CPU threads of the networks in each process; 0: all cores.")
    ] = 0,
    drawers: Annotated[
        int, typer.Option(min=1, help="Processes that draw batches, for each that trains.")
    ] = 1,
    device: Device = "auto",
    devices: Annotated[int, typer.Option(min=1, help="Processes, each on a device.")] = 1,
    nodes: Annotated[
        int, typer.Option(min=1, help="Computers, each with NODE_RANK and MASTER_ADDR set.")
    ] = 1,
) -> None:
    """Train a model from clips; continues where an earlier run of the same folder stopped."""
    from synclips.training.machine import Machine, check_installed

    check_installed()
    from synclips.training.families import read_run, road_of
    from synclips.training.stop import Stopped

    run = read_run(config)
    machine = Machine(device, devices, nodes, threads, drawers)
    try:
        with bars() as tell:
            road_of(run)(run, data, work, workers, typer.echo, tell, machine).run(stage or ())
    except Stopped as stop:
        if machine.is_first:
            typer.echo(f"synclips: {stop}", err=True)
        raise typer.Exit(stop.status) from stop


@app.command()
def evaluate(
    data: Annotated[
        list[Path],
        typer.Option(
            help="A folder of clips: GRID (two sentences a pair), or any videos (two halves a"
            " pair). Repeat for several."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")],
    model: Annotated[
        str, typer.Argument(help="Name of a shipped model, or the folder of a trained one.")
    ] = DEFAULT_MODEL,
    speakers: Annotated[
        str | None,
        typer.Option(help="GRID speakers, for example s32,s34 or 1,4,10-12; all by default."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, help="Most pairs per GRID speaker, and videos per other folder; all by default."
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the videos and draw a contact sheet.")
    ] = False,
    baselines: Annotated[
        bool,
        typer.Option(
            help="Whether to measure frozen, copied and retrieved mouths, wrong audio and"
            " re-encoded video as well."
        ),
    ] = True,
    judge: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="The folder of a trained SyncNet that says how well lips and sound fit; by default"
            " the one that ships.",
        ),
    ] = None,
    own_offsets: Annotated[
        bool,
        typer.Option(
            "--own-offsets",
            help="Find by how much the sound of each clip is late in itself, and take it out.",
        ),
    ] = False,
    device: Device = "auto",
    adapt: Adapt = None,
) -> None:
    """Measure a model by the swap protocol, beside baselines; see docs/evaluation.md.

    Continues where an earlier run of the same folder and settings stopped.
    """
    from synclips.adapt.effort import AUTO
    from synclips.checkpoint import SYNCNET_JUDGE, Checkpoint, digest, load_checkpoint
    from synclips.corpus.grid import speaker_names
    from synclips.evaluation.baselines import simple_systems
    from synclips.evaluation.command import evaluate as run
    from synclips.evaluation.judge import NoJudge
    from synclips.evaluation.judge_checkpoint import load_judge
    from synclips.models.device import pick_device
    from synclips.pipeline import LipSync

    engine = LipSync(model, device, adapt=adapt)
    listener = load_checkpoint(DEFAULT_MODEL) if own_offsets else None
    assert listener is None or isinstance(listener, Checkpoint)
    ear = load_judge(judge, pick_device(device))
    settings = {
        "model": digest(model),
        "adapt": adapt or AUTO,
        "judge's weights": "" if isinstance(ear, NoJudge) else digest(judge or SYNCNET_JUDGE),
        "listener's weights": digest(DEFAULT_MODEL) if own_offsets else "",
    }
    with bars() as tell:
        run(
            engine,
            output,
            data,
            speakers=None if speakers is None else speaker_names(speakers),
            limit=limit,
            keep=keep,
            baselines=baselines,
            others=simple_systems(engine),
            judge=ear,
            listener=listener,
            settings=settings,
            say=lambda sentence: typer.echo(f"synclips: {sentence}", err=True),
            progress=lambda done, total, name: tell("evaluate", done, total),
        )
    typer.echo((output / "report.md").read_text(encoding="utf-8"))
