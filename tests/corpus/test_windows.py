from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.manifest import Entry, Manifest, PrepareSpec, Word
from synclips.corpus.pictures import encode, pack
from synclips.corpus.windows import (
    GAP,
    SAMPLES_PER_FRAME,
    WindowDataset,
    WindowSpec,
    vocabulary,
)
from synclips.errors import InputError

FRAMES = 40
SPEC = PrepareSpec()
WINDOW = WindowSpec(frames=6, size=16, references=4)


def write_clip(folder: Path, key: str, valid: np.ndarray) -> None:
    """A clip whose lips are i * 5 grey levels bright in frame i, with a click in frame 20.

    Its faces are larger, and 127 less half of that bright.
    """
    grey = np.arange(FRAMES, dtype=np.uint8) * 5
    pictures = np.broadcast_to(grey[:, None, None, None], (FRAMES, 16, 16, 3))
    lips, ends = pack([encode(p) if ok else b"" for p, ok in zip(pictures, valid, strict=True)])
    heads = np.broadcast_to(127 - grey[:, None, None, None] // 2, (FRAMES, 24, 24, 3))
    faces, face_ends = pack([encode(p) if ok else b"" for p, ok in zip(heads, valid, strict=True)])
    sound = np.zeros(FRAMES * SAMPLES_PER_FRAME, np.int16)
    click = 20 * SAMPLES_PER_FRAME
    sound[click - 40 : click + 40] = 8000 * np.sin(np.arange(80))
    points = np.zeros((FRAMES, 143, 2), np.float16)
    np.savez(
        folder / "clips" / f"{key}.npz",
        points=np.zeros((FRAMES, 143, 3), np.float32),
        times=np.stack([np.arange(FRAMES), np.full(FRAMES, 25)], axis=1),
        mel=np.zeros((4 * FRAMES, 64), np.float16),
        mfcc=np.zeros((4 * FRAMES, 13), np.float16),
        sound=sound,
        valid=valid,
        coefficients=np.repeat(np.arange(FRAMES, dtype=np.float32)[:, None], 3, axis=1),
        yaw=np.zeros(FRAMES, np.float32),
        face_points=points,
        lip_points=points,
        faces=faces,
        face_ends=face_ends,
        lips=lips,
        lip_ends=ends,
    )


def entry(key: str, person: str = "s1") -> Entry:
    words = (Word("bin", 5, 15), Word("blue", 18, 30))
    return Entry(key, "grid", person, key, "x.mpg", split="train", words=words, frames=FRAMES)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., WindowDataset]:
    (tmp_path / "clips").mkdir()

    def make(
        *people: str, valid: np.ndarray | None = None, spec: WindowSpec = WINDOW, **extra: object
    ) -> WindowDataset:
        entries = [entry(f"k{number}", person) for number, person in enumerate(people)]
        for one in entries:
            write_clip(tmp_path, one.key, np.ones(FRAMES, bool) if valid is None else valid)
        manifest = Manifest(SPEC.to_dict(), tuple(entries))
        words = vocabulary(entries)
        return WindowDataset(tmp_path, manifest, entries, spec, words, **extra)  # type: ignore[arg-type]

    return make


def frame_of(pictures: torch.Tensor) -> np.ndarray:
    """Which frames pictures (..., 3, S, S) are, by their brightness."""
    return np.round(pictures.mean(dim=(-1, -2, -3)).numpy() * 255 / 5).astype(int)


def test_faces_are_shown_where_they_are_asked_for(build: Callable[..., WindowDataset]) -> None:
    spec = WindowSpec(frames=6, size=24, references=1, region="face")
    batch = build("s1", spec=spec).batch(np.random.default_rng(0), 8)
    assert batch.pictures.shape == (8, 6, 3, 24, 24)
    frames = 2 * (127 - batch.pictures.mean(dim=(-1, -2, -3)) * 255) / 5
    np.testing.assert_allclose(frames, batch.coefficients[..., 0], atol=0.6)
    apart = batch.reference_coefficients[:, 0, 0] - batch.coefficients[:, 0, 0]
    assert ((apart >= 5 + GAP) | (apart <= -GAP)).all()


def test_all_of_a_window_shows_the_same_moment(build: Callable[..., WindowDataset]) -> None:
    data = build("s1")
    batch = data.batch(np.random.default_rng(0), 60)
    assert batch.pictures.shape == (60, 6, 3, 16, 16)
    assert batch.mel.shape == (60, 24, 64)
    assert batch.mfcc.shape == (60, 24, 13)
    first = frame_of(batch.pictures)[:, 0]
    assert len(set(first)) > 15
    wanted = first[:, None] + np.arange(6)
    np.testing.assert_array_equal(frame_of(batch.pictures), wanted)
    np.testing.assert_array_equal(batch.coefficients[..., 0].numpy(), wanted)
    names = np.array(data.vocabulary)[batch.words.numpy()]
    np.testing.assert_array_equal(names == "bin", (wanted >= 5) & (wanted < 15))
    np.testing.assert_array_equal(names == "blue", (wanted >= 18) & (wanted < 30))
    # The click is heard on the mel frame of its video frame and nowhere else.
    with_click = np.flatnonzero((wanted == 20).any(axis=1))
    assert len(with_click) > 2
    loudness = batch.mel.mean(dim=2).numpy()
    for index in with_click:
        assert abs(loudness[index].argmax() - 4 * (20 - first[index])) <= 1
    quiet = np.flatnonzero(((wanted < 19) | (wanted > 21)).all(axis=1))
    assert loudness[quiet].max() < loudness[with_click].max() - 0.5


def test_references_are_consecutive_and_far_from_the_window(
    build: Callable[..., WindowDataset],
) -> None:
    batch = build("s1").batch(np.random.default_rng(1), 60)
    window, references = frame_of(batch.pictures), frame_of(batch.references)
    assert (np.diff(references, axis=1) == 1).all()
    gap = np.abs(window[:, :, None] - references[:, None, :]).min(axis=(1, 2))
    assert gap.min() == GAP
    np.testing.assert_array_equal(batch.reference_coefficients[..., 0].numpy(), references)
    assert (references.min(axis=1) < window.min(axis=1)).any()
    assert (references.min(axis=1) > window.max(axis=1)).any()


def test_windows_never_contain_a_frame_without_a_face(build: Callable[..., WindowDataset]) -> None:
    valid = np.ones(FRAMES, bool)
    valid[17] = False
    data = build("s1", valid=valid)
    batch = data.batch(np.random.default_rng(2), 60)
    shown = frame_of(batch.pictures)
    assert not (shown == 0).any(axis=1)[shown[:, -1] > 6].any()
    assert 17 not in batch.coefficients.unique().tolist()
    assert 17 not in batch.reference_coefficients.unique().tolist()
    longest = data.longest(0)
    np.testing.assert_array_equal(longest.coefficients[0, :, 0].numpy(), np.arange(18, FRAMES))
    assert longest.mel.shape[1] == 4 * (FRAMES - 18)


def test_a_batch_depends_on_the_generator_only(build: Callable[..., WindowDataset]) -> None:
    data = build("s1", "s2", sound=WaveAugmentation(), picture=PictureAugmentation())
    one = data.batch(np.random.default_rng(3), 4)
    data.batch(np.random.default_rng(9), 4)
    same = data.batch(np.random.default_rng(3), 4)
    other = data.batch(np.random.default_rng(4), 4)
    assert torch.equal(one.pictures, same.pictures)
    assert torch.equal(one.mel, same.mel)
    assert not torch.equal(one.pictures, other.pictures)


def test_augmentation_changes_what_is_seen_and_heard(build: Callable[..., WindowDataset]) -> None:
    plain = build("s1").batch(np.random.default_rng(5), 8)
    loud = WaveAugmentation(gain_probability=1.0)
    data = build("s1", sound=loud, picture=PictureAugmentation())
    changed = data.batch(np.random.default_rng(5), 8)
    assert not torch.equal(plain.pictures, changed.pictures)
    assert not torch.equal(plain.mel, changed.mel)


def test_rare_people_are_drawn_more_often_than_their_share(
    build: Callable[..., WindowDataset],
) -> None:
    data = build(*["s1"] * 9, "s2")
    drawn = np.random.default_rng(0).choice(len(data), size=2000, p=data._weights)
    share = (drawn == 9).mean()
    assert share == pytest.approx(1 / 4, abs=0.04)  # sqrt(1) of sqrt(9) + sqrt(1)


def test_clips_that_are_too_short_are_an_error(build: Callable[..., WindowDataset]) -> None:
    with pytest.raises(InputError, match="no clip with 60 frames"):
        build("s1", spec=WindowSpec(frames=60, size=16, references=4))


def test_a_clip_without_references_is_not_drawn_from(build: Callable[..., WindowDataset]) -> None:
    valid = np.arange(FRAMES) % 8 < 6  # six in a row
    assert len(build("s1", valid=valid, spec=WindowSpec(frames=5, size=16, references=6))) == 1
    with pytest.raises(
        InputError, match="no clip with 5 frames of a face in a row and 7 others 5 f"
    ):
        build("s1", valid=valid, spec=WindowSpec(frames=5, size=16, references=7))
    assert len(build("s1", valid=valid, spec=WindowSpec(frames=5, size=16, references=0))) == 1


def test_windows_of_short_clips_have_references_away_from_them_or_are_left_out(
    build: Callable[..., WindowDataset],
) -> None:
    short = np.arange(FRAMES) < 16
    data = build("s1", "s2", valid=short, spec=WindowSpec(frames=6, size=16, references=4))
    batch = data.batch(np.random.default_rng(0), 60)
    window, references = frame_of(batch.pictures), frame_of(batch.references)
    gap = np.abs(window[:, :, None] - references[:, None, :]).min(axis=(1, 2))
    assert gap.min() >= GAP
    assert set(window[:, 0].tolist()) == {0, 1, 2, 8, 9, 10}
    assert data.longest(0).coefficients.shape[1] == 16
    with pytest.raises(InputError, match="and 4 others 5 frames away among the 1 asked for"):
        build("s1", valid=np.arange(FRAMES) < 13, spec=WindowSpec(frames=6, size=16, references=4))


@pytest.mark.parametrize(("frames", "references"), [(15, 8), (18, 1), (4, 1)])
def test_no_window_of_a_clip_of_grid_is_left_out(
    build: Callable[..., WindowDataset],
    monkeypatch: pytest.MonkeyPatch,
    frames: int,
    references: int,
) -> None:
    """As grid-gan and wav2lip draw them."""
    monkeypatch.setitem(globals(), "FRAMES", 75)
    clip = build("s1", spec=WindowSpec(frames=frames, size=16, references=references))._clips[0]
    assert len(clip.starts) == 76 - frames
