from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus import prepare
from synclips.corpus.clips import Clip
from synclips.corpus.prepare import MIN_FACES, load_prepared, prepare_clips, prepare_crops
from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import LIPS
from synclips.features.mel import MelSpec
from synclips.media.audio import write_sound
from synclips.media.writer import VideoWriter

SPEC = MelSpec()
FRAMES = 30
BEEP = 0.6  # seconds


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of 1.2 s: red grows to the right, green downwards, and a beep."""
    folder = tmp_path_factory.mktemp("film")
    sound = np.zeros(int(16_000 * FRAMES / 25), np.float32)
    first = int(16_000 * BEEP)
    sound[first : first + 1600] = 0.5 * np.sin(2 * np.pi * 1000 / 16_000 * np.arange(1600))
    write_sound(folder / "beep.wav", sound[:, None], 16_000)
    y, x = np.mgrid[:480, :640]
    image = np.stack([x * 200 // 640 + 20, y * 200 // 480 + 20, x * 0 + 60], axis=-1)
    with VideoWriter(
        folder / "film.mkv",
        width=640,
        height=480,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 1000),
        sound=folder / "beep.wav",
        preset="ultrafast",
    ) as writer:
        for index in range(FRAMES):
            writer.write(image.astype(np.uint8), Fraction(index, 25))
    return folder / "film.mkv"


@pytest.fixture
def tracked(monkeypatch: pytest.MonkeyPatch, head: Any) -> list[int]:
    """A made-up face in every frame, in this process; returns the length of every job list."""
    jobs: list[int] = []
    points = head.film(head.speech(FRAMES))

    class Tracker:
        def __init__(self) -> None:
            self.frame = -1

        def __enter__(self) -> "Tracker":
            return self

        def __exit__(self, *error: object) -> None: ...

        def find(self, image: np.ndarray) -> np.ndarray | None:
            self.frame += 1
            return None if image.mean() < 5 else points[self.frame]

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers: int, mp_context: object) -> None:
            super().__init__(1)

        def map(self, function: Callable[..., Any], *work: Any, **how: Any) -> Any:
            jobs.append(len(work[0]))
            return super().map(function, *work, **how)

    monkeypatch.setattr(prepare, "MediaPipeTracker", Tracker)
    monkeypatch.setattr(prepare, "ProcessPoolExecutor", Pool)
    return jobs


def clip(path: Path, name: str = "one", lag: Fraction = Fraction(0)) -> Clip:
    return Clip(path, "s1", name, "grid", lag)


def test_landmarks_and_sound_come_back_as_they_were_written(
    film: Path, tracked: list[int], tmp_path: Path, head: Any
) -> None:
    seen: list[tuple[int, int]] = []
    clips = [clip(film, "one"), clip(film, "two")]
    prepare_clips(clips, tmp_path, SPEC, 2, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    one, two = load_prepared(clips, tmp_path)
    assert (one.clip, two.clip) == tuple(clips)
    assert one.track.times == tuple(Fraction(i, 25) for i in range(FRAMES))
    np.testing.assert_array_equal(one.track.points, head.film(head.speech(FRAMES)))
    assert one.mel.shape[1] == SPEC.n_mels
    loud = np.flatnonzero(one.mel.max(axis=1) > one.mel.max() - 0.5)
    assert loud[0] / 100 == pytest.approx(BEEP, abs=0.02)


def test_what_is_done_is_not_done_again(film: Path, tracked: list[int], tmp_path: Path) -> None:
    clips = [clip(film, "one"), clip(film, "two")]
    prepare_clips(clips, tmp_path, SPEC, 2)
    kept = tmp_path / f"{clips[0].key}.npz"
    before = kept.stat().st_mtime_ns
    # As if killed while the second was being written.
    (tmp_path / f"{clips[1].key}.npz").rename(tmp_path / f"{clips[1].key}.part")
    assert [prepared.clip.name for prepared in load_prepared(clips, tmp_path)] == ["one"]
    prepare_clips(clips, tmp_path, SPEC, 2)
    prepare_clips(clips, tmp_path, SPEC, 2)
    assert tracked == [2, 1, 0]
    assert kept.stat().st_mtime_ns == before
    assert len(list(load_prepared(clips, tmp_path))) == 2
    assert not list(tmp_path.glob("*.part"))


def test_a_bad_clip_leaves_a_reason_and_the_others_are_prepared(
    film: Path, tracked: list[int], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"not a video" * 100)
    clips = [clip(bad, "bad"), clip(film, "good")]
    prepare_clips(clips, tmp_path, SPEC, 2)
    assert [prepared.clip.name for prepared in load_prepared(clips, tmp_path)] == ["good"]
    assert "bad.mp4" in (tmp_path / "grid__s1__bad.skipped.txt").read_text()
    prepare_clips(clips, tmp_path, SPEC, 2)
    assert tracked == [2, 0], "a bad clip was tried again"


def test_a_clip_without_a_face_leaves_a_reason(
    film: Path, tracked: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare.MediaPipeTracker, "find", lambda self, image: None)
    prepare_clips([clip(film)], tmp_path, SPEC, 2)
    assert "a face in only 0 frames" in (tmp_path / "grid__s1__one.skipped.txt").read_text()
    assert FRAMES >= MIN_FACES
    assert list(load_prepared([clip(film)], tmp_path)) == []


@pytest.mark.parametrize("frames", [2, -2])
def test_a_lag_of_the_sound_is_taken_out(
    film: Path, tracked: list[int], tmp_path: Path, frames: int
) -> None:
    clips = [clip(film, "plain"), clip(film, "late", Fraction(frames, 25))]
    prepare_clips(clips, tmp_path, SPEC, 2)
    plain, late = (
        int(np.argmax(prepared.mel.max(axis=1) > prepared.mel.max() - 0.5))
        for prepared in load_prepared(clips, tmp_path)
    )
    assert plain - late == frames * 4  # mel frames of 10 ms


def test_crops_show_the_mouth_and_every_second_frame(
    film: Path, tracked: list[int], tmp_path: Path, head: Any
) -> None:
    prepare_clips([clip(film)], tmp_path, SPEC, 2)
    crop = CropSpec(size=48)
    prepare_crops([clip(film)], tmp_path, head.shape, crop, stride=2)
    file = tmp_path / "grid__s1__one.crops.npz"
    with np.load(file) as data:
        images, points, yaw = data["images"], data["points"], data["yaw"]
    assert images.shape == (15, 48, 48, 3)
    assert points.shape[:1] == yaw.shape == (15,)
    assert np.abs(yaw).max() < 1
    # The colours of the crop tell where in the picture it was taken: under the lips.
    there = head.film(head.speech(FRAMES))[::2, LIPS, :2].mean(axis=1)
    here = points[:, LIPS].mean(axis=1).round().astype(int)
    for image, (x, y), (column, row) in zip(images, there, here, strict=True):
        assert image[row, column, 0] == pytest.approx(x * 200 / 640 + 20, abs=4)
        assert image[row, column, 1] == pytest.approx(y * 200 / 480 + 20, abs=4)
    before = file.stat().st_mtime_ns
    prepare_crops([clip(film)], tmp_path, head.shape, crop, stride=2)
    assert file.stat().st_mtime_ns == before
