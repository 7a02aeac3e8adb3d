import threading
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from drawing import CPU, OPEN, SHUT, job, spread, trusting

from synclips.faces.landmarks import INNER, LIPS, OUTER
from synclips.media.picture import RgbPicture
from synclips.models.generator import Generator, GeneratorSpec
from synclips.render.crossfade import SECONDS
from synclips.render.lip_map import fill
from synclips.render.mask import OUTLINE
from synclips.render.painter import Painter
from synclips.render.reference_banks import collect_references
from synclips.render.references import ReferenceBank


def test_lips_that_stay_leave_the_picture_as_it_was(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    for painted, index in zip(
        painter.paint([job(scene, bank, SHUT), job(scene, bank, OPEN, time=1)]),
        (SHUT, OPEN),
        strict=True,
    ):
        before = scene.frames[index].image.astype(int)
        assert spread(painted).max() == 1
        assert np.abs(painted.image - before).max() <= 2


def test_nothing_outside_the_mask_changes(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    before = scene.frames[OPEN].image.copy()
    (painted,) = painter.paint([job(scene, bank, OPEN, scene.target(OPEN, 0))])
    assert np.array_equal(scene.frames[OPEN].image, before), "the input was drawn into"
    changed = (painted.image != before).any(axis=-1)
    mask = spread(painted)
    assert changed[mask > 0.9].mean() > 0.5
    assert not changed[mask == 0].any()
    assert painted.image.shape == before.shape
    assert painted.image.dtype == np.uint8


def test_a_mouth_appears_by_its_share(scene: Any, bank: ReferenceBank, painter: Painter) -> None:
    before = scene.frames[OPEN].image.astype(float)
    whole = job(scene, bank, OPEN, scene.target(OPEN, 0))
    all_of_it, half = (
        painted.image - before for painted in painter.paint([whole, replace(whole, share=0.5)])
    )
    assert np.abs(all_of_it).max() > 60
    np.testing.assert_allclose(half, all_of_it / 2, atol=1)


def test_an_opening_mouth_takes_lip_and_chin_along(
    scene: Any, bank: ReferenceBank, painter: Painter, redness: Any
) -> None:
    target = scene.target(SHUT, 2)
    (painted,) = painter.paint([job(scene, bank, SHUT, target)])
    points = scene.segment.points[SHUT]
    lip = np.round(points[OUTER[15], :2]).astype(int)  # the middle of the lower lip's rim
    moved = np.round(target[OUTER[15], :2]).astype(int)
    assert moved[1] > lip[1] + 10
    before = scene.frames[SHUT].image
    # The seam between lip and skin has moved down with the landmark.
    just_above = painted.image[moved[1] - 4, moved[0]].astype(int)
    lip_colour = before[lip[1] - 4, lip[0]].astype(int)
    assert np.abs(just_above - lip_colour).max() < 25
    assert np.abs(before[moved[1] - 4, moved[0]] - lip_colour).max() > 25


@pytest.mark.parametrize("edge", ["left", "right", "bottom", "outside"])
def test_a_face_at_the_edge_of_the_picture(
    talker: Any, make_scene: Any, painter: Painter, edge: str
) -> None:
    at = {"left": (15, 200), "right": (305, 200), "bottom": (160, 105), "outside": (160, -500)}
    places = talker.film(talker.speech(4)[:, :1] + np.float32(0.5), at=at[edge])
    scene = make_scene(talker.shape, places, (240, 320))
    (bank,) = collect_references(scene.read, [scene.segment], 1, scene.shape, scene.spec)
    (painted,) = painter.paint([job(scene, bank, 1, scene.target(1, 2))])
    before = scene.frames[1].image
    changed = (painted.image != before).any(axis=-1)
    assert not changed[spread(painted) == 0].any()
    lips = scene.segment.points[1][LIPS, :2]
    inside = ((lips >= 0) & (lips < (320, 240))).all(axis=1).any()
    assert changed.any() == inside


def test_a_batch_is_begun_before_anybody_waits_for_it(
    scene: Any, bank: ReferenceBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = Painter(trusting(), scene.spec, CPU)
    begun = threading.Event()
    decide = painter._decide

    def noted(plans: Any) -> Any:
        begun.set()
        return decide(plans)

    monkeypatch.setattr(painter, "_decide", noted)
    underway = painter.paint([job(scene, bank, SHUT)])
    assert begun.wait(10)
    assert underway.last is not None
    assert underway.last.nearest in bank.references
    assert len(list(underway)) == 1
    assert list(painter.paint([])) == []


def test_an_error_in_a_thread_is_raised_where_the_picture_is_taken(
    scene: Any, bank: ReferenceBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = Painter(trusting(), scene.spec, CPU)

    def broken(plans: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(painter, "_decide", broken)
    underway = painter.paint([job(scene, bank, SHUT)] * 3)
    with pytest.raises(MemoryError):
        list(underway)


def test_a_gpu_decides_a_whole_batch_at_once_and_a_cpu_in_shares(scene: Any) -> None:
    painter = Painter(trusting(), scene.spec, CPU)
    painter._workers = 4
    plans: list[Any] = [None] * 8
    assert [len(part) for part in painter._parts(plans)] == [2, 2, 2, 2]
    assert [len(part) for part in painter._parts(plans[:3])] == [2, 1]
    painter.device = torch.device("cuda")
    assert [len(part) for part in painter._parts(plans)] == [8]


def test_a_batch_keeps_its_order_and_gives_what_single_jobs_give(
    scene: Any, bank: ReferenceBank
) -> None:
    torch.manual_seed(1)
    generator = Generator(GeneratorSpec(first=8, second=8, third=8)).eval()
    painter = Painter(generator, scene.spec, CPU)
    lips = [(7, 1.5), (0, 0.0), (4, 1.5), (4, 0.7)]
    jobs = [
        job(scene, bank, index, scene.target(index, opening), 0.04 * number)
        for number, (index, opening) in enumerate(lips)
    ]
    together = painter.paint(jobs)
    previous, shares = None, []
    for one, painted in zip(jobs, together, strict=True):
        single = painter.paint([one], previous)
        previous, (alone,) = single.last, single
        shares.append(previous.share)
        assert painted.box == alone.box
        assert np.abs(painted.image.astype(int) - alone.image).max() <= 1
        assert (painted.image == one.picture.image).mean() > 0.8, "drawn into another job's frame"
    assert min(shares) < 1, "nothing was faded"


def test_one_mouth_fades_into_the_next(scene: Any, bank: ReferenceBank, painter: Painter) -> None:
    """Half of each where they change, the new one alone in the picture after."""
    lips = float(scene.segment.coefficients[OPEN, 0])
    wide, ajar = scene.target(SHUT, lips), scene.target(SHUT, 0.5 * lips)
    first, *rest = (
        job(scene, bank, SHUT, target, number * SECONDS / 2)
        for number, target in enumerate((wide, ajar, ajar))
    )
    underway = painter.paint([first])
    assert underway.last is not None
    lent = ReferenceBank([underway.last.nearest])
    half, new = (one.image.astype(int) for one in painter.paint(rest, underway.last))
    ((at_once,), (old,)) = (
        painter.paint([job(scene, frames, SHUT, ajar)]) for frames in (bank, lent)
    )
    assert np.abs(new - at_once.image).max() <= 1
    assert np.abs(new - old.image).max() > 20, "nothing to be faded"
    apart = np.abs(half - (new + old.image) / 2).max(axis=-1)
    # The line where lips meet is drawn on both together.
    seam = cv2.dilate(fill(ajar[INNER, :2], apart.shape), np.ones((7, 7)))
    assert apart[seam == 0].max() <= 2
    assert apart.max() <= 6


def test_a_mouth_in_black_and_white_is_black_and_white(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    grey = [
        replace(
            frame,
            picture=RgbPicture(
                frame.image.mean(axis=-1, keepdims=True).repeat(3, -1).astype(np.uint8)
            ),
        )
        for frame in scene.frames
    ]
    film = replace(scene, frames=grey)
    (colourless,) = collect_references(film.read, [scene.segment], 1, scene.shape, scene.spec)
    target = scene.target(SHUT, 3)
    shown = []
    for source, frames in ((scene, bank), (film, colourless)):
        (painted,) = painter.paint([job(source, frames, SHUT, target)])
        inside = painted.image[fill(target[INNER, :2], painted.image.shape[:2]) == 1]
        shown.append(float(np.ptp(inside.astype(int), axis=-1).mean()))
    assert shown[0] > 10
    assert shown[1] <= 1


@pytest.fixture
def dark_bank(scene: Any) -> ReferenceBank:
    """The same frames, but somebody had turned down the light."""
    dark = [
        replace(frame, picture=RgbPicture((frame.image * 0.8).astype(np.uint8)))
        for frame in scene.frames
    ]
    return collect_references(
        replace(scene, frames=dark).read, [scene.segment], 1, scene.shape, scene.spec
    )[0]


def test_lips_lit_differently_are_brought_to_the_frames_light(
    scene: Any, dark_bank: ReferenceBank
) -> None:
    (painted,) = Painter(trusting(), scene.spec, CPU).paint([job(scene, dark_bank, SHUT)])
    lips = fill(scene.segment.points[SHUT][OUTER, :2], painted.image.shape[:2]) == 1
    before = scene.frames[SHUT].image[lips].astype(float).mean()
    assert painted.image[lips].astype(float).mean() == pytest.approx(before, rel=0.04)
    # They did come from elsewhere.
    assert (painted.image != scene.frames[SHUT].image)[lips].any()


def test_what_is_beside_the_face_does_not_say_how_it_is_lit(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    """A head turns before a bright wall."""
    one = job(scene, bank, SHUT, scene.target(SHUT, 1))
    face = np.zeros(scene.frames[SHUT].image.shape[:2], np.uint8)
    outline = cv2.convexHull(one.points[OUTLINE, :2].astype(np.int32))
    cv2.fillConvexPoly(face, outline, 1)
    bright = np.where(face[..., None] > 0, scene.frames[SHUT].image, 255).astype(np.uint8)
    (usual,) = painter.paint([one])
    (before_a_wall,) = painter.paint([replace(one, picture=RgbPicture(bright))])
    lips = fill(one.target[OUTER, :2], face.shape) == 1
    np.testing.assert_allclose(before_a_wall.image[lips], usual.image[lips], atol=6)


def test_skin_is_the_frames_own(scene: Any, rng: np.random.Generator) -> None:
    # References full of noise may show on the lips, and nowhere else.
    noisy = [
        replace(frame, picture=RgbPicture(rng.integers(0, 255, frame.image.shape, dtype=np.uint8)))
        for frame in scene.frames
    ]
    (bank,) = collect_references(
        replace(scene, frames=noisy).read, [scene.segment], 1, scene.shape, scene.spec
    )
    (painted,) = Painter(trusting(), scene.spec, CPU).paint([job(scene, bank, SHUT)])
    change = np.abs(painted.image.astype(int) - scene.frames[SHUT].image).max(axis=-1)
    x, y = scene.segment.points[SHUT][LIPS, :2].T
    margin = 0.2 * 120  # a fifth of the distance of the eyes
    near = np.zeros(change.shape, bool)
    near[
        int(y.min() - margin) : int(y.max() + margin), int(x.min() - margin) : int(x.max() + margin)
    ] = True
    assert change[near].max() > 50
    assert change[~near].max() <= 2


def test_a_hand_before_the_face_stays_before_it(make_scene: Any, talker: Any) -> None:
    scene = make_scene(talker.shape, talker.film(talker.speech(30)[:, :1]))
    index, hand = 12, (30, 60, 40)
    image = scene.frames[index].image.copy()
    x, y = np.round(scene.segment.points[index, LIPS, :2].mean(axis=0)).astype(int)
    image[y - 4 :, x - 6 : x + 70] = hand
    frames = list(scene.frames)
    frames[index] = replace(frames[index], picture=RgbPicture(image))
    covered = replace(scene, frames=tuple(frames))
    (bank,) = collect_references(covered.read, [scene.segment], 1, scene.shape, scene.spec)
    target = scene.target(index, 2)
    painter = Painter(trusting(), scene.spec, CPU)
    (painted,) = painter.paint([job(covered, bank, index, target)])
    (free,) = painter.paint([job(scene, bank, index, target)])
    assert (painted.occluded, free.occluded) == (True, False)
    # How a face looks that is turned so far was never seen.
    (turned,) = painter.paint([replace(job(covered, bank, index, target), yaw=60.0)])
    assert not turned.occluded
    before = (image == hand).all(axis=-1)
    # Without a hand the mouth would have been drawn there.
    drawn = (free.image.astype(int) - scene.frames[index].image).any(axis=-1)
    assert drawn[before].mean() > 0.1
    kept = np.abs(painted.image.astype(int) - image).max(axis=-1)
    assert kept[before].mean() < 1
    assert np.quantile(kept[before & drawn], 0.9) <= 2
    # What is beside it moves as it does without a hand, and is lit as it was.
    beside = drawn & ~before
    beside[:, x - 20 :] = False
    assert beside.sum() > 500
    assert np.abs(painted.image.astype(int) - free.image)[beside].mean() < 2


def test_a_face_of_which_little_is_seen_has_nothing_before_it(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    assert bank.usual is None
    (painted,) = painter.paint([job(scene, bank, OPEN)])
    assert not painted.occluded


def test_nothing_of_a_hand_is_moved_beside_it(make_scene: Any, talker: Any) -> None:
    """A closing mouth pulls the chin up, and with it what the frame has below."""
    scene = make_scene(talker.shape, talker.film(talker.speech(30)[:, :1]))
    index, hand = 4, np.array((20, 200, 40))  # wide open
    image = scene.frames[index].image.copy()
    chin = np.round(scene.segment.points[index, OUTER[15], :2]).astype(int)
    image[chin[1] + 14 :, chin[0] - 40 : chin[0] + 40] = hand
    frames = list(scene.frames)
    frames[index] = replace(frames[index], picture=RgbPicture(image))
    covered = replace(scene, frames=tuple(frames))
    (bank,) = collect_references(covered.read, [scene.segment], 1, scene.shape, scene.spec)
    (painted,) = Painter(trusting(), scene.spec, CPU).paint(
        [job(covered, bank, index, scene.target(index, 0))]
    )
    assert painted.occluded
    green = (np.abs(painted.image.astype(int) - hand).max(axis=-1) < 40).sum()
    assert green == pytest.approx((image == hand).all(axis=-1).sum(), rel=0.01)
