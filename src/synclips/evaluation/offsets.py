"""By how much the sound of a clip is late against its own picture, measured and taken out.

Many clips are off by some frames, in corpora too. Whoever speaks in time is late or early against
such a picture, so lips are compared at the right offset. It is found by a network that says how
the mouth should open, held against how it does (`adapt.offset`); always the same network, whatever
is evaluated, and over the whole clip.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from synclips.adapt.offset import find_offset
from synclips.adapt.own_speech import own_speech
from synclips.checkpoint import Checkpoint
from synclips.corpus.clips import Clip
from synclips.evaluation.pairs import Pair
from synclips.evaluation.tracked import OpenTracker, track_file
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.timing import GRID_FRAME_RATE, MOTION_RATE, SAMPLE_RATE
from synclips.media.audio import spool_mono
from synclips.media.video import VideoReader


def own_lag(
    clip: Clip, checkpoint: Checkpoint, open_tracker: OpenTracker = MediaPipeTracker
) -> Fraction | None:
    """Seconds by which the sound of a clip is late, a multiple of 20 ms.

    Args:
        clip: the lag it names is not looked at.
        checkpoint: of the network that measures.
        open_tracker: makes the tracker.

    Returns:
        None where picture and sound do not agree at any offset up to 0.4 s, or no face is seen.

    Raises:
        InputError: the file cannot be read or has no sound.
    """
    tracked = track_file(clip.path, open_tracker)
    info = VideoReader(clip.path).info
    sound = spool_mono(clip.path, SAMPLE_RATE, info.start)
    pieces = own_speech(sound, tracked.track, checkpoint.shape)
    if not pieces:
        return None
    found = find_offset(checkpoint.motion, pieces, checkpoint.shape.opening_effect)
    return None if found is None else found / MOTION_RATE


def at_own_offsets(
    pairs: Sequence[Pair], checkpoint: Checkpoint, open_tracker: OpenTracker = MediaPipeTracker
) -> tuple[list[Pair], dict[str, Fraction | None]]:
    """The same pairs, the lags of their targets as `own_lag` finds them.

    Returns:
        The pairs; where nothing is found their targets keep the lag they name. And what was found
        for each target, by the key of the clip.

    Raises:
        InputError: a file cannot be read or has no sound.
    """
    found: dict[str, Fraction | None] = {}
    moved = []
    for pair in pairs:
        key = pair.target.key
        if key not in found:
            found[key] = own_lag(pair.target, checkpoint, open_tracker)
        moved.append(at_lag(pair, found[key]))
    return moved, found


def at_lag(pair: Pair, lag: Fraction | None) -> Pair:
    """The pair with another lag of its target; None leaves the one that it names."""
    target = pair.target if lag is None else replace(pair.target, lag=lag)
    source = target if pair.is_one_clip else pair.source
    return replace(pair, source=source, target=target)


def described(found: dict[str, Fraction | None]) -> str:
    """What was found, in frames of 1/25 s, zeros left out."""
    late = [
        f"{key} {'unknown' if lag is None else f'{float(lag * GRID_FRAME_RATE):+.1f}'}"
        for key, lag in found.items()
        if lag is None or lag != 0
    ]
    if not late:
        return "all 0"
    return f"{', '.join(late)} (frames of 1/25 s; the others 0)"
