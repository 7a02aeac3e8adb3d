"""Profiles: what a model learns of a person from any number of their videos, once.

    learn_person([Path("a.mp4"), Path("b.mp4")], Path("person"))

Puts track, own speech, learning and profile together and adds nothing of its own.
"""

from collections.abc import Sequence
from pathlib import Path

from synclips.adapt.effort import THOROUGH, Effort
from synclips.adapt.own_speech import own_speech
from synclips.adapt.profile import save_profile
from synclips.adapt.speaker import Adaptation, learn_speaker
from synclips.adapt.who_speaks import track_speaker
from synclips.checkpoint import Checkpoint, load_checkpoint, pick_device
from synclips.errors import ConfigError, InputError
from synclips.faces.region import Region
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import probe_sound, spool_mono
from synclips.media.partial import check_folder
from synclips.media.video import VideoReader
from synclips.options import DEFAULT_MODEL
from synclips.progress import Progress
from synclips.speech.hearing import require_weights


def learn_person(
    videos: Sequence[Path],
    output: Path,
    model: str | Path = DEFAULT_MODEL,
    device: str = "auto",
    progress: Progress | None = None,
    effort: Effort = THOROUGH,
    region: Region | None = None,
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
        region: where in the picture the person is, if it shows several; by default whoever speaks.

    Raises:
        InputError: a video cannot be used, or nothing could be learnt.
        ModelError: the model is unknown or damaged, or what hears speech is not there.
        ConfigError: the model does not learn speakers, or the device is not there.
        OutputError: the profile cannot be written.
    """
    check_folder(output)
    checkpoint = load_checkpoint(model)
    if not isinstance(checkpoint, Checkpoint):
        raise ConfigError(f"{checkpoint.name} does not learn speakers; take {DEFAULT_MODEL}.")
    require_weights()
    for video in videos:  # a wrong name is told before the others are looked at for minutes
        VideoReader(video)
        probe_sound(video)
    checkpoint.motion.to(pick_device(device))
    tell = progress or (lambda step, done, total: None)
    clips = []
    for video in videos:
        reader = VideoReader(video)
        samples = spool_mono(video, SAMPLE_RATE, reader.info.start)
        track = track_speaker(reader, checkpoint, tell, region)
        clips.append(own_speech(samples, track, checkpoint.shape))
    tell("adapt", 0, 1)
    learnt = learn_speaker(checkpoint, clips, effort)
    tell("adapt", 1, 1)
    if not (learnt.adapted or learnt.calibrated):
        names = ", ".join(str(video) for video in videos)
        raise InputError(
            f"Nothing was learnt from {names} ({learnt.outcome}); give more or other videos in"
            " which the person speaks."
        )
    save_profile(output, checkpoint, learnt)
    return learnt
