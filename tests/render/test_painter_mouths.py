"""What the painter shows between the lips: from whom, how far open, and what is made up."""

from typing import Any

import numpy as np
import torch
from drawing import CPU, OPEN, SHUT, job, spread, trusting

from synclips.faces.crop import magnification
from synclips.faces.landmarks import INNER, INNER_LOWER, INNER_UPPER, mouth_opening
from synclips.models.generator import Generator
from synclips.render.lip_map import fill
from synclips.render.painter import Painter
from synclips.render.references import ReferenceBank


def test_a_mouth_that_was_never_open_gets_teeth_and_one_that_was_keeps_its_own(
    scene: Any, bank: ReferenceBank
) -> None:
    target = scene.target(SHUT, 2)
    painter = Painter(trusting(), scene.spec, CPU)
    shut = ReferenceBank([r for r in bank.references if mouth_opening(r.points) < 1.0])
    (own,) = painter.paint([job(scene, bank, SHUT, target)])
    (made_up,) = painter.paint([job(scene, shut, SHUT, target)])
    inside = (target[INNER_UPPER, :2] + target[INNER_LOWER, :2])[3:-3] / 2
    x, y = np.round(inside).astype(int).T
    assert shut.widest < 1.0 < bank.widest
    dark = made_up.image[y, x].astype(int)
    # Of every mouth with room below the teeth the middle is dark; the scene's own is red.
    assert np.abs(dark - own.image[y, x]).mean() > 30
    outside = spread(made_up) == 0
    assert np.array_equal(made_up.image[outside], own.image[outside])


def test_a_mouth_that_opens_too_wide_for_a_frame_is_dark_inside_instead_of_stretched(
    scene: Any, bank: ReferenceBank, painter: Painter, redness: Any
) -> None:
    ajar = next(r for r in bank.references if 2 < mouth_opening(r.points) < 5)
    target = scene.target(SHUT, 2)
    (painted,) = painter.paint([job(scene, ReferenceBank([ajar]), SHUT, target)])
    middle = np.round((target[INNER_UPPER[4], :2] + target[INNER_LOWER[4], :2]) / 2).astype(int)
    skin = scene.frames[SHUT].image[scene.frames[SHUT].image.any(axis=-1)].mean()
    assert painted.image[middle[1], middle[0]].mean() < 0.5 * skin
    (slightly,) = painter.paint([job(scene, bank, OPEN, scene.segment.points[OPEN])])
    assert np.abs(slightly.image.astype(int) - scene.frames[OPEN].image).max() <= 1


def test_a_closing_mouth_hides_what_was_between_the_lips(
    scene: Any, bank: ReferenceBank, painter: Painter, redness: Any
) -> None:
    target = scene.target(OPEN, 0)
    (painted,) = painter.paint([job(scene, bank, OPEN, target)])
    before, after = redness(scene.frames[OPEN].image), redness(painted.image)
    assert before.sum() > 500
    assert after.sum() < 0.12 * before.sum()
    assert after.sum(axis=0).max() <= 3, "more than a line between the lips"


def ajar(bank: ReferenceBank) -> tuple[ReferenceBank, float]:
    """Frames up to the first that is open enough to show teeth; its opening in crop pixels."""
    openings = [float(mouth_opening(one.points)) for one in bank.references]
    limit = min(opening for opening in openings if opening > 4)
    some = [one for one, at in zip(bank.references, openings, strict=True) if at <= limit]
    return ReferenceBank(some), limit


def painting() -> Generator:
    """A generator that trusts the landmarks and paints red and blue, no green, where it may."""
    generator = trusting()
    with torch.no_grad():
        bias = generator.out.bias.view(-1, 4)
        bias[-1] = 40
        bias[-4:-1] = torch.tensor([40.0, -40, 40])[:, None]
    return generator


def test_what_frames_show_a_little_too_little_of_is_painted(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    some, opening = ajar(bank)
    pixels = opening * magnification(scene.to_image[SHUT])
    targets = [scene.target(SHUT, lips) for lips in np.linspace(0, 3, 121)]
    wider = [target for target in targets if mouth_opening(target) > 1.35 * pixels]
    one = job(scene, some, SHUT, wider[0])
    (plain,), (painted,) = painter.paint([one]), Painter(painting(), scene.spec, CPU).paint([one])
    inside = fill(wider[0][INNER, :2], painted.image.shape[:2]) == 1
    green = [picture.image[inside][:, 1].mean() for picture in (plain, painted)]
    assert green[1] < 0.85 * green[0]  # teeth and skin are green as well
    assert painted.image[inside][:, 0].max() > 150
    assert painted.image[spread(painted) == 0][:, 1].min() > 0


def test_what_keeps_its_size_in_a_wide_mouth_is_not_painted_over(
    scene: Any, bank: ReferenceBank, painter: Painter
) -> None:
    one = job(scene, ajar(bank)[0], SHUT, scene.target(SHUT, 3))
    (plain,), (painted,) = painter.paint([one]), Painter(painting(), scene.spec, CPU).paint([one])
    inside = fill(one.target[INNER, :2], painted.image.shape[:2]) == 1
    # But for the rim, where the lips of the closed frame show through.
    assert np.abs(painted.image.astype(int) - plain.image)[inside].mean() < 1


def test_what_a_frame_shows_is_not_painted(scene: Any, bank: ReferenceBank) -> None:
    generator = trusting()
    with torch.no_grad():
        generator.out.bias.view(-1, 4)[-1] = 40
    target = scene.target(SHUT, 0.7 * float(scene.segment.coefficients[OPEN, 0]))
    (plain,) = Painter(trusting(), scene.spec, CPU).paint([job(scene, bank, SHUT, target)])
    (eager,) = Painter(generator, scene.spec, CPU).paint([job(scene, bank, SHUT, target)])
    np.testing.assert_array_equal(eager.image, plain.image)


def test_pixels_come_from_the_reference_that_is_chosen(
    scene: Any, bank: ReferenceBank, redness: Any
) -> None:
    target = scene.target(SHUT, float(scene.segment.coefficients[OPEN, 0]))
    (painted,) = Painter(trusting(), scene.spec, CPU).paint([job(scene, bank, SHUT, target)])
    # A closed mouth has no red of its own: it came from the open one.
    inside = fill(target[INNER, :2], painted.image.shape[:2]) == 1
    assert not redness(scene.frames[SHUT].image).any()
    assert redness(painted.image)[inside].mean() > 0.5
