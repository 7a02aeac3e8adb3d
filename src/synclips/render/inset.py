"""Setting a picture of a mouth, or of half a face, into a frame.

The picture is brought to the colour of the skin around it, enlarged to the size of the face and
blended in under a soft mask. `InsetPerformance` is what the families have in common that paint such
pictures. Knows nothing of networks or of sound.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import Placement, into_box, transform
from synclips.faces.stretches import Place, Stretches
from synclips.media.box import Box
from synclips.media.picture import EditedPicture, Picture
from synclips.render.blending import blend
from synclips.render.mask import picture_mask, trimmed
from synclips.render.performance import Painted
from synclips.render.schedule import Showing
from synclips.render.view import box_around, crop_of

Array = NDArray[np.float32]
Image = NDArray[np.uint8]


MakeMask = Callable[[Array, Placement, Box], Array]
"""Makes a soft mask of landmarks, a placement of a crop and a box."""


class InsetPerformance(ABC):
    """Small pictures for the showings of one clip, set into its frames; see `Performance`.

    Args:
        stretches: of the clip.
        make_mask: says how much of a picture shows where.
    """

    def __init__(self, stretches: Stretches, make_mask: MakeMask = picture_mask) -> None:
        self._stretches = stretches
        self._make_mask = make_mask

    @abstractmethod
    def paint(self, shown: Sequence[tuple[Showing, Place]]) -> Array:
        """Pictures (B, S, S, 3) RGB, 0 to 255, for some showings of the face; at least one."""

    def draw(self, showings: Sequence[Showing]) -> list[Painted | None]:
        """See `Performance`."""
        places = [
            self._stretches.place(showing.frame.index) if showing.share > 0 else None
            for showing in showings
        ]
        shown = [(showing, place) for showing, place in zip(showings, places, strict=True) if place]
        pictures = iter(self.paint(shown) if shown else ())
        return [
            inset(
                showing.frame.picture,
                place.points,
                place.placement,
                next(pictures),
                self._make_mask,
                showing.share,
            )
            if place
            else None
            for showing, place in zip(showings, places, strict=True)
        ]


def inset(
    frame: Picture,
    points: Array,
    placement: Placement,
    picture: Array,
    make_mask: MakeMask = picture_mask,
    share: float = 1.0,
) -> Painted:
    """Set a small picture into a frame.

    Args:
        frame: the frame; it is not changed.
        points: (P, >=2) landmarks as they are, frame pixels.
        placement: of the picture in the frame.
        picture: (S, S, 3) RGB, 0 to 255.
        make_mask: says how much of the picture shows where.
        share: how much of that over the frame as it was, 0 to 1.
    """
    to_image, size = placement.to_image, placement.spec.size
    box = box_around(to_image, size, frame.size)
    mask, box = trimmed(share * make_mask(points, placement, box), box)
    if not mask.any():
        return Painted(frame, box, mask)
    own = transform(points, placement.from_image)
    rim = make_mask(own, Placement(np.eye(2, 3), placement.spec), Box(0, 0, size, size))
    matched = match_rim(picture, crop_of(frame, to_image, size), rim)
    large = cv2.warpAffine(
        matched,
        into_box(to_image, box),
        box.size,
        flags=cv2.INTER_LANCZOS4,
        borderMode=cv2.BORDER_REPLICATE,
    )
    patch = blend(frame.part(box), mask, large.astype(np.float32))
    return Painted(EditedPicture(frame, box, patch), box, mask)


def match_rim(picture: Array, before: Image, mask: Array) -> Array:
    """Bring the light of a drawn picture to that of the filmed one, both (h, w, 3), at the rim.

    Their difference where the mask (h, w) is soft, as a plane over the picture (a colour and its
    slope), is added: faces are lit from a side, and a seam is where light jumps.
    """
    rim = (mask > 0) & (mask < 1)
    height, width = mask.shape
    down, across = (np.linspace(-1, 1, side, dtype=np.float32) for side in (height, width))
    x, y = np.meshgrid(across, down)
    plane = np.stack([np.ones_like(x), x, y], axis=-1)
    difference = before[rim].astype(np.float32) - picture[rim]
    slopes = np.linalg.lstsq(plane[rim], difference, rcond=None)[0]
    matched: Array = (picture + plane @ slopes).astype(np.float32)
    return matched
