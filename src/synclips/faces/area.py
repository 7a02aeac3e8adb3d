"""A part of every picture of a video, in pixels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """Rows and columns of a picture, all even.

    Attributes:
        top: the first row.
        bottom: the row after the last.
        left: the first column.
        right: the column after the last.
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def rows(self) -> slice:
        """Its rows."""
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        """Its columns."""
        return slice(self.left, self.right)
