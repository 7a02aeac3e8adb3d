"""The command line: arguments in, sentences out. Every command calls one function of the package.

Heavy packages are imported inside the commands, so that `--help` is instant.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from synclips.errors import ConfigError, InputError, SynclipsError
from synclips.options import DEFAULT_MODEL, SyncOptions

app = typer.Typer(
    name="synclips",
    help="Open lip-sync: a video or a portrait and speech in, the video speaking it out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
corpus = typer.Typer(help="Training corpora.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(corpus, name="corpus")

STEPS = {
    "track": "finding the face",
    "draw": "drawing the lips",
    "prepare": "preparing clips",
    "crops": "cropping faces",
    "evaluate": "evaluating",
}

Model = Annotated[
    str, typer.Option(help="Name of a shipped model, or the folder of a trained one.")
]
Device = Annotated[str, typer.Option(help="auto, cpu or cuda.")]


@app.command()
def sync(
    video: Annotated[Path, typer.Argument(help="A video with a face, or one portrait picture.")],
    audio: Annotated[Path, typer.Argument(help="Speech: any sound file, or a video with sound.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The video to write: .mp4, .mov or .mkv.")
    ],
    report: Annotated[
        Path | None, typer.Option(help="Also write what was done as JSON to this file.")
    ] = None,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
    quality: Annotated[
        int,
        typer.Option(min=0, max=51, help="H.264 rate factor; lower is better, 16 looks lossless."),
    ] = SyncOptions.quality,
) -> None:
    """Make the person in VIDEO speak AUDIO."""
    from synclips.media.partial import check_target
    from synclips.media.writer import check_output

    check_output(output, [video, audio])
    if report is not None:
        check_target(report, [video, audio, output])
    import torch

    from synclips.pipeline import LipSync

    # Decoding and encoding have threads of their own; more for the small networks only get in
    # their way.
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // 2))
    engine = LipSync(model, device)
    with _bars() as tell:
        result = engine.sync(video, audio, output, tell, quality)
    if report is not None:
        _write_text(report, result.to_json() + "\n")
    typer.echo(
        f"{result.output}: {result.duration:.1f} s, {result.width}x{result.height};"
        f" {result.edited} frames edited, {result.passed} passed through;"
        f" {result.seconds:.1f} s ({result.speed:.1f} fps) with {result.model}"
    )


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

    with demo_files() as (portrait, speech):
        output.parent.mkdir(parents=True, exist_ok=True)
        sync(portrait, speech, output, None, model, device, SyncOptions.quality)


@app.command()
def train(
    config: Annotated[Path, typer.Argument(help="A training run as TOML, see configs/.")],
    data: Annotated[
        list[Path], typer.Option(help="A folder of clips: GRID, or one with an INDEX.tsv. Repeat.")
    ],
    work: Annotated[Path, typer.Option(help="Everything is kept here; run again to continue.")],
    stage: Annotated[
        list[str] | None, typer.Option(help="Run only this stage. Repeat for several.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that prepare clips.")] = (
        os.cpu_count() or 1
    ),
    threads: Annotated[int, typer.Option(min=1, help="CPU threads of the networks.")] = (
        os.cpu_count() or 1
    ),
) -> None:
    """Train a model from clips; continues where an earlier run of the same folder stopped."""
    import torch

    from synclips.training.config import read_config
    from synclips.training.road import STAGES, Road

    torch.set_num_threads(threads)
    run = read_config(config)
    with _bars() as tell:
        road = Road(run, data, work, workers, typer.echo, tell)
        road.run(stage or STAGES)


@app.command()
def evaluate(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the report.")],
    grid: Annotated[Path | None, typer.Option(help="GRID clips: two sentences a pair.")] = None,
    speakers: Annotated[
        str | None, typer.Option(help="GRID speakers, for example s32,s34; all by default.")
    ] = None,
    wild: Annotated[Path | None, typer.Option(help="Other videos: two halves a pair.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Pairs per GRID speaker, and videos of --wild.")
    ] = None,
    keep: Annotated[bool, typer.Option(help="Keep the videos and draw a contact sheet.")] = False,
    model: Model = DEFAULT_MODEL,
    device: Device = "auto",
) -> None:
    """Measure a model by the swap protocol, beside baselines; see docs/evaluation.md."""
    from synclips.evaluation.command import evaluate as run
    from synclips.pipeline import LipSync

    engine = LipSync(model, device)
    with _bars() as tell:
        run(
            engine,
            output,
            grid=grid,
            speakers=None if speakers is None else speakers.split(","),
            wild=wild,
            limit=limit,
            keep=keep,
            progress=lambda done, total, name: tell("evaluate", done, total),
        )
    typer.echo((output / "report.md").read_text(encoding="utf-8"))


@corpus.command("get")
def corpus_get(
    output: Annotated[
        Path, typer.Option("--output", "-o", "--output_dir", help="The corpus folder.")
    ],
    num_speakers: Annotated[
        int | None,
        typer.Option("--num-speakers", "--num_speakers", min=1, max=34, help="The first N; all."),
    ] = None,
    speakers: Annotated[
        str | None, typer.Option(help="These instead, for example 1,4,10-12.")
    ] = None,
    parts: Annotated[str, typer.Option(help="What to get of each.")] = "video,audio,align",
    source: Annotated[
        list[str] | None,
        typer.Option(help="Base URL or folder of archives instead of the public ones. Repeat."),
    ] = None,
    attempts: Annotated[int, typer.Option(min=1, help="In vain, before a file is given up.")] = 5,
    keep_archives: Annotated[bool, typer.Option(help="Keep what was downloaded.")] = False,
) -> None:
    """Download the GRID corpus (CC BY 4.0); continues where an earlier run stopped."""
    from synclips.corpus import grid
    from synclips.corpus.command import get_grid
    from synclips.corpus.display import DownloadBars
    from synclips.corpus.download import Downloader, Patience

    if num_speakers is not None and speakers is not None:
        raise ConfigError("--num-speakers and --speakers exclude each other; give one of them.")
    chosen = grid.parse_speakers(speakers or f"1-{num_speakers or grid.SPEAKER_COUNT}")
    with DownloadBars() as bars, Downloader(Patience(attempts), bars.show) as downloader:
        summary = get_grid(
            output,
            chosen,
            grid.parse_parts(parts),
            [grid.named_source(text) for text in source] if source else grid.SOURCES,
            downloader=downloader,
            keep_archives=keep_archives,
            say=bars.say,
        )
    typer.echo(summary)
    if missing := len(summary.having("missing")):
        raise InputError(
            f"{missing} of {len(summary.outcomes)} parts {'is' if missing == 1 else 'are'} missing"
            f" in {output}; run the same command again to continue."
        )


def main(*command: str) -> None:
    """Run the command line; a `SynclipsError` is one sentence and exit status 1.

    Args:
        command: What comes before the arguments of the shell, such as `corpus`, `get`.
    """
    try:
        app([*command, *sys.argv[1:]], prog_name="synclips")
    except SynclipsError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"synclips: {error}", markup=False
        )
        sys.exit(1)
    except SystemExit as stop:
        if stop.code == 130:  # what Typer makes of control-C, without a word
            Console(stderr=True).print("synclips: stopped.")
        raise


class _bars:  # noqa: N801 - used like a function
    """One progress bar per step, on standard error; silent when that is not a terminal."""

    def __enter__(self) -> Callable[[str, int, int | None], None]:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, int] = {}
        self._progress.start()
        return self._tell

    def _tell(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = int(self._progress.add_task(STEPS.get(step, step), total=total))
        task = self._tasks[step]
        self._progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

    def __exit__(self, *error: object) -> None:
        self._progress.stop()


def _write_text(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
