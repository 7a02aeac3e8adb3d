from typing import Any

import cv2
import numpy as np
import pytest
import torch

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import (
    CHIN,
    INNER_LOWER,
    INNER_UPPER,
    JAW_SLOTS,
    LIP_RING,
    LIPS,
    OUTER,
)
from synclips.render.lip_map import lip_maps, lip_zones
from synclips.render.view import view
from synclips.render.warp import CONTROL, flow_matrix, join_rims, landmark_flow, sample, select

SIZE = 96
# The three flows of `landmark_flow`.
FACE, UPPER, LOWER = range(3)
SKIN = np.arange(len(LIPS), len(LIPS) + len(LIP_RING) + len(CHIN))


@pytest.fixture(scope="module")
def crops(scene: Any) -> np.ndarray:
    """(n, P, 2) landmarks of the scene in crop pixels."""
    return transform(scene.segment.points, invert(scene.to_image))


@pytest.fixture(scope="module")
def shut(scene: Any) -> int:
    return int(scene.segment.coefficients[:, 0].argmin())


@pytest.fixture(scope="module")
def open_(scene: Any) -> int:
    return int(scene.segment.coefficients[:, 0].argmax())


def flows(target: np.ndarray, *references: np.ndarray) -> torch.Tensor:
    """(R, 3, 2, S, S)."""
    wanted, seen = torch.from_numpy(target)[None], torch.from_numpy(np.stack(references))[None]
    return landmark_flow(wanted, seen, SIZE)[0]


def look_up(flow: torch.Tensor, places: np.ndarray) -> np.ndarray:
    """Where the flow (2, S, S) looks for what shall be at places (N, 2)."""
    grid = torch.from_numpy(places)[None, None] * (2 / (SIZE - 1)) - 1
    moved = torch.nn.functional.grid_sample(flow[None], grid, align_corners=True)[0, :, 0].T
    return places + moved.numpy()


def carry(picture: np.ndarray, flow: torch.Tensor, zones: np.ndarray | None = None) -> np.ndarray:
    """The crop (S, S, 3) seen through flows (3, 2, S, S)."""
    image = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    if zones is None:
        zones = np.zeros((SIZE, SIZE), np.uint8)
    chosen = select(flow[None, None], torch.from_numpy(zones)[None])[:, 0]
    return sample(image, chosen)[0].permute(1, 2, 0).round().byte().numpy()


def joined(flow: torch.Tensor, target: np.ndarray) -> torch.Tensor:
    """(R, 3, 2, S, S) with rims that agree."""
    zones, maps = lip_zones(target, SIZE), lip_maps(target, SIZE)
    return join_rims(flow[None], torch.from_numpy(zones)[None], torch.from_numpy(maps)[None])[0]


def outer_rim(target: np.ndarray) -> list[np.ndarray]:
    """Places (N, 2) along the outer edge of the upper and of the lower lip, corners left out."""
    edge = target[np.append(OUTER, OUTER[0])]
    parts = np.linspace(0, 1, 5, endpoint=False)[:, None]
    places = [a + (b - a) * parts for a, b in zip(edge[:-1], edge[1:], strict=True)]
    sides = ((2, 8), (12, 18))
    return [np.concatenate(places[first:last]).astype(np.float32) for first, last in sides]


def test_no_line_is_left_where_lips_end(crops: np.ndarray, shut: int, open_: int) -> None:
    target = crops[shut]
    before = flows(target, crops[open_])
    after = joined(before, target)
    for flow, least, most in ((before, 1.2, 9.0), (after, 0.0, 0.4)):
        for zone, places in zip((UPPER, LOWER), outer_rim(target), strict=True):
            apart = look_up(flow[0, FACE], places) - look_up(flow[0, zone], places)
            assert least <= np.abs(apart).max() < most, zone


def test_only_the_outer_rim_is_joined(crops: np.ndarray, shut: int, open_: int) -> None:
    for target, reference in ((crops[shut], crops[open_]), (crops[open_], crops[shut])):
        before = flows(target, reference)
        after = joined(before, target)
        changed = (after - before).abs().amax(dim=(0, 1, 2)).numpy()
        lips = lip_maps(target, SIZE).sum(axis=0)
        rim = cv2.morphologyEx(lips, cv2.MORPH_GRADIENT, np.ones((9, 9)))
        assert changed[rim == 0].max() < 1e-5
        # What is between open lips keeps its place, or teeth would be bent.
        assert changed[lip_maps(target, SIZE)[0] == 1].max(initial=0) < 0.02


def test_points_land_where_they_are_told(crops: np.ndarray, shut: int, open_: int) -> None:
    for target, reference in ((crops[shut], crops[open_]), (crops[open_], crops[shut])):
        assert np.abs(target - reference).max() > 8
        flow = flows(target, reference)[0]
        known = [(FACE, np.concatenate([OUTER, SKIN])), (UPPER, INNER_UPPER), (LOWER, INNER_LOWER)]
        for zone, slots in known:
            error = look_up(flow[zone], target[slots]) - reference[slots]
            assert np.abs(target[slots] - reference[slots]).max() > 2
            closes = reference[INNER_LOWER, 1].mean() > target[INNER_LOWER, 1].mean()
            if closes and zone != FACE:
                # The edges of lips that close are looked for in the lips, clear of the teeth.
                into = -error[2:-2, 1] if zone == UPPER else error[2:-2, 1]
                assert into.min() > 0.5 and into.max() < 2.4
                error[:, 1] = 0
            # The flow is computed on a grid of 2.4 pixels, coarser than its bend at a lip's edge.
            assert np.linalg.norm(error, axis=1).max() < 1.8
            assert np.linalg.norm(error, axis=1).mean() < 1.0


def test_a_lip_does_not_know_the_edge_of_the_other(
    crops: np.ndarray, shut: int, open_: int
) -> None:
    flow = flows(crops[shut], crops[open_])[0]
    # Closed lips touch; seen through the upper one's flow the lower edge is still lip, not teeth.
    edge = look_up(flow[UPPER], crops[shut][INNER_LOWER])
    assert edge[:, 1].max() < crops[open_][INNER_UPPER][:, 1].max() + 2


def test_the_border_stays(crops: np.ndarray, shut: int, open_: int) -> None:
    flow = flows(crops[shut], crops[open_])
    assert flow.abs().max() > 5
    for side in (flow[..., 0, :], flow[..., -1, :], flow[..., 0], flow[..., -1]):
        assert side.abs().max() < 2.0  # between the pinned points; the mask is 0 there


def test_beside_a_jaw_that_closes_nothing_moves(crops: np.ndarray, shut: int, open_: int) -> None:
    target, reference = crops[shut], crops[open_]
    jaw, middle = target[JAW_SLOTS], target[LIPS].mean(axis=0)
    moved = np.abs(reference - target)[JAW_SLOTS].max(axis=1)
    assert moved[4:13].max() > 3
    flow = flows(target, reference)[0, FACE]
    for side in (slice(1, 6), slice(-6, -1)):
        # away from the mouth, which is nearly at right angles to the line of the jaw
        out = jaw[side] - middle
        beside = jaw[side] + 11 * out / np.linalg.norm(out, axis=1, keepdims=True)
        inside = ((beside > 2) & (beside < SIZE - 3)).all(axis=1)
        assert inside.sum() >= 2
        drift = np.abs(look_up(flow, beside[inside]) - beside[inside]).max(axis=1)
        assert drift.max() < 0.3 * max(moved[side].max(), 1.0)


def test_nothing_moves_towards_itself(crops: np.ndarray) -> None:
    assert flows(crops[0], crops[0]).abs().max() == 0


def test_references_do_not_touch_each_other(crops: np.ndarray) -> None:
    both = flows(crops[0], crops[4], crops[9])
    assert both.shape == (2, 3, 2, SIZE, SIZE)
    torch.testing.assert_close(both[0], flows(crops[0], crops[4])[0], atol=0.05, rtol=0)
    torch.testing.assert_close(both[1], flows(crops[0], crops[9])[0], atol=0.05, rtol=0)
    assert (both[0] - both[1]).abs().max() > 1


@pytest.mark.parametrize("index", [1, 2, 3, 4])
def test_closing_lips_hide_what_is_between_them(
    scene: Any, redness: Any, crops: np.ndarray, shut: int, index: int
) -> None:
    picture = view(scene.frames[index].image, scene.to_image[index], SIZE)
    between = redness(picture).sum()
    assert between > 20
    flow = flows(crops[shut], crops[index])[0]
    hidden = redness(carry(picture, flow, lip_zones(crops[shut], SIZE)))
    # At most a line one pixel high slips through the grid of the flow.
    assert hidden.sum(axis=0).max() <= 1
    # One flow for everything, as any other warp has it, squeezes the teeth together.
    assert redness(carry(picture, flow)).sum() > 3 * hidden.sum()


def test_closing_lips_hide_teeth_also_where_landmarks_are_off(
    scene: Any, redness: Any, crops: np.ndarray, shut: int, open_: int
) -> None:
    """A tracker sees the edge of a lip some hundredths of an eye distance within the mouth."""
    picture = view(scene.frames[open_].image, scene.to_image[open_], SIZE)
    seen = crops[open_].copy()
    seen[INNER_UPPER, 1] += 2.5
    seen[INNER_LOWER, 1] -= 2.5
    hidden = redness(carry(picture, flows(crops[shut], seen)[0], lip_zones(crops[shut], SIZE)))
    assert redness(picture).sum() > 20
    assert hidden.sum(axis=0).max() <= 1


def test_a_fixed_target_gives_the_same_flow_by_one_product(
    crops: np.ndarray, shut: int, open_: int
) -> None:
    grid = 24
    matrix = flow_matrix(torch.from_numpy(crops[shut]), SIZE, grid).numpy()
    moves = (crops[open_] - crops[shut])[CONTROL]
    assert np.abs(moves).max() > 4
    nodes = (matrix @ moves).reshape(grid, grid, 2)
    whole = flows(crops[shut], crops[open_])[0, FACE].numpy()
    # Each node is the centre of a square of four by four pixels.
    at_nodes = whole.reshape(2, grid, 4, grid, 4).mean(axis=(2, 4)).transpose(1, 2, 0)
    apart = np.abs(nodes - at_nodes)
    assert apart.mean() < 0.05
    assert apart.max() < 0.6  # between the lips, where it bends within a square


def test_sample_looks_at_pixel_plus_flow(rng: np.random.Generator) -> None:
    image = torch.from_numpy(rng.random((2, 3, 8, 8), np.float32))
    flow = torch.zeros(2, 2, 8, 8)
    torch.testing.assert_close(sample(image, flow), image)
    flow[:, 0] = 2  # two pixels to the right
    torch.testing.assert_close(sample(image, flow)[..., :6], image[..., 2:])
    flow[:] = 0
    flow[:, 1] = -1
    torch.testing.assert_close(sample(image, flow)[..., 1:, :], image[..., :-1, :])


def test_select_takes_each_pixel_from_its_zone() -> None:
    flow = torch.arange(3.0)[None, None, :, None, None, None].expand(1, 2, 3, 2, 4, 4)
    zones = torch.zeros(1, 4, 4, dtype=torch.uint8)
    zones[0, 1], zones[0, 2] = 1, 2
    chosen = select(flow, zones)
    assert chosen.shape == (1, 2, 2, 4, 4)
    assert (chosen == zones[:, None, None]).all()
