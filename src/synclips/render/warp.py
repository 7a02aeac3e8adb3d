"""Warping by landmarks: where each pixel of the new mouth was in a reference frame.

A smooth backward flow that carries given points exactly and leaves the border of the crop in
place. It needs no training; the generator corrects what landmarks cannot say. Works on crop
coordinates only.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    INNER,
    INNER_LOWER,
    INNER_UPPER,
    JAW_SLOTS,
    MOUTH,
    OUTER_LOWER,
    OUTER_UPPER,
    RIGID_SLOTS,
)

# Of each flow: its lip's inner and outer edge, and the edge of the other lip that it ignores.
_ZONES = (
    None,
    (INNER_UPPER, OUTER_UPPER, INNER_LOWER),
    (INNER_LOWER, OUTER_LOWER, INNER_UPPER),
)
# Where the inner edges of both lips end.
_INNER_CORNERS = INNER[[0, 10]]
# Mouth, cheeks and the three points under the nose (the last of the rigid group).
CONTROL = np.concatenate([MOUTH, CHEEK_SLOTS, RIGID_SLOTS[-3:]])
# Crop pixels by which a lip's own flow keeps clear of the edge of the lip in the reference: the
# flow is computed on a grid and would otherwise reach over it, into the open mouth. More between
# lips that are less apart than so much: landmarks are some hundredths of an eye distance within the
# mouth, so that a line of teeth would be left where lips meet.
_CLEARANCE, _MET, _APART = 0.8, 3.2, 2.5
# Crop pixels from the jaw at which nothing moves, and beside how many of its points at either end;
# what is below the chin goes with it.
_AWAY, _SIDE = 11.0, 5
# Crop pixels, a standard deviation: how far around the outer rim of the lips their flows and that
# of the skin pass into each other.
_RIM = 1.0
# Side of the grid on which flows are computed before they are enlarged.
_GRID = 48
# Points may nearly coincide; a little slack keeps the system solvable.
_SLACK = 0.05


def landmark_flow(target: Tensor, references: Tensor, size: int) -> Tensor:
    """Backward flows that show the points of reference frames at the target's places.

    Lips that close pull points that were far apart together, and what lay between them, the teeth,
    would be squeezed into a line. So each lip has a flow of its own that does not know the edge of
    the other one: with closed lips nothing of the open mouth can show. `render.lip_map.lip_zones`
    says which flow holds where.

    Args:
        target: (B, P, 2) kept landmarks in crop pixels, where things shall be.
        references: (B, R, P, 2) the same points where each reference frame has them.
        size: side of the crop S in pixels.

    Returns:
        (B, R, 3, 2, S, S) displacements in crop pixels (look at `pixel + flow` in the reference):
        for everything but the lips, for the upper lip, for the lower lip.

    Source: radial basis interpolation with the kernel r, which does not overshoot (Buhmann,
    Radial basis functions, 2003).
    """
    control = torch.as_tensor(CONTROL, device=target.device)
    batch, count = references.shape[:2]
    still = _still(target, size)
    places = torch.cat([target[:, control].float(), still], dim=1)
    moves = (references - target[:, None])[:, :, control].float()  # (B, R, C, 2)
    moves = functional.pad(moves, (0, 0, 0, still.shape[1]))
    moves = moves.transpose(1, 2).flatten(2)  # (B, C, R * 2): one system serves all references
    kernel = _kernel(places, places, size)  # (B, C, C)
    corners = torch.as_tensor(_INNER_CORNERS, device=target.device)
    weights = moves.new_zeros(batch, places.shape[1], 3, 2 * count)
    for zone, lip in enumerate(_ZONES):
        used = torch.ones(places.shape[1], dtype=torch.bool, device=target.device)
        wanted = moves
        if lip is not None:
            # CONTROL begins with MOUTH, whose slots are their own positions.
            inner, outer, other = (torch.as_tensor(slots, device=target.device) for slots in lip)
            used[other] = False
            into = functional.normalize(references[:, :, outer] - references[:, :, inner], dim=-1)
            gap = (references[:, :, other] - references[:, :, inner]).norm(dim=-1)
            left = (target[:, other] - target[:, inner]).norm(dim=-1)[:, None]
            near = (1 - left / _APART).clamp(min=0)
            most = _CLEARANCE + (_MET - _CLEARANCE) * near
            clear = torch.minimum(((gap - left) / 2).clamp(min=0), most)[..., None] * into
            # Where the lips meet is as far in the mouth as what is beside it.
            clear = torch.cat([clear[:, :, :1], clear, clear[:, :, -1:]], dim=2)
            edge = torch.cat([corners[:1], inner, corners[1:]])
            wanted = moves.clone()
            wanted[:, edge] += clear.transpose(1, 2).flatten(2)
        slack = _SLACK * torch.eye(int(used.sum()), device=kernel.device)
        # Cholesky, not LU: MKL's threaded LU fails at this size (wrong pivots, torch 2.13).
        root = torch.linalg.cholesky(kernel[:, used][:, :, used] + slack)
        weights[:, used, zone] = torch.cholesky_solve(wanted[:, used], root)
    axis = torch.linspace(0, size - 1, _GRID, device=target.device)
    # Nodes lie in rows and columns, so squares of their distances are sums, where `cdist` would
    # take each distance by itself.
    across, down = (places[..., None] - axis).square().unbind(dim=2)  # (B, C, G)
    distances = (down[..., None] + across[..., None, :]).sqrt_()
    kernel = distances.neg_().add_(1.5 * size)
    flow = weights.flatten(2).transpose(1, 2) @ kernel.flatten(2)
    flow = flow.reshape(batch, -1, _GRID, _GRID)
    flow = functional.interpolate(flow, (size, size), mode="bilinear", align_corners=True)
    return flow.reshape(batch, 3, count, 2, size, size).transpose(1, 2)


def join_rims(flow: Tensor, zones: Tensor, maps: Tensor) -> Tensor:
    """The same flows, which agree on the outer rim of the lips.

    Each is exact at the landmarks there only. Between them a lip that closes over a mouth that was
    open is drawn to its inner edge in one and not in the other, and where they are side by side a
    line of the lip would show twice. Within a crop pixel or two each passes into their mean.

    Args:
        flow: (B, R, 3, 2, S, S) of `landmark_flow`.
        zones: (B, S, S) of `render.lip_map.lip_zones`.
        maps: (B, 2, S, S) of `render.lip_map.lip_maps`.
    """
    lips = torch.stack([zones == 1, zones == 2], dim=1).float()
    near = _blurred(torch.cat([maps.sum(dim=1, keepdim=True), lips], dim=1))
    within, upper, lower = near.unbind(dim=1)
    # One on the rim, which lies half a pixel within what maps fill; not between open lips.
    rim = (5 * within * (1 - within)).clamp(0, 1) * (1 - maps[:, 0])
    share = upper / (upper + lower).clamp(min=1e-6)
    rows, columns = (_extent(rim.amax(dim=axes)) for axes in ((0, 2), (0, 1)))
    rim, share = (one[:, None, None, rows, columns] for one in (rim / 2, share))
    everywhere, above, below = flow[..., rows, columns].unbind(dim=2)
    lip = below + share * (above - below)
    joined = flow.clone()
    joined[:, :, 0, :, rows, columns] += rim * (lip - everywhere)
    joined[:, :, 1, :, rows, columns] += rim * (everywhere - above)
    joined[:, :, 2, :, rows, columns] += rim * (everywhere - below)
    return joined


def _extent(line: Tensor) -> slice:
    """From the first to the last entry of a line that is not 0."""
    places = line.nonzero()
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0)


def _blurred(maps: Tensor) -> Tensor:
    """(B, C, S, S) blurred by `_RIM`."""
    reach = int(3 * _RIM + 0.5)
    axis = torch.arange(-reach, reach + 1, device=maps.device, dtype=maps.dtype)
    weight = torch.exp(-((axis / _RIM) ** 2) / 2)
    weight = (weight / weight.sum()).expand(maps.shape[1], 1, 1, -1)
    padded = functional.pad(maps, (reach,) * 4, mode="replicate")
    across = functional.conv2d(padded, weight, groups=maps.shape[1])
    return functional.conv2d(across, weight.transpose(-1, -2), groups=maps.shape[1])


def flow_matrix(target: Tensor, size: int, grid: int) -> Tensor:
    """The flow of everything but the lips as a linear map, for a target that stays the same.

    Args:
        target: (P, 2) kept landmarks in crop pixels, where things shall be.
        size: side of the crop S in pixels.
        grid: side of the grid; its nodes are the centres of so many by so many equal squares.

    Returns:
        (grid * grid, C): times the moves (C, 2) of the `CONTROL` points, from the target to where a
        frame has them, it gives the displacements at the nodes, row by row.
    """
    control = torch.as_tensor(CONTROL, device=target.device)
    places = torch.cat([target[None, control].float(), _still(target[None], size)], dim=1)
    slack = _SLACK * torch.eye(places.shape[1], device=target.device)
    root = torch.linalg.cholesky(_kernel(places, places, size) + slack)
    axis = (torch.arange(grid, device=target.device) + 0.5) * (size / grid) - 0.5
    nodes = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1).reshape(1, -1, 2)
    weights = torch.cholesky_solve(_kernel(places, nodes, size), root)
    return weights[0, : len(control)].T


def select(flow: Tensor, zones: Tensor) -> Tensor:
    """One flow per pixel: (B, R, 3, 2, S, S) by zones (B, S, S) -> (B, R, 2, S, S)."""
    index = zones[:, None, None, None].long()
    shape = (*flow.shape[:2], 1, *flow.shape[3:])
    return flow.gather(2, index.expand(shape)).squeeze(2)


def sample(image: Tensor, flow: Tensor) -> Tensor:
    """Look up an image at `pixel + flow`: (B, C, S, S) and (B, 2, S, S) -> (B, C, S, S)."""
    size = image.shape[-1]
    axis = torch.arange(size, device=image.device, dtype=torch.float32)
    here = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=0)
    place = (here + flow.float()) * (2 / (size - 1)) - 1
    return functional.grid_sample(
        image, place.permute(0, 2, 3, 1).to(image.dtype), padding_mode="border", align_corners=True
    )


def _kernel(a: Tensor, b: Tensor, size: int) -> Tensor:
    """Span of the crop less the distance, (B, N, M): positive definite, as Cholesky wants it.

    Distances by differences, because products of coordinates lose those of near points.
    """
    return 1.5 * size - torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def _still(target: Tensor, size: int) -> Tensor:
    """(B, N, 2) where nothing moves: the border of the crop, and beside the jaw.

    There, neck and clothes would be dragged along with a chin that goes up.
    """
    line = target[:, torch.as_tensor(JAW_SLOTS, device=target.device)].float()
    along = functional.normalize(line[:, 2:] - line[:, :-2], dim=-1)
    out = torch.stack([-along[..., 1], along[..., 0]], dim=-1)
    mouth = target[:, torch.as_tensor(MOUTH, device=target.device)].float()
    inward = mouth.mean(dim=1, keepdim=True) - line[:, 1:-1]
    out = out * -torch.sign((inward * out).sum(dim=-1, keepdim=True))
    beside = line[:, 1:-1] + _AWAY * out
    border = _border(size, target).expand(len(target), -1, -1)
    return torch.cat([beside[:, :_SIDE], beside[:, -_SIDE:], border], dim=1)


def _border(size: int, like: Tensor) -> Tensor:
    """(1, 52, 2) points along the border of the crop."""
    line = torch.linspace(0, size - 1, 14, device=like.device)[:-1]
    low, high = torch.zeros_like(line), torch.full_like(line, size - 1)
    sides = [(line, low), (high, line), (size - 1 - line, high), (low, size - 1 - line)]
    return torch.cat([torch.stack(side, dim=-1) for side in sides])[None]
