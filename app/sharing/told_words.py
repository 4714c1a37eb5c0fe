"""The words that colleagues told, as hashes of four: a text is compared with those of 30 days in one indexed question.

Only what is told from now on is remembered, so the table is whole 30 days after it came, or after another SECRET_KEY.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    select,
)

from app.db import db
from app.sharing.models import Share, ShareGram
from app.sharing.own_words import Gram, grams

REMEMBERED = timedelta(days=30)


def remember(share: Share) -> None:
    """A share is told: from now on others' texts are compared with it."""
    rows = [
        {"gram": hashed, "share_id": share.id, "at": share.said_at} for hashed in _hashed(grams(share.text))
    ]
    if rows:
        db.session.execute(insert(ShareGram), rows)


def forget(share: Share) -> None:
    """A share that was told is withdrawn: nobody's text is compared with it any more."""
    told = (ShareGram.at == share.said_at, ShareGram.share_id == share.id)
    db.session.execute(delete(ShareGram).where(*told))


def told_by_colleagues(mine: frozenset[Gram], person_id: int, at: datetime) -> frozenset[Gram]:
    """Those of some 4-grams that others have told in 30 days, of whatever story.

    One statement, which looks each of them up and stops at the first that is found: it costs the same however
    many have told.
    """
    by_hash = _hashed(mine)
    if not by_hash:
        return frozenset()
    asked = _rows(list(by_hash))
    told = (
        select(ShareGram.gram)
        .join(Share, Share.id == ShareGram.share_id)
        .where(ShareGram.gram == asked, ShareGram.at > at - REMEMBERED, Share.person_id != person_id)
    )
    found = db.session.scalars(select(asked).where(exists(told)))
    return frozenset(by_hash[one] for one in found)


def _rows(numbers: list[int]) -> ColumnElement[int]:
    """Some numbers as rows to select from: one parameter, so that the statement is the same however many they are."""
    if db.engine.dialect.name == "postgresql":
        return func.unnest(bindparam(None, numbers, ARRAY(BigInteger))).column_valued("asked")
    return func.json_each(json.dumps(numbers)).table_valued(column("value", BigInteger)).c.value


def _hashed(some: Iterable[Gram]) -> dict[int, Gram]:
    """Each 4-gram by 64 bits that nobody without the app's secret can make of it."""
    key = hashlib.sha256(b"grams:" + current_app.config["SECRET_KEY"].encode()).digest()
    return {_hash(key, gram): gram for gram in some}


def _hash(key: bytes, gram: Gram) -> int:
    digest = hashlib.blake2b(" ".join(gram).encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, signed=True)
