"""Rectangles of the screen: cutting one into parts. In and out: boxes in pixels, y upwards."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle by its lower left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The y of its upper edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it; of two neighbours only one holds the edge."""
        return self.x <= x < self.right and self.y <= y < self.top

    def inset(self, across: float, up: float | None = None) -> Box:
        """Smaller by so much on each side."""
        up = across if up is None else up
        return Box(self.x + across, self.y + up, self.width - 2 * across, self.height - 2 * up)

    def cut_top(self, height: float) -> tuple[Box, Box]:
        """The uppermost part of this height, and the rest."""
        return Box(self.x, self.top - height, self.width, height), self._replace(height=self.height - height)

    def cut_bottom(self, height: float) -> tuple[Box, Box]:
        """The lowest part of this height, and the rest."""
        rest = Box(self.x, self.y + height, self.width, self.height - height)
        return self._replace(height=height), rest

    def cut_left(self, width: float) -> tuple[Box, Box]:
        """The left part of this width, and the rest."""
        return self._replace(width=width), Box(self.x + width, self.y, self.width - width, self.height)

    def cut_right(self, width: float) -> tuple[Box, Box]:
        """The right part of this width, and the rest."""
        return Box(self.right - width, self.y, width, self.height), self._replace(width=self.width - width)

    def columns(self, count: int) -> list[Box]:
        """Equal parts from left to right, without a gap."""
        edges = [self.x + self.width * i / count for i in range(count + 1)]
        return [Box(left, self.y, right - left, self.height) for left, right in pairwise(edges)]

    def rows(self, count: int) -> list[Box]:
        """Equal parts from top to bottom, without a gap."""
        edges = [self.top - self.height * i / count for i in range(count + 1)]
        return [Box(self.x, low, self.width, high - low) for high, low in pairwise(edges)]

    def grid(self, across: int, down: int) -> list[Box]:
        """Equal parts row by row, from the upper left."""
        return [cell for row in self.rows(down) for cell in row.columns(across)]

    def centred(self, width: float, height: float) -> Box:
        """A box of this size in its middle."""
        x, y = self.middle
        return Box(x - width / 2, y - height / 2, width, height)
