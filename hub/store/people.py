"""People: users, their sign-ins, and one-time sign-in links. In: a connection. Out: rows and tokens.

A token leaves the hub once and is kept only as a SHA-256, so that a copy of the database signs nobody in.
Checking a password is the business of whoever asks: a try is counted here before it is checked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from hub.store.schema import sign_in_links, sign_ins, users

Role = Literal["operator", "manager", "installer", "staff", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)
MOST_TRIES = 5
LOCKED_FOR = 15 * 60_000
"""Milliseconds a user stays locked out after 5 wrong passwords in a row."""
SIGNED_IN_FOR = 12 * 3_600_000
LINK_SHORTEST = 60_000
LINK_LONGEST = 3_600_000


@dataclass(frozen=True, slots=True)
class UserRow:
    """One person who may sign in."""

    user_id: int
    name: str
    role: Role
    locked_until: int | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who a browser is, and the word that each of its forms must carry."""

    user: UserRow
    csrf: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in with a password. Locked: `locked_until` is set and nothing is to be checked."""

    user: UserRow | None
    password_hash: str | None
    locked_until: int | None


def add_user(
    connection: Connection, name: str, role: Role, now: int, password_hash: str | None = None
) -> int:
    """Add a person and return the user_id; raises sqlalchemy IntegrityError when the name is taken."""
    row = {"name": name, "role": role, "password_hash": password_hash, "created_at": now}
    return int(connection.execute(users.insert().values(**row).returning(users.c.user_id)).scalar_one())


def named(connection: Connection, name: str) -> UserRow | None:
    """The user of this name, or None."""
    found = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return None if found is None else _user(found)


def every(connection: Connection) -> list[UserRow]:
    """All users by name."""
    return [_user(found) for found in connection.execute(select(users).order_by(users.c.name))]


def set_password(connection: Connection, user_id: int, password_hash: str) -> None:
    """Give a user another password; every browser signed in as this user is signed out."""
    values = {"password_hash": password_hash, "failed_count": 0, "locked_until": None}
    connection.execute(update(users).where(users.c.user_id == user_id).values(**values))
    connection.execute(delete(sign_ins).where(sign_ins.c.user_id == user_id))


# --- passwords ------------------------------------------------------------------------------------------
def begin_try(connection: Connection, name: str, now: int) -> Try:
    """Count one try before it is checked, so that many at once cannot guess more; needs a writing connection.

    The 5th try in a row locks the user for 15 minutes; `succeeded` takes that back when it was the right one.
    """
    query = select(users).where(users.c.name == name).with_for_update()
    found = connection.execute(query).one_or_none()
    if found is None:
        return Try(None, None, None)
    if found.locked_until is not None and found.locked_until > now:
        return Try(_user(found), None, found.locked_until)
    tries = found.failed_count + 1
    locked_until = now + LOCKED_FOR if tries >= MOST_TRIES else None
    values = {"failed_count": tries % MOST_TRIES, "locked_until": locked_until}
    connection.execute(update(users).where(users.c.user_id == found.user_id).values(**values))
    return Try(_user(found), found.password_hash, None)


def succeeded(connection: Connection, user_id: int) -> None:
    """The password was right: forget the wrong ones."""
    values = {"failed_count": 0, "locked_until": None}
    connection.execute(update(users).where(users.c.user_id == user_id).values(**values))


# --- signed in ------------------------------------------------------------------------------------------
def sign_in(connection: Connection, user_id: int, now: int) -> str:
    """Sign a browser in for 12 hours and return its token; outdated sign-ins are swept away."""
    connection.execute(delete(sign_ins).where(sign_ins.c.expires_at <= now))
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "user_id": user_id, "csrf": secrets.token_urlsafe(32)}
    connection.execute(sign_ins.insert().values(**row, created_at=now, expires_at=now + SIGNED_IN_FOR))
    return token


def signed_in(connection: Connection, token: str, now: int) -> SignIn | None:
    """Who holds this token, or None when nobody does any more."""
    query = (
        select(sign_ins.c.csrf, sign_ins.c.expires_at, users)
        .join(users, users.c.user_id == sign_ins.c.user_id)
        .where(sign_ins.c.token_hash == _hash(token), sign_ins.c.expires_at > now)
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else SignIn(_user(found), found.csrf, found.expires_at)


def sign_out(connection: Connection, token: str) -> None:
    """Forget this token."""
    connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == _hash(token)))


# --- one-time links -------------------------------------------------------------------------------------
def sign_in_link(connection: Connection, user_id: int, now: int, lifetime_ms: int) -> str:
    """The token of a link that signs this user in once (`/sign-in/<token>`), within 1 to 60 minutes."""
    if not LINK_SHORTEST <= lifetime_ms <= LINK_LONGEST:
        raise ValueError("a sign-in link lives 1 to 60 minutes")
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))
    token = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(token), "user_id": user_id, "expires_at": now + lifetime_ms}
    connection.execute(sign_in_links.insert().values(**row))
    return token


def link_is_good(connection: Connection, token: str, now: int) -> UserRow | None:
    """Whom the link would sign in, or None when it is unknown, used or too old; it stays unused."""
    query = (
        select(users)
        .join(sign_in_links, users.c.user_id == sign_in_links.c.user_id)
        .where(*_good(token, now))
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else _user(found)


def use_link(connection: Connection, token: str, now: int) -> int | None:
    """Use the link up and return its user_id; None when it is unknown, used or too old."""
    used = (
        update(sign_in_links).where(*_good(token, now)).values(used_at=now).returning(sign_in_links.c.user_id)
    )
    return connection.execute(used).scalar_one_or_none()


def _good(token: str, now: int) -> tuple[ColumnElement[bool], ...]:
    return (
        sign_in_links.c.token_hash == _hash(token),
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > now,
    )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _user(row: Row[Any]) -> UserRow:
    return UserRow(row.user_id, row.name, row.role, row.locked_until, row.password_hash is not None)
