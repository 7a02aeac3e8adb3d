"""`synclips evaluate`: a model, folders of clips, and a folder with the report.

Puts pairs, swap, report and sheet together and adds nothing of its own. The command line builds
the model and calls `evaluate`; so may any script, with a system of its own.
"""

from collections.abc import Sequence
from pathlib import Path

from synclips.errors import ConfigError, InputError, OutputError
from synclips.evaluation.measure import OpenTracker
from synclips.evaluation.pairs import Pair, half_pairs, sentence_pairs
from synclips.evaluation.report import write_report
from synclips.evaluation.sheet import contact_sheet
from synclips.evaluation.swap import Progress, Row, Skipped, Swap, System
from synclips.faces.tracker import MediaPipeTracker

_SHEET_VIDEOS = 4


def evaluate(
    system: System,
    output: Path,
    *,
    grid: Path | None = None,
    speakers: Sequence[str] | None = None,
    wild: Path | None = None,
    limit: int | None = None,
    keep: bool = False,
    progress: Progress | None = None,
    open_tracker: OpenTracker = MediaPipeTracker,
) -> list[Row]:
    """Run the swap protocol and write `results.json`, `results.csv` and `report.md`.

    Args:
        system: What is evaluated, usually a `LipSync`.
        output: Folder of the report; created if its parent exists.
        grid: Folder of GRID, paired sentence by sentence.
        speakers: Which of its speakers; all by default.
        wild: Flat folder of videos, each cut into halves.
        limit: Most pairs per speaker of `grid`, and most videos of `wild`.
        keep: Keep the videos in `output/videos` and draw a contact sheet, `sheet.png`.
        progress: Called as each pair begins, and once at the end.
        open_tracker: Makes the tracker that measures.

    Returns:
        All rows, in the order of the report.

    Raises:
        ConfigError: If neither folder is given, or a speaker is not there.
        InputError: If a folder holds nothing to evaluate, or no pair could be.
        OutputError: If the report cannot be written.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"A limit of {limit} leaves nothing to evaluate; give at least 1.")
    pairs: list[Pair] = []
    if grid is not None:
        pairs += sentence_pairs(grid, speakers, limit)
    elif speakers:
        raise ConfigError("Speakers are chosen from GRID; name its folder with --grid as well.")
    if wild is not None:
        pairs += half_pairs(wild, limit)
    if not pairs:
        raise ConfigError("There is nothing to evaluate; name a folder with --grid or --wild.")
    try:
        output.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{output} cannot be created ({error.strerror}); choose another folder."
        ) from error
    videos = output / "videos" if keep else None
    swap = Swap(system, videos, open_tracker)
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for result in swap.run(pairs, progress):
        if isinstance(result, Row):
            rows.append(result)
        else:
            skipped.append(result)
    write_report(output, rows, skipped, {"system": system.name})
    if not rows:
        raise InputError(f"No pair could be evaluated; {output / 'report.md'} says why of each.")
    if videos is not None:
        _draw_sheet(output / "sheet.png", pairs, rows, videos, system, open_tracker)
    return rows


def _draw_sheet(
    target: Path,
    pairs: Sequence[Pair],
    rows: Sequence[Row],
    videos: Path,
    system: System,
    open_tracker: OpenTracker,
) -> None:
    """The first pair of each speaker, at most four."""
    evaluated = {row.pair for row in rows}
    shown: dict[tuple[str, str], tuple[Path, Path]] = {}
    for pair in pairs:
        if pair.name in evaluated:
            folder = videos / pair.name
            source = folder / "first.mp4" if pair.is_one_clip else pair.source.path
            shown.setdefault(
                (pair.source.corpus, pair.source.person), (source, folder / "synclips.mp4")
            )
    first = list(shown.values())[:_SHEET_VIDEOS]
    contact_sheet(first, target, system.shape, moments="telling", open_tracker=open_tracker)
