"""Which systems are run beside a model, and that they edit videos like it."""

from pathlib import Path

import numpy as np

from synclips.evaluation.baselines import simple_systems
from synclips.evaluation.conditions import COPIED, RETRIEVAL
from synclips.media.video import VideoReader
from synclips.pipeline import LipSync


def test_only_a_model_that_asks_for_lips_can_retrieve(
    tiny_model: Path, untrained_grid_gan: Path, untrained_wav2lip: Path
) -> None:
    engine = LipSync(tiny_model, "cpu")
    systems = simple_systems(engine)
    assert set(systems) == {COPIED, RETRIEVAL}
    assert all(system.shape is engine.shape for system in systems.values())
    for painting in (untrained_grid_gan, untrained_wav2lip):
        assert set(simple_systems(LipSync(painting, "cpu"))) == {COPIED}


def test_they_write_the_video_with_other_mouths(
    face_video: Path, speech: Path, tmp_path: Path
) -> None:
    engine = LipSync(device="cpu", adapt="off")
    before = [frame.image for frame in VideoReader(face_video).frames()]
    for condition, system in simple_systems(engine).items():
        output = tmp_path / f"{condition}.mp4"
        system.sync(face_video, speech, output)
        after = [frame.image for frame in VideoReader(output).frames()]
        assert len(after) == 30  # as long as the sound
        # Above the eyes everything is as it was; around the mouth another frame's pixels lie.
        change = np.abs(after[5].astype(int) - before[5])
        assert change[:80].mean() < 2
    assert engine.performer is LipSync.performed_by(engine, engine.performer).performer
