"""`synclips evaluate`: a model, folders of clips, and a folder with the report.

Puts pairs, swap, resumption, gallery, report and sheet together and adds nothing of its own. The
command line builds the model and calls `evaluate`; so may any script, with a system of its own.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from synclips.checkpoint import Checkpoint
from synclips.errors import ConfigError, InputError, OutputError
from synclips.evaluation.conditions import CONDITIONS, FEW, WRONG_AUDIO, System
from synclips.evaluation.gallery import Gallery
from synclips.evaluation.judge import Judge, NoJudge
from synclips.evaluation.kept import Kept
from synclips.evaluation.offsets import described
from synclips.evaluation.pairs import Pair, find_pairs
from synclips.evaluation.report import write_report
from synclips.evaluation.resumption import Resumption
from synclips.evaluation.sheet import contact_sheet
from synclips.evaluation.swap import Progress, Row, Skipped, Swap
from synclips.evaluation.tracked import OpenTracker
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.partial import check_folder, make_folder

log = logging.getLogger(__name__)

_SHEET_VIDEOS = 4


def evaluate(
    system: System,
    output: Path,
    data: Sequence[Path],
    *,
    speakers: Sequence[str] | None = None,
    limit: int | None = None,
    keep: bool = False,
    baselines: bool = True,
    others: Mapping[str, System] | None = None,
    judge: Judge | None = None,
    listener: Checkpoint | None = None,
    settings: Mapping[str, str] | None = None,
    say: Callable[[str], None] | None = None,
    progress: Progress | None = None,
    open_tracker: OpenTracker = MediaPipeTracker,
) -> list[Row]:
    """Run the swap protocol, write `results.json`, `results.csv`, `report.md` and `report.html`.

    If it is stopped, by whatever, the report is written on the pairs there are.

    Args:
        system: What is evaluated, usually a `LipSync`.
        output: Folder of the report; made if it is not there.
        data: Folders: GRID, paired sentence by sentence, or others, whose videos are halved.
        speakers: Which speakers of GRID; all by default.
        limit: Most pairs per speaker of GRID, and most videos of each other folder.
        keep: Keep the videos in `output/videos` and draw a contact sheet, `sheet.png`.
        baselines: Run the conditions too that need the system, another one or an encoder.
        others: Systems that make conditions of their own, see `baselines.simple_systems`.
        judge: Who says how well picture and sound fit; by default those columns stay empty.
        listener: Whose motion network finds the audio-video offset of every target, which is then
            taken out; by default only lags that an INDEX.tsv names are.
        settings: What decides the numbers and cannot be told from the other arguments, such as
            digests of weights. With it every pair is kept as soon as it is measured, and not
            measured again as long as settings, code and clips are the same; see `resumption`.
        say: Is told how many pairs were measured before.
        progress: Called as each pair begins, and once at the end.
        open_tracker: Makes the tracker that measures.

    Returns:
        All rows, in the order of the report.

    Raises:
        ConfigError: If no folder is given, or a speaker is not there.
        InputError: If a folder holds nothing to evaluate, or no pair could be.
        OutputError: If the report cannot be written.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"A limit of {limit} leaves nothing to evaluate; give at least 1.")
    if not data:
        raise ConfigError("There is nothing to evaluate; name a folder of clips with --data.")
    check_folder(output)
    pairs = find_pairs(data, speakers, limit)
    make_folder(output)
    videos = output / "videos" if keep else None
    judge = judge or NoJudge("none was given")
    conditions = CONDITIONS if baselines else FEW
    if WRONG_AUDIO not in conditions:
        pairs = [replace(pair, other=None) for pair in pairs]
    gallery = Gallery(system.shape)
    swap = Swap(
        system,
        videos,
        open_tracker,
        judge=judge,
        conditions=conditions,
        others=others,
        visit=gallery.visit,
    )
    known = {
        "system": system.name,
        "judge": judge.name,
        "conditions": [*conditions],
        "others": sorted(others or {}),
        "listener": None if listener is None else listener.name,
        "settings": dict(settings or {}),
    }
    resumption = Resumption(
        swap,
        gallery,
        None if settings is None else Kept(output),
        known,
        videos=videos,
        listener=listener,
        open_tracker=open_tracker,
    )
    if say is not None and (before := resumption.count(pairs)):
        say(f"Earlier runs have measured {before} of {len(pairs)} pairs.")
    rows: list[Row] = []
    skipped: list[Skipped] = []

    def report(**more: str) -> None:
        about = {"system": system.name, **more}
        if listener is not None:
            about["own offsets, taken out"] = described(resumption.lags)
        write_report(output, rows, skipped, {**about, "judge": judge.name}, gallery.exhibits)

    try:
        for result in swap.run(pairs, progress, resumption.evaluate):
            if isinstance(result, Row):
                rows.append(result)
            else:
                skipped.append(result)
    except BaseException:  # also control-C and signals that end programs
        if rows:
            done = len({row.pair for row in rows}) + len(skipped)
            with suppress(OutputError):  # such as on the full disk that has ended it
                report(stopped=f"after {done} of {len(pairs)} pairs")
                log.warning(
                    "%s tells of %d of %d pairs%s.",
                    output / "report.md",
                    done,
                    len(pairs),
                    "" if settings is None else "; run the same command again to go on",
                )
        raise
    report()
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
