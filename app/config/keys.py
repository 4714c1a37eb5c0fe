"""The keys: given, or made once in DATA_DIR."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.config.values import SettingError

PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)


def settings(raw: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    """The secret key and the keys of push."""
    key = raw["SECRET_KEY"] or _kept(data_dir / "secret-key", lambda: secrets.token_urlsafe(48))
    vapid = raw["VAPID_PRIVATE_KEY"] or _kept(data_dir / "vapid-private-key.pem", _new_vapid_key)
    if len(key) < 32:
        raise SettingError("SECRET_KEY must have at least 32 characters")
    if not _is_vapid_key(vapid):
        raise SettingError("VAPID_PRIVATE_KEY must be a private EC key (prime256v1) in PEM format")
    return {
        "SECRET_KEY": key,
        "VAPID_PRIVATE_KEY": vapid,
        "VAPID_OLD_PRIVATE_KEYS": _vapid_keys(raw["VAPID_OLD_PRIVATE_KEYS"]),
    }


def _vapid_keys(text: str) -> tuple[str, ...]:
    keys = tuple(found[0] for found in PEM.finditer(text))
    if PEM.sub("", text).strip() or not all(_is_vapid_key(key) for key in keys):
        raise SettingError("VAPID_OLD_PRIVATE_KEYS must hold private EC keys (prime256v1) in PEM format")
    return keys


def _is_vapid_key(pem: str) -> bool:
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)


def _kept(path: Path, make: Any) -> str:
    """The file's text; made on the first start, readable by its owner alone."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="utf-8").strip()


def _new_vapid_key() -> str:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
