"""What a person's profile brings: lips on other sentences of GRID, without and with it.

    python runs/adapted.py data/raw --speakers s32,s34 -o report/adapted

Of every speaker each half of the sentences makes a profile (`synclips adapt`) and is left out where
it is used: sentences of the other half, each with the sound of the next one, are drawn with the
model as it is and with the profile, and measured by the swap protocol at each clip's own offset.
Where nothing useful could be learnt the model stays as it is, as in use. Prints both tables.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.corpus.clips import Clip, find_clips
from synclips.errors import InputError
from synclips.evaluation.conditions import SYSTEM
from synclips.evaluation.judge import Judge
from synclips.evaluation.judge_checkpoint import load_judge
from synclips.evaluation.offsets import at_own_offsets
from synclips.evaluation.pairs import Pair
from synclips.evaluation.report import markdown
from synclips.evaluation.swap import Row, Skipped, Swap
from synclips.media.partial import make_folder, write_whole
from synclips.models.device import pick_device
from synclips.options import DEFAULT_MODEL
from synclips.person import learn_person
from synclips.pipeline import LipSync


def rows_of(engine: LipSync, pairs: list[Pair], judge: Judge) -> list[Row]:
    """The system alone on some pairs."""
    swap = Swap(engine, judge=judge, conditions=(SYSTEM,))
    return [row for row in swap.run(pairs) if not isinstance(row, Skipped)]


def profile_of(clips: list[Clip], folder: Path, model: str) -> Path | None:
    """A profile learnt from clips, or None where nothing was."""
    try:
        learn_person([clip.path for clip in clips], folder, model)
    except InputError as refusal:
        print(f"- {refusal}")
        return None
    return folder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="GRID")
    parser.add_argument("--speakers", default="s32,s34")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("-o", "--output", type=Path, help="folder for both tables")
    arguments = parser.parse_args()
    listener = load_checkpoint(DEFAULT_MODEL)
    assert isinstance(listener, Checkpoint)
    judge = load_judge(device=pick_device("auto"))
    plain = LipSync(arguments.model, adapt="off")
    clips = find_clips([arguments.data])
    found: dict[str, list[Row]] = {"as it is": [], "with a profile": []}
    with TemporaryDirectory(prefix="synclips-") as scratch:
        for speaker in arguments.speakers.split(","):
            own = sorted((c for c in clips if c.person == speaker), key=lambda clip: clip.name)
            for half in (0, 1):
                learnt, tested = own[half::2], own[1 - half :: 2]
                pairs = [Pair(a, b) for a, b in zip(tested, tested[1:], strict=False)]
                pairs, _ = at_own_offsets(pairs, listener)
                folder = profile_of(learnt, Path(scratch) / f"{speaker}-{half}", arguments.model)
                engine = plain if folder is None else LipSync(arguments.model, person=folder)
                found["as it is"] += rows_of(plain, pairs, judge)
                found["with a profile"] += rows_of(engine, pairs, judge)
    for name, rows in found.items():
        table = markdown(rows, about={"system": f"{arguments.model}, {name}"})
        print(table, flush=True)
        if arguments.output is not None:
            make_folder(arguments.output)
            write_whole(arguments.output / f"{name.replace(' ', '-')}.md", table.encode())


if __name__ == "__main__":
    main()
