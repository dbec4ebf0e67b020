"""What the small numbers in a row of `taps` stand for; pure."""

from __future__ import annotations

PROOFS = ("kiosk", "rotating", "static")
"""How sure it is that somebody stood there; a row holds the index."""
PLACED = ("trusted", "by_sending", "by_boot", "bounded")
"""By which rule of `link.clock` the time was found; a row holds the index."""
FLAG_TEST = 1
"""Made to try the terminal out."""
FLAG_BURST = 2
"""Made in a burst."""
FLAG_URGENT = 4
"""A safety reason was chosen."""
UNCOUNTED = FLAG_TEST | FLAG_BURST
"""With any of these a tap is in no score."""
