"""Answers that come too fast to be of as many people; pure.

In: when and with which rating the last answers were given. Out: a bounce, a burst, or neither. A burst is
kept and marked, never thrown away: the score leaves it out, and shows how many it left out.
"""

from __future__ import annotations

Commits = tuple[tuple[int, int], ...]
"""(ms, rating) of each answer, oldest first."""
MANY, MANY_WITHIN = 4, 10_000
"""So many answers within so many milliseconds are a burst."""
FACES, FACES_WITHIN = 3, 6_000
"""So are so many different faces: a child tries them all."""


def bounces(commits: Commits, now: int, minimum_interval: int) -> bool:
    """Whether a touch on a face comes within `minimum_interval` seconds of the last answer."""
    return bool(commits) and now - commits[-1][0] < minimum_interval * 1000


def is_burst(commits: Commits) -> bool:
    """Whether the last of these answers belongs to a burst."""
    if not commits:
        return False
    now = commits[-1][0]
    many = sum(1 for at, _ in commits if now - at <= MANY_WITHIN)
    faces = {rating for at, rating in commits if now - at <= FACES_WITHIN}
    return many >= MANY or len(faces) >= FACES


def remembered(commits: Commits, now: int, rating: int) -> Commits:
    """The answers that still matter, with this one at the end."""
    return (*(one for one in commits if now - one[0] <= MANY_WITHIN), (now, rating))
