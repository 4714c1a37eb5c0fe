"""Short links' tokens. They follow from person, story and network, so a page can show one before its row exists."""

import hashlib
import hmac
import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 11  # 62 ** 11 is more than 2 ** 65
# Those handed out first had one character less, and still lead on.
TOKEN = re.compile(r"[0-9A-Za-z]{10,11}")


def share_token(secret: str, person_id: int, story_id: int, network: str) -> str:
    """Eleven characters, 65 bits, that nobody without the secret can guess."""
    text = f"share:{person_id}:{story_id}:{network}"
    number = int.from_bytes(hmac.digest(secret.encode(), text.encode(), hashlib.sha256))
    characters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[rest])
    return "".join(characters)


def looks_like_token(text: str) -> bool:
    """Whether a text could be a token at all."""
    return TOKEN.fullmatch(text) is not None
