"""Which devices may be told, what people are told, and what they have chosen."""

from base64 import urlsafe_b64encode
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, UTCDateTime

MOST_DEVICES = 16
KINDS = ("stories", "shoutout", "digest", "test")


class Subscription(Base):
    """A browser that has said yes. It belongs to a sign-in and goes with it.

    `endpoint` is a capability: it is sent to as it stands and never logged. `key_id` names the VAPID key that
    the browser subscribed with. `suspect_at` is when the push service first said that it is gone.
    """

    __tablename__ = "push_subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    secret: Mapped[bytes] = mapped_column(LargeBinary(16))
    key_id: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    suspect_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def mark(self) -> str:
        """The end of its public key: by this its browser knows it again, and nobody can write to it."""
        return urlsafe_b64encode(self.public_key).decode().rstrip("=")[-16:]


class Notice(Base):
    """Something one person is to be told, once. `words` holds the detailed texts by language, if
    there are any, until it is told.

    Whether it is told is decided at `due_at`. `sent_as` says what became of it: what was put into a digest
    stands in the one that `digest_id` names. `local_date` is the person's date when it was sent: caps count it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("kind IN ('stories', 'shoutout', 'digest', 'test')", name="kind"),
        CheckConstraint(
            "sent_as IS NULL OR sent_as IN ('push', 'mail', 'digest', 'dropped')", name="sent_as"
        ),
        Index("ix_notices_person_id_local_date", "person_id", "local_date"),
        Index(
            "ix_notices_waiting", "person_id",
            sqlite_where=text("sent_as IS NULL"), postgresql_where=text("sent_as IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    path: Mapped[str] = mapped_column(String(200))
    words: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    text_number: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_as: Mapped[str | None] = mapped_column(String(10))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    local_date: Mapped[date | None]
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), index=True)


class PushChoices(Base):
    """What a person has chosen about being told. Without a row, the defaults hold.

    `hours` are seven pairs of local times from Monday ("08:30", "16:00"), None for a day without; empty: the
    default window on one's working days. Between 20:00 and 07:00 they hold only with `at_night`. `slot` is the
    time wished for, None: as the person's habit is. Since `stopped_at` there are no reminders but `comebacks`:
    six were left unanswered, and the app asks.
    """

    __tablename__ = "push_choices"
    __table_args__ = (CheckConstraint("stories_a_week BETWEEN 0 AND 5", name="stories_a_week"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    stories_a_week: Mapped[int] = mapped_column(default=2)
    slot: Mapped[str | None] = mapped_column(String(5))
    hours: Mapped[list[list[str] | None] | None] = mapped_column(JSON(none_as_null=True))
    at_night: Mapped[bool] = mapped_column(default=False)
    shoutouts: Mapped[bool] = mapped_column(default=True)
    detail: Mapped[bool] = mapped_column(default=False)
    by_mail: Mapped[bool] = mapped_column(default=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comebacks: Mapped[int] = mapped_column(default=0)


class NextLook(Base):
    """When a person is next looked at for a reminder. Whoever moves `at` on has taken that look.

    Without `to_remind`, `at` is no time for a reminder: only the next such time is to be found.
    """

    __tablename__ = "next_looks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    to_remind: Mapped[bool] = mapped_column(default=False)
