from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from synclips.corpus.clips import Clip
from synclips.evaluation import gallery as gallery_module
from synclips.evaluation.conditions import REAL, SYSTEM, UNEDITED
from synclips.evaluation.gallery import MOST, Gallery
from synclips.evaluation.measure import Measured, measure
from synclips.evaluation.pairs import Pair
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker
from synclips.media.audio import read_mono, write_sound
from synclips.media.video import VideoReader

WriteClip = Callable[..., Path]
OpenTracker = Callable[[], FaceTracker]


@pytest.fixture
def videos(
    tmp_path: Path, write_clip: WriteClip, shape: LipShape, tracker: OpenTracker
) -> dict[str, Measured]:
    """A mouth that is shut, one that opens late and one that opens early; the last at 50 Hz."""
    openings = {UNEDITED: 9.0, SYSTEM: 0.8, REAL: 0.4}
    return {
        name: measure(
            write_clip(
                tmp_path / f"{name}.mp4",
                lambda time, since=since: 0.2 if time >= since else 0.0,
                1.2,
                rate=50 if name == REAL else 25,
            ),
            shape,
            tracker,
        )
        for name, since in openings.items()
    }


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    at = np.arange(16_000 * 2) / 16_000
    write_sound(tmp_path / "s.wav", (0.3 * np.sin(600 * at)).astype(np.float32), 16_000)
    return tmp_path / "s.wav"


def pair(person: str, name: str = "a") -> Pair:
    return Pair(Clip(Path("a.mp4"), person, name, "grid"), Clip(Path("b.mp4"), person, "b", "grid"))


def test_source_result_and_truth_side_by_side(
    tmp_path: Path, videos: dict[str, Measured], sound: Path, shape: LipShape
) -> None:
    gallery = Gallery(shape)
    gallery.visit(pair("s1"), videos, sound)
    exhibit = gallery.exhibits[0]
    assert (exhibit.corpus, exhibit.speaker, exhibit.pair) == ("grid", "s1", "grid__s1__a__b")
    path = tmp_path / "clip.mp4"
    path.write_bytes(exhibit.clip)
    frames = list(VideoReader(path).frames())
    assert [frame.time for frame in frames] == [Fraction(k, 25) for k in range(30)]
    width, height = exhibit.size
    assert frames[0].image.shape == (height, width, 3)

    def mouths(index: int) -> list[bool]:
        """Whether each panel's patch, upper left in its centred frame, is bright."""
        spots = [(240 + 16, 240 * panel + 24 + 16) for panel in range(3)]
        return [bool(frames[index].image[spot].mean() > 100) for spot in spots]

    assert mouths(5) == [False, False, False]
    assert mouths(14) == [False, False, True]
    assert mouths(25) == [False, True, True]
    # One sound, as long as the picture.
    assert len(read_mono(path, 16_000)) == pytest.approx(1.2 * 16_000, abs=1100)


def test_the_clip_is_one_that_browsers_play(
    tmp_path: Path, videos: dict[str, Measured], sound: Path, shape: LipShape
) -> None:
    gallery = Gallery(shape)
    gallery.visit(pair("s1"), videos, sound)
    clip = gallery.exhibits[0].clip
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert [audio.codec_context.name for audio in container.streams.audio] == ["aac"]
    assert clip.index(b"moov") < clip.index(b"mdat")  # the index comes first


def test_curves_of_all_three(videos: dict[str, Measured], sound: Path, shape: LipShape) -> None:
    gallery = Gallery(shape)
    gallery.visit(pair("s1"), videos, sound)
    opening = gallery.exhibits[0].opening
    assert opening[SYSTEM][15] < 0.05 < opening[REAL][15]
    assert opening[UNEDITED].max() < 0.05


def test_one_pair_of_each_speaker_and_not_too_many(
    videos: dict[str, Measured], sound: Path, shape: LipShape
) -> None:
    short = {name: replace(video, duration=Fraction(1, 25)) for name, video in videos.items()}
    gallery = Gallery(shape)
    for person in ("s1", "s1", *(f"s{number}" for number in range(2, 12))):
        gallery.visit(pair(person), short, sound)
    people = [exhibit.speaker for exhibit in gallery.exhibits]
    assert people == [f"s{number}" for number in range(1, MOST + 1)]


def test_long_clips_are_cut(
    videos: dict[str, Measured],
    sound: Path,
    shape: LipShape,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery_module, "LONGEST", Fraction(1, 2))
    gallery = Gallery(shape)
    gallery.visit(pair("s1"), videos, sound)
    path = tmp_path / "clip.mp4"
    path.write_bytes(gallery.exhibits[0].clip)
    assert len(list(VideoReader(path).frames())) == 12
    assert len(gallery.exhibits[0].opening[REAL]) == 12
    assert len(read_mono(path, 16_000)) < 0.6 * 16_000
