import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synclips.errors import OutputError
from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import MOUTH_CORNERS
from synclips.media.box import Box
from synclips.media.picture import RgbPicture
from synclips.render import reference_banks
from synclips.render.reference_banks import PER_SEGMENT, collect_references
from synclips.render.references import Reference, choose_frames
from synclips.render.view import crop_of


def test_a_bank_keeps_the_pixels_it_needs(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    chosen = choose_frames(scene.segment, scene.shape, PER_SEGMENT)
    assert len(bank.references) == len(chosen)
    for kept, index in zip(bank.references, chosen, strict=True):
        frame = scene.frames[index].image
        assert np.array_equal(kept.image, frame[kept.box.rows, kept.box.columns])
        assert not np.shares_memory(kept.image, frame), "it would keep the whole frame alive"
        assert kept.crop.shape == (96, 96, 3)
        assert kept.yaw == pytest.approx(float(scene.segment.pose.yaw[index]))
        points = transform(scene.segment.points[[index]], invert(scene.to_image[[index]]))[0]
        np.testing.assert_allclose(kept.points, points, atol=1e-3)
    assert sum(kept.image.nbytes for kept in bank.references) < 20 * 200 * 200 * 3


def test_a_full_disk_is_told_when_it_is() -> None:
    """Not later, by the error of a system, when what was kept is read."""
    resource = pytest.importorskip("resource", reason="a limit on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    banks = reference_banks.ReferenceBanks(1, 1)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        with pytest.raises(OutputError, match="temporary folder .* cannot be written"):
            banks._write(np.zeros(8))
        del banks
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_space_is_bounded(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 5 * 200 * 200 * 3
    monkeypatch.setattr(reference_banks, "_MOST_BYTES", limit)
    banks = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert sum(kept.image.nbytes for bank in banks for kept in bank.references) < 1.1 * limit
    assert len(banks[0].references) == 5
    monkeypatch.setattr(reference_banks, "_MOST_BYTES", 1)
    (least,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert len(least.references) == 2


def test_frames_are_read_once_and_no_further_than_needed(scene: Any) -> None:
    read = []

    def frames() -> Any:
        for frame in scene.frames:
            read.append(frame.index)
            yield frame

    chosen = choose_frames(scene.segment, scene.shape, PER_SEGMENT)
    collect_references(
        replace(scene, frames=frames()).read, [scene.segment], 1, scene.shape, scene.spec
    )
    assert read == list(range(int(chosen.max()) + 1))


def test_without_faces_there_are_no_banks(scene: Any) -> None:
    assert len(collect_references(scene.read, [], 0, scene.shape, scene.spec)) == 0


def test_one_bank_is_in_memory_at_a_time(scene: Any) -> None:
    parts = [scene.segment, replace(scene.segment, frames=slice(18, 36))]
    again = [replace(frame, index=frame.index + 18) for frame in scene.frames]
    banks = collect_references(
        replace(scene, frames=[*scene.frames, *again]).read, parts, 2, scene.shape, scene.spec
    )
    bank = weakref.ref(banks[0])
    assert bank() is banks[0]
    pixels = banks[0].references[0].image
    assert banks[1].references
    assert bank() is None
    assert np.array_equal(banks[0].references[0].image, pixels)


@pytest.fixture(scope="module")
def hand(make_scene: Any, talker: Any) -> tuple[Any, list[int]]:
    """30 frames, in four of those that would be kept something dark is before the lips."""
    scene = make_scene(talker.shape, talker.film(talker.speech(30)[:, :1]))
    covered = choose_frames(scene.segment, scene.shape, 30)[3:7].tolist()
    frames = list(scene.frames)
    for index in covered:
        image = frames[index].image.copy()
        x, y = np.round(scene.segment.points[index, MOUTH_CORNERS, :2].mean(axis=0)).astype(int)
        image[y - 10 :, x - 20 : x + 20] = (30, 35, 40)
        frames[index] = replace(frames[index], picture=RgbPicture(image))
    return replace(scene, frames=tuple(frames)), covered


def test_no_mouth_is_taken_from_behind_a_hand(hand: Any) -> None:
    scene, covered = hand
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec, kept=30)
    chosen = choose_frames(scene.segment, scene.shape, 30)
    assert bank.usual is not None
    kept = [index for index in chosen if index not in covered]
    assert len(kept) == len(chosen) - 4
    crops = [crop_of(scene.frames[i].picture, scene.to_image[i], 96) for i in kept]
    assert np.array_equal([one.crop for one in bank.references], crops)


def test_where_every_kept_frame_is_covered_all_are_kept(hand: Any) -> None:
    scene, covered = hand
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    crops = [crop_of(scene.frames[i].picture, scene.to_image[i], 96) for i in covered]
    points = transform(scene.segment.points[covered], invert(scene.to_image[covered]))
    whole = Box(0, 0, 96, 96)
    behind = [
        Reference(one, crop, crop, whole, np.eye(2, 3), 0.0, 0.5)
        for one, crop in zip(points, crops, strict=True)
    ]
    assert reference_banks._unhidden(behind, bank.usual) == behind
    clear = bank.references[0]
    assert reference_banks._unhidden([*behind, clear], bank.usual) == [clear]
    assert reference_banks._unhidden([*behind, clear], None) == [*behind, clear]


def test_too_short_a_look_says_nothing_of_what_is_usual(scene: Any) -> None:
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    assert bank.usual is None


def cut_together(*scenes: Any) -> tuple[Any, list[Any]]:
    """Scenes one after the other: how their frames are read, and their segments."""
    frames, segments = [], []
    for scene in scenes:
        start = len(frames)
        segments.append(replace(scene.segment, frames=slice(start, start + len(scene.frames))))
        frames += [replace(frame, index=start + frame.index) for frame in scene.frames]
    return replace(scenes[0], frames=tuple(frames)).read, segments


def recoloured(scene: Any) -> Any:
    """The same frames of another face."""
    frames = [replace(f, picture=RgbPicture(255 - f.image)) for f in scene.frames]
    return replace(scene, frames=tuple(frames))


def part_of(scene: Any, frames: slice) -> Any:
    """Some frames of a scene, as a scene."""
    segment = scene.segment
    cut = replace(
        segment,
        points=segment.points[frames],
        pose=segment.pose[frames],
        canonical=segment.canonical[frames],
        coefficients=segment.coefficients[frames],
        bias=segment.bias[frames],
    )
    pictures = [replace(f, index=i) for i, f in enumerate(scene.frames[frames])]
    return replace(scene, segment=cut, frames=tuple(pictures))


def test_how_faces_usually_look_takes_bounded_space(
    hand: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, _ = hand
    monkeypatch.setattr(reference_banks, "_MOST_SAMPLES", 50)

    def known(*scenes: Any) -> list[bool]:
        read, segments = cut_together(*scenes)
        banks = collect_references(read, segments, len(segments), scene.shape, scene.spec)
        return [bank.usual is not None for bank in banks]

    other = recoloured(scene)
    assert known(scene, other) == [True, True]
    assert known(scene, other, other) == [False, True, True], "16 frames each"


def test_a_mouth_seen_before_a_cut_is_known_after_it(scene: Any) -> None:
    """The mouth is open in the middle of the scene only."""
    openings = scene.segment.coefficients[:, 0]
    middle = int(openings.argmax())
    shut = part_of(scene, slice(middle + 6, None))
    between = recoloured(scene)
    read, segments = cut_together(scene, between, shut)
    banks = collect_references(read, segments, 3, scene.shape, scene.spec, kept=4)
    alone = collect_references(shut.read, [shut.segment], 1, scene.shape, scene.spec, kept=4)
    assert len(banks[2].references) == len(alone[0].references) + 2
    assert banks[2].widest == pytest.approx(banks[0].widest)
    assert banks[2].widest > 2 * alone[0].widest
    lent = banks[2].references[-2:]
    first = {tuple(one.to_image.ravel()) for one in banks[0].references}
    assert {tuple(one.to_image.ravel()) for one in lent} <= first
    light = [one.crop.mean() for one in banks[2].references]
    assert max(light) - min(light) < 10, "somebody else's face was lent"
    assert len(banks[1].references) == 4, "nobody looks like it"


def test_no_face_is_lent_that_is_much_smaller(scene: Any, make_scene: Any) -> None:
    small = make_scene(scene.shape, scene.segment.points * 0.6)
    read, segments = cut_together(scene, small)
    banks = collect_references(read, segments, 2, scene.shape, scene.spec, kept=4)
    sizes = [[one.box.size[0] for one in bank.references] for bank in banks]
    assert min(sizes[0]) > 1.3 * min(sizes[1])
    assert len(sizes[0]) == 4
