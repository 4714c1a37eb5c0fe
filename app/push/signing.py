"""Our signature on messages (VAPID, RFC 8292): made once per push service, and anew at half of its life."""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app import clock

LIVES = timedelta(hours=12)
MOST_ORIGINS = 500


class Signer:
    """Stands in for the library's VAPID: it signs once per origin, for half of the signature's life."""

    def __init__(self, pem: str, contact: str) -> None:
        key = serialization.load_pem_private_key(pem.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("a key for push is an elliptic one")
        formats = serialization.PublicFormat
        public = key.public_key()
        point = public.public_bytes(serialization.Encoding.X962, formats.UncompressedPoint)
        self._key, self.pem, self.contact = key, pem.encode(), contact
        self.public_pem = public.public_bytes(serialization.Encoding.PEM, formats.SubjectPublicKeyInfo)
        self.public_key = base64url(point)
        self.key_id = base64url(hashlib.sha256(point).digest())[:16]
        self._signed: dict[str, tuple[datetime, str]] = {}

    def get_authorization_header(self, endpoint: Any, subscriber: str, expiration: int) -> str:
        """The header for an address. What the library passes besides is not used."""
        port = "" if endpoint.port == 443 else f":{endpoint.port}"
        return self._for(f"{endpoint.scheme}://{endpoint.host}{port}")

    def _for(self, origin: str) -> str:
        now = clock.now()
        signed_at, header = self._signed.get(origin, (now, ""))
        if header and timedelta() <= now - signed_at < LIVES / 2:
            return header
        if len(self._signed) >= MOST_ORIGINS:
            self._signed.clear()
        claims = {"aud": origin, "exp": int((now + LIVES).timestamp()), "sub": self.contact}
        header = f"vapid t={jwt.encode(claims, self._key, 'ES256')}, k={self.public_key}"
        self._signed[origin] = now, header
        return header


def base64url(raw: bytes) -> str:
    """As web push writes bytes: for addresses and without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
