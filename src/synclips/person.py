"""Profiles: what a model learns of a person from any number of their videos, once.

    learn_person(["a.mp4", "b.mp4"], "person")

Puts track, own speech, learning and profile together and adds nothing of its own.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from synclips.adapt.effort import THOROUGH, Effort
from synclips.adapt.own_speech import own_speech
from synclips.adapt.profile import save_profile
from synclips.adapt.speaker import Adaptation, learn_speaker
from synclips.adapt.who_speaks import track_speaker
from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.errors import ConfigError, InputError
from synclips.faces.region import Region, parse_region
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.hearing import require_weights
from synclips.media.audio import probe_sound, spool_mono
from synclips.media.partial import check_folder
from synclips.media.video import VideoReader
from synclips.models.device import pick_device
from synclips.models.threads import one_thread
from synclips.options import DEFAULT_MODEL
from synclips.progress import Progress, silent
from synclips.release import releasing

log = logging.getLogger(__name__)


@releasing
def learn_person(
    videos: Sequence[str | Path],
    output: str | Path,
    model: str | Path = DEFAULT_MODEL,
    device: str = "auto",
    progress: Progress | None = None,
    effort: Effort = THOROUGH,
    region: str | None = None,
) -> Adaptation:
    """Learn how a person speaks and write it down as a profile.

    At most a minute of each video is learnt from. Part of the speech is held out; if what was
    learnt does not help there, the profile holds but where the lips differ from what is expected.

    Args:
        videos: of one person speaking, with their own sound.
        output: folder of the profile; written when everything else is done.
        model: name of a shipped model, or the folder of a trained one.
        device: auto, cpu or cuda.
        progress: called while working.
        effort: how long it may take.
        region: where in the picture the person is, if it shows several, as in `SyncOptions`; by
            default whoever speaks.

    Raises:
        InputError: a video cannot be used, or nothing could be learnt.
        ModelError: the model is unknown or damaged, or what hears speech is not there.
        ConfigError: there is no list of videos, the model does not learn speakers, the device is
            not there, or `region` is no part of a picture.
        OutputError: the profile cannot be written.
    """
    if isinstance(videos, str | Path):
        raise ConfigError(
            f"{videos} is one path; give a list of videos, such as [{str(videos)!r}]."
        )
    if not videos:
        raise ConfigError("There is no video to learn from; give at least one.")
    clips, folder = [Path(video) for video in videos], Path(output)
    part = None if region is None else parse_region(region)
    check_folder(folder)
    checkpoint = load_checkpoint(model)
    if not isinstance(checkpoint, Checkpoint):
        raise ConfigError(f"{checkpoint.name} does not learn speakers; take {DEFAULT_MODEL}.")
    require_weights()
    for clip in clips:  # a wrong name is told before the others are looked at for minutes
        VideoReader(clip)
        probe_sound(clip)
    checkpoint.motion.to(pick_device(device))
    with one_thread():
        learnt = _learn(clips, checkpoint, progress or silent, effort, part)
    if not (learnt.adapted or learnt.calibrated):
        names = ", ".join(map(str, clips))
        raise InputError(
            f"Nothing was learnt from {names} ({learnt.outcome}); give more or other videos in"
            " which the person speaks."
        )
    for clip, reason in zip(clips, learnt.reasons, strict=True):
        if reason:
            log.warning("Nothing was learnt from %s: %s.", clip, reason)
    save_profile(folder, checkpoint, learnt)
    return learnt


def _learn(
    clips: Sequence[Path],
    checkpoint: Checkpoint,
    tell: Progress,
    effort: Effort,
    region: Region | None,
) -> Adaptation:
    said = []
    for clip in clips:
        reader = VideoReader(clip)
        samples = spool_mono(clip, SAMPLE_RATE, reader.info.start)
        track = track_speaker(reader, checkpoint, tell, region)
        said.append(own_speech(samples, track, checkpoint.shape))
    tell("adapt", 0, 1)
    learnt = learn_speaker(checkpoint, said, effort)
    tell("adapt", 1, 1)
    return learnt
