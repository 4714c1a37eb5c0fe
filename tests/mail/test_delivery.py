"""Letters that wait: sent once, over one connection; later when the server cannot; never when it will not."""

import logging
import signal
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import mail
from app.db import db, writing
from app.outbox import Outgoing
from tests.conftest import NOW
from tests.letters import delivered, text_of
from tests.mail.server import MailServer
from tests.postgres import free_port
from tests.running import ROOT, environment
from tests.words import danish


def states():
    """State and what was said, of each step."""
    db.session.rollback()
    return db.session.execute(select(Outgoing.state, Outgoing.said).order_by(Outgoing.id)).all()


def due():
    """How long each waiting letter waits, in seconds."""
    db.session.rollback()
    return [
        (one - NOW).total_seconds()
        for one in db.session.scalars(select(Outgoing.due_at).order_by(Outgoing.id))
    ]


def test_letters_are_sent_over_one_connection(write, mailbox):
    for number in range(5):
        write(f"letter:{number}", to=f"{number}@fjordby.example")
    assert mail.deliver(NOW) == 5
    assert mailbox.receivers == [f"{number}@fjordby.example" for number in range(5)]
    assert set(mailbox.senders) == {"fortael@fjordby.example"}
    assert mailbox.connections == 1
    assert states() == [("done", None)] * 5
    assert db.session.scalars(select(Outgoing.payload)).all() == [{}] * 5
    assert mail.deliver(NOW) == 0
    assert mailbox.connections == 1


def test_the_same_cause_sends_one_letter(write, mailbox):
    write("shoutout:7")
    write("shoutout:7", to="omar@fjordby.example")
    mail.deliver(NOW)
    write("shoutout:7")
    mail.deliver(NOW)
    assert mailbox.receivers == ["anna@fjordby.example"]


def test_a_letter_leaves_when_it_is_due_and_not_before(write, mailbox):
    write("later", due_at=NOW + timedelta(hours=1))
    assert mail.deliver(NOW + timedelta(minutes=59)) == 0
    assert mail.deliver(NOW + timedelta(minutes=60)) == 1


def test_a_letter_that_is_too_late_is_not_sent(write, mailbox):
    write("short", expires_at=NOW + timedelta(minutes=10))
    write("long")
    assert mail.deliver(NOW + timedelta(minutes=10)) == 1
    assert states()[0].state == "dropped"
    mail.deliver(NOW + timedelta(days=4))
    assert len(mailbox.letters) == 1


def test_a_letter_to_nobody_is_never_sent(write, mailbox):
    write("nobody", to="")
    assert mail.deliver(NOW) == 1
    assert states() == [("dropped", "to nobody")]
    assert mailbox.connections == 0


def test_what_the_server_puts_off_is_tried_again_after_longer_and_longer(write, mailbox):
    write("letter")
    at, waited = NOW, []
    for _try in range(9):
        mailbox.answers = ["451 4.3.0 try again, says anna@fjordby.example"]
        assert mail.deliver(at) == 1
        waited.append(due()[0] - (at - NOW).total_seconds())
        assert states() == [("waiting", "451")]
        assert mail.deliver(at) == 0
        at = NOW + timedelta(seconds=due()[0])
    assert waited == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert mail.deliver(at) == 1
    assert states() == [("done", None)]
    assert len(mailbox.letters) == 1


def test_one_full_mailbox_keeps_no_other_letter_waiting(write, mailbox):
    write("full", to="full@example.dk")
    write("gone", to="gone@example.dk")
    write("fine")
    assert mail.deliver(NOW) == 3
    assert states() == [("waiting", "452"), ("failed", "550"), ("done", None)]
    assert mailbox.connections == 1


def test_what_the_server_refuses_is_never_tried_again_and_the_code_alone_is_kept(write, mailbox, caplog):
    write("letter")
    mailbox.answers = ["554 5.7.1 anna@fjordby.example is not welcome"]
    mail.deliver(NOW)
    assert states() == [("failed", "554")]
    assert mail.deliver(NOW + timedelta(hours=2)) == 0
    assert "554" in caplog.text
    assert "anna@" not in caplog.text


def test_when_the_server_does_not_answer_it_is_asked_once_and_all_letters_wait(write, app, sends_by, caplog):
    with MailServer() as server:
        sends_by(server, SMTP_PORT=free_port())
        for number in range(20):
            write(f"letter:{number}")
        assert mail.deliver(NOW) == 1
        assert states() == [("waiting", "no connection")] * 20
        assert due() == [31] + [30] * 19
        assert len(caplog.records) == 1
        sends_by(server)
        assert mail.deliver(NOW + timedelta(seconds=31)) == 20
    assert len(server.letters) == 20


def test_a_server_that_hangs_up_is_left_in_peace(write, mailbox):
    for number in range(3):
        write(f"letter:{number}")
    mailbox.answers = ["421 4.7.0 too many letters"]
    assert mail.deliver(NOW) == 1
    assert {state for state, _said in states()} == {"waiting"}
    assert mail.deliver(NOW + timedelta(minutes=1)) == 3
    assert len(mailbox.letters) == 3


def test_a_letter_that_the_server_hangs_up_on_keeps_no_other_waiting(write, mailbox):
    write("bad", to="hangs-up@example.dk")
    for number in range(3):
        write(f"letter:{number}")
    mail.deliver(NOW)
    assert mailbox.letters == []
    mail.deliver(NOW + timedelta(minutes=1))
    assert len(mailbox.letters) == 3


def test_a_letter_that_was_sealed_with_another_key_is_not_sent(app, write, mailbox):
    write("letter")
    kept = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "b" * 40
    mail.deliver(NOW)
    app.config["SECRET_KEY"] = kept
    assert states() == [("failed", "cannot be written")]
    assert mailbox.letters == []


@pytest.mark.parametrize(
    "to", ["anna", "anna@", "@b.dk", "a@b.dk, c@d.dk", "a@b.dk\nBcc: c@d.dk", "<a@b.dk>", "a b@c.dk"]
)
def test_what_is_no_address_fails_alone(write, mailbox, to):
    write("bad", to=to)
    write("good")
    assert mail.deliver(NOW) == 2
    assert states() == [("failed", "cannot be written"), ("done", None)]
    assert mailbox.receivers == ["anna@fjordby.example"]


def test_fifty_letters_are_sent_at_once_and_the_others_in_the_next_round(write, mailbox):
    for number in range(53):
        write(f"letter:{number}")
    assert mail.deliver(NOW) == 50
    assert mail.deliver(NOW) == 3


def test_values_that_are_not_the_templates_are_refused_when_written(write):
    for template, values in (("test", {"name": "Anna"}), ("digest", {})):
        with pytest.raises(ValueError, match=template):
            write("letter", template=template, **values)
    assert states() == []


# Without a mail server


def test_without_a_mail_server_a_letter_is_a_file_for_its_owner_and_the_log_says_so_once(app, write, caplog):
    caplog.set_level(logging.INFO)
    write(
        "letter",
        template="sign-in",
        name="Anna",
        organisation="Fjordby",
        code="407182",
        path="/sign-in/link/hemmelig",
    )
    [letter] = delivered(NOW)
    assert letter["To"] == "anna@fjordby.example"
    assert danish("Sign in to Fortæl") == letter["Subject"]
    assert "407182" in text_of(letter)
    folder = app.config["DATA_DIR"] / "outbox"
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    said = [record.getMessage() for record in caplog.records if "outbox" in record.getMessage()]
    assert len(said) == 1
    assert str(file) in said[0]
    for secret in ("407182", "hemmelig", "anna"):
        assert secret not in said[0]
    assert states() == [("done", None)]


def test_a_letter_that_is_written_again_lies_there_once_and_another_beside_it(write):
    write("one")
    sealed = db.session.scalars(select(Outgoing.payload)).one()
    [first] = delivered(NOW)
    with writing():
        db.session.execute(update(Outgoing).values(state="waiting", payload=sealed))
    [again] = delivered(NOW + timedelta(minutes=4))
    assert first["Message-ID"] == again["Message-ID"]
    write("two")
    assert len({letter["Message-ID"] for letter in delivered(NOW)}) == 2


# A worker that is killed


KILLED = """
from datetime import datetime
from app import create_app, mail
app = create_app()
with app.app_context():
    mail.deliver(datetime.fromisoformat("{at}"))
"""


def test_a_worker_that_is_killed_between_sending_and_recording_sends_the_same_letter_again(
    app, write, mailbox, settings
):
    write("letter")
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(at=NOW.isoformat())],
        cwd=ROOT,
        env=environment(
            settings["DATA_DIR"], FORTAEL_ENV="test", PUBLIC_URL="http://localhost", DATABASE_URL=settings["DATABASE_URL"],
            SMTP_HOST="127.0.0.1", SMTP_PORT=str(mailbox.port), SMTP_TLS="none", MAIL_FROM=app.config["MAIL_FROM"],
        ),
    )  # fmt: skip
    mailbox.on_letter = worker.kill
    assert worker.wait(30) == -signal.SIGKILL
    mailbox.on_letter = lambda: None
    assert [state for state, _said in states()] == ["waiting"]
    assert mail.deliver(NOW + timedelta(minutes=2)) == 0, "it is still another's"
    assert mail.deliver(NOW + timedelta(minutes=3)) == 1
    assert states() == [("done", None)]
    first, again = mailbox.letters
    assert first["Message-ID"] == again["Message-ID"]
    assert text_of(first) == text_of(again)
