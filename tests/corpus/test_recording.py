from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus import recording
from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry, PrepareSpec, Word
from synclips.corpus.pictures import unpack
from synclips.corpus.recording import MIN_FACES, MIN_RUN, nearest_frames, record
from synclips.errors import InputError
from synclips.faces.landmarks import EYE_CORNERS, LIPS
from synclips.features.loudness import normalise_loudness
from synclips.features.mel import log_mel
from synclips.features.mfcc import SPEECH_MFCC, mfcc
from synclips.media.audio import read_mono, write_sound
from synclips.media.writer import VideoWriter

SPEC = PrepareSpec()
BEEP = 0.6  # seconds

Film = Callable[..., Clip]


def beeping(seconds: float) -> np.ndarray:
    sound = np.zeros(int(16_000 * seconds), np.float32)
    first = int(16_000 * BEEP)
    sound[first : first + 1600] = 0.5 * np.sin(2 * np.pi * 1000 / 16_000 * np.arange(1600))
    return sound


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Any, ...], Path]:
    """What was filmed so far."""
    return {(): tmp_path_factory.mktemp("shots")}


@pytest.fixture
def film(shots: dict[tuple[Any, ...], Path], tmp_path: Path) -> Film:
    """Makes clips: red grows to the right, green downwards, blue with every frame; and a beep."""

    def shoot(
        times: Sequence[Fraction],
        sound: np.ndarray | None = None,
        lag: Fraction = Fraction(0),
        name: str = "bbaf2n",
    ) -> Clip:
        if sound is None:
            sound = beeping(float(times[-1]) + 0.04)
        key = (*times, sound.tobytes())
        if key not in shots:
            shots[key] = shots[()] / f"{len(shots)}.mp4"
            write_film(shots[key], times, sound)
        path = tmp_path / "s1" / "video" / f"{name}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.hardlink_to(shots[key])
        return Clip(path, "s1", name, "grid", lag)

    return shoot


def write_film(path: Path, times: Sequence[Fraction], sound: np.ndarray) -> None:
    beep = path.with_suffix(".wav")
    if len(sound):
        write_sound(beep, sound, 16_000)
    y, x = np.mgrid[:480, :640]
    with VideoWriter(
        path,
        width=640,
        height=480,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 600),
        sound=beep if len(sound) else None,
        crf=8,
    ) as writer:
        for index, time in enumerate(times):
            blue = np.full_like(x, 20 + 4 * (55 - abs(55 - index % 110)))  # and back: no cut
            image = np.stack([x * 200 // 640 + 20, y * 200 // 480 + 20, blue], axis=-1)
            writer.write(image.astype(np.uint8), time)


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch, head: Any) -> set[int]:
    """A made-up face in every frame, but for those in the set."""
    unseen: set[int] = set()
    points = head.film(head.speech(120))

    class Tracker:
        def __init__(self) -> None:
            self.frame = -1

        def __enter__(self) -> "Tracker":
            return self

        def __exit__(self, *error: object) -> None: ...

        def find(self, image: np.ndarray) -> np.ndarray | None:
            self.frame += 1
            return None if self.frame in unseen else points[self.frame]

    monkeypatch.setattr(recording, "MediaPipeTracker", Tracker)
    return unseen


def steady(rate: int, seconds: float = 1.6) -> list[Fraction]:
    return [Fraction(i, rate) for i in range(int(seconds * rate))]


def pictures(arrays: dict[str, Any], name: str = "faces") -> np.ndarray:
    return unpack(arrays[name], arrays["face_ends" if name == "faces" else "lip_ends"])[0]


@pytest.mark.parametrize(
    ("times", "frames"),
    [
        ([Fraction(i, 25) for i in range(5)], [0, 1, 2, 3, 4]),
        ([Fraction(i, 50) for i in range(6)], [0, 2, 4]),
        ([Fraction(2 * i, 25) for i in range(3)], [0, 0, 1, 1, 2]),
        ([Fraction(i, 30) for i in range(7)], [0, 1, 2, 4, 5, 6]),
        ([Fraction(0), Fraction(1, 100), Fraction(9, 100), Fraction(1, 5)], [0, 1, 2, 2, 3, 3]),
        ([Fraction(0)], [0]),
    ],
)
def test_every_instant_has_the_frame_nearest_in_time(
    times: list[Fraction], frames: list[int]
) -> None:
    assert nearest_frames(tuple(times)).tolist() == frames


@pytest.mark.parametrize(("rate", "count"), [(24, 26), (25, 27), (30, 27), (50, 27)])
def test_crops_show_the_frame_nearest_in_time(
    film: Film, hidden: set[int], head: Any, rate: int, count: int
) -> None:
    times = steady(rate, 1.08)
    entry, arrays = record(film(times), SPEC, head.shape)
    assert entry.frames == len(arrays["valid"]) == count
    assert arrays["valid"].all()
    shown = np.rint((pictures(arrays)[:, 64, 64, 2].astype(float) - 20) / 4).astype(int)
    seconds = np.array([float(time) for time in times])
    away = np.abs(seconds[shown] - np.arange(entry.frames) / 25)
    assert away.max() <= 0.5 / rate + 1e-9
    np.testing.assert_array_equal(arrays["times"], [(t.numerator, t.denominator) for t in times])


@pytest.mark.parametrize("name", ["faces", "lips"])
def test_points_lie_in_the_crops_where_they_lie_in_the_picture(
    film: Film, hidden: set[int], head: Any, name: str
) -> None:
    _, arrays = record(film(steady(25)), SPEC, head.shape)
    there = head.film(head.speech(40))[:, LIPS, :2]
    here = arrays["face_points" if name == "faces" else "lip_points"][:, LIPS].astype(float)
    crops = pictures(arrays, name)
    assert crops.shape[1] == (128 if name == "faces" else 64)
    for crop, wanted, seen in zip(crops, there, here, strict=True):
        column, row = np.rint(seen).astype(int).T
        np.testing.assert_allclose(crop[row, column, 0], wanted[:, 0] * 200 / 640 + 20, atol=6)
        np.testing.assert_allclose(crop[row, column, 1], wanted[:, 1] * 200 / 480 + 20, atol=6)


def test_crops_have_the_size_of_the_specification_in_eye_distances(
    film: Film, hidden: set[int], head: Any
) -> None:
    entry, arrays = record(film(steady(25)), SPEC, head.shape)
    for name, pixels in (("face_points", 128 / 2.6), ("lip_points", 64.0)):
        eyes = arrays[name][:, EYE_CORNERS].astype(float)
        distance = np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=-1)
        np.testing.assert_allclose(distance, pixels, rtol=0.01)
        centre = arrays[name][:, LIPS].astype(float).mean(axis=1)
        below = (0.45 * pixels + 63.5) if name == "face_points" else (31.5 - 0.05 * pixels)
        np.testing.assert_allclose(np.median(centre[:, 1]), below, atol=3)
    assert entry.eye_distance == pytest.approx(120, rel=0.01)
    assert entry.yaw < 1


def test_lip_shapes_are_those_that_were_spoken(film: Film, hidden: set[int], head: Any) -> None:
    _, arrays = record(film(steady(25)), SPEC, head.shape)
    spoken = head.speech(40)
    seen = arrays["coefficients"]
    assert seen.shape == (40, head.shape.size)
    assert np.corrcoef(seen[:, 0], spoken[:, 0])[0, 1] > 0.97
    assert seen[:, 0].max() == pytest.approx(spoken[:, 0].max(), rel=0.2)


def test_nothing_is_said_where_no_face_is(film: Film, hidden: set[int], head: Any) -> None:
    lost = set(range(20, 30))
    hidden |= lost
    hidden |= {45}  # short enough to be bridged
    entry, arrays = record(film(steady(25, 2.4)), SPEC, head.shape)
    valid = arrays["valid"]
    assert set(np.flatnonzero(~valid)) == lost
    assert entry.face_share == pytest.approx(50 / 60, abs=1e-3)
    for name in ("coefficients", "yaw", "face_points", "lip_points"):
        assert not arrays[name][~valid].any()
        assert arrays[name][valid].any()
    sizes = np.diff(arrays["face_ends"], prepend=0)
    assert ((sizes > 0) == valid).all()
    assert np.isnan(arrays["points"][20:30]).all()
    assert not np.isnan(arrays["points"][45]).any()


def test_a_short_glimpse_is_no_face(film: Film, hidden: set[int], head: Any) -> None:
    hidden |= set(range(30, 60)) - set(range(40, 40 + MIN_RUN - 1))
    _, arrays = record(film(steady(25, 2.4)), SPEC, head.shape)
    assert set(np.flatnonzero(arrays["valid"])) == set(range(30))


def test_in_a_gap_between_pictures_nothing_is_known(
    film: Film, hidden: set[int], head: Any
) -> None:
    times = [Fraction(i, 25) for i in range(30)] + [Fraction(i, 25) for i in range(40, 60)]
    _, arrays = record(film(times, beeping(2.4)), SPEC, head.shape)
    # Two frames to either side of the gap are near enough.
    assert set(np.flatnonzero(~arrays["valid"])) == set(range(32, 38))


def test_a_clip_without_a_second_of_face_is_of_no_use(
    film: Film, hidden: set[int], head: Any
) -> None:
    clip = film(steady(25))
    hidden |= set(range(MIN_FACES, 40))
    assert record(clip, SPEC, head.shape)[0].frames == 40
    hidden |= {MIN_FACES - 1}
    with pytest.raises(InputError, match=r"bbaf2n\.mp4 shows a face in only 24 of 40 frames"):
        record(clip, SPEC, head.shape)
    hidden |= set(range(40))
    with pytest.raises(InputError, match="in only 0 of 40 frames"):
        record(clip, SPEC, head.shape)


def test_sound_and_features_are_those_of_the_clip_at_one_loudness(
    film: Film, hidden: set[int], head: Any
) -> None:
    clip = film(steady(25))
    entry, arrays = record(clip, SPEC, head.shape)
    loud, gain_db = normalise_loudness(read_mono(clip.path, 16_000))
    np.testing.assert_allclose(arrays["mel"], log_mel(loud), atol=2e-3)
    np.testing.assert_allclose(arrays["mfcc"], mfcc(loud, SPEECH_MFCC), atol=4e-3)
    np.testing.assert_allclose(arrays["sound"] / 32767, loud, atol=2 / 32767)
    assert entry.gain_db == pytest.approx(gain_db, abs=0.01)
    assert {arrays[name].dtype.str for name in ("mel", "mfcc")} == {"<f2"}
    assert arrays["sound"].dtype == np.int16


def test_a_sound_that_would_clip_is_raised_less(
    film: Film, hidden: set[int], head: Any, rng: np.random.Generator
) -> None:
    # A bang in faint noise: at the loudness of speech its peak is far above full scale.
    sound = (0.002 * rng.normal(size=25_600)).astype(np.float32)
    sound[12_800:12_810] = 0.9
    clip = film(steady(25), sound)
    entry, arrays = record(clip, SPEC, head.shape)
    samples = read_mono(clip.path, 16_000)
    loud, gain_db = normalise_loudness(samples)
    assert np.abs(loud).max() > 1.5
    assert np.abs(arrays["sound"].astype(int)).max() == 32767
    assert entry.gain_db < gain_db - 3
    raised = samples * 10 ** (entry.gain_db / 20)
    np.testing.assert_allclose(arrays["sound"] / 32767, raised, atol=2e-3)
    # The features are those that a network meets when it is used.
    np.testing.assert_allclose(arrays["mel"], log_mel(loud), atol=2e-3)


@pytest.mark.parametrize("frames", [2, -2])
def test_a_lag_of_the_sound_is_taken_out(
    film: Film, hidden: set[int], head: Any, frames: int
) -> None:
    clip = film(steady(25))
    plain = record(clip, SPEC, head.shape)[1]
    late = record(replace(clip, lag=Fraction(frames, 25)), SPEC, head.shape)[1]

    def onset(arrays: dict[str, Any]) -> int:
        sound = np.abs(arrays["sound"].astype(int))
        return int(np.argmax(sound > sound.max() / 2))

    def bright(arrays: dict[str, Any]) -> int:
        mel = arrays["mel"].astype(float).max(axis=1)
        return int(np.argmax(mel > mel.max() - 0.5))

    assert onset(plain) / 16_000 == pytest.approx(BEEP, abs=0.01)
    assert onset(plain) - onset(late) == frames * 640
    assert bright(plain) - bright(late) == frames * 4  # mel frames of 10 ms


def test_a_clip_without_sound_is_named(film: Film, hidden: set[int], head: Any) -> None:
    mute = film(steady(25), np.zeros(0, np.float32))
    with pytest.raises(InputError, match=r"bbaf2n\.mp4 has no sound track"):
        record(mute, SPEC, head.shape)
    late = film(steady(25), lag=Fraction(9), name="late")
    with pytest.raises(InputError, match="no sound left after its lag of 9 s"):
        record(late, SPEC, head.shape)


def words_of(clip: Clip, head: Any, text: str | None) -> Entry:
    if text is not None:
        folder = clip.path.parent.parent / "align"
        folder.mkdir(exist_ok=True)
        (folder / f"{clip.name}.align").write_text(text)
    return record(clip, SPEC, head.shape)[0]


def test_words_beyond_the_picture_are_cut(film: Film, hidden: set[int], head: Any) -> None:
    text = "0 9000 sil\n9000 20000 bin\n20000 45000 blue\n45000 60000 at\n"
    entry = words_of(film(steady(25)), head, text)
    assert entry.words == (Word("bin", 9, 20), Word("blue", 20, 40))
    assert entry.sentence == "bin blue"


@pytest.mark.parametrize("text", [None, "what is this"])
def test_a_clip_without_an_alignment_is_used_without_words(
    film: Film, hidden: set[int], head: Any, text: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    entry = words_of(film(steady(25)), head, text)
    assert entry.words == ()
    assert entry.sentence == "bin blue at f two now", "its name says what is spoken"
    assert entry.frames == 40
    assert ("bbaf2n.align is not a readable alignment" in caplog.text) == (text is not None)
