"""A rectangle of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def whole(cls, size: tuple[int, int]) -> "Box":
        """All of a picture of a height and width."""
        height, width = size
        return cls(0, 0, width, height)

    @property
    def rows(self) -> slice:
        """Rows of a picture."""
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        """Columns of a picture."""
        return slice(self.left, self.right)

    @property
    def index(self) -> tuple[slice, slice]:
        """Rows and columns, by which an array of a picture is asked for its pixels."""
        return self.rows, self.columns

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    def inside(self, outer: "Box") -> tuple[slice, slice]:
        """Its rows and columns in an array of the pixels of another box, which holds it."""
        return self.moved(-outer.left, -outer.top).index

    def moved(self, right: int, down: int) -> "Box":
        """The same so much further to the right and down."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def holds(self, other: "Box") -> bool:
        """Whether all of another box lies in this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def shared(self, other: "Box") -> "Box":
        """What is in both; empty where that is nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, max(right, left), max(bottom, top))
