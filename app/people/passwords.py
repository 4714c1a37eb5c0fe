"""Passwords, hashed with argon2id. Verifying an unknown account costs as much as a known one."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 10, 200
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash of a password. Raises ValueError when it is too short or too long."""
    if not LEAST <= len(password) <= MOST:
        raise ValueError(f"a password has {LEAST} to {MOST} characters")
    return _hasher.hash(password)


def verified(kept: str | None, password: str) -> bool:
    """Whether the password is the one; without a kept hash the same work is done, and it is not."""
    try:
        _hasher.verify(kept or _nobodys(), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
