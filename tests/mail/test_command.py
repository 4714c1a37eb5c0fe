"""`flask mail test`: one letter now, and in words what happened."""

import pytest
from sqlalchemy import func, select

from app.db import db
from app.outbox import Outgoing
from tests.letters import read
from tests.mail.server import PASSWORD, USER, MailServer, certificates
from tests.postgres import free_port


@pytest.fixture
def run(app):
    """`run("anna@…")` runs `flask mail test`; its result."""

    def command(address):
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=["mail", "test", address])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return command


def test_it_says_that_the_server_has_taken_the_letter(run, mailbox):
    result = run("anna@fjordby.example")
    assert result.exit_code == 0
    assert "127.0.0.1 has taken a letter" in result.output
    assert "anna@fjordby.example" in result.output
    assert mailbox.receivers == ["anna@fjordby.example"]
    assert db.session.scalar(select(func.count()).select_from(Outgoing)) == 0


def test_each_test_is_a_letter_of_its_own(run, mailbox):
    run("anna@fjordby.example")
    run("anna@fjordby.example")
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 2


def test_without_a_mail_server_it_says_where_the_letter_lies(app, run):
    result = run("anna@fjordby.example")
    assert result.exit_code == 0
    assert "SMTP_HOST is not set" in result.output
    folder = app.config["DATA_DIR"] / "outbox"
    assert str(folder) in result.output
    assert read(next(folder.glob("*.eml")).read_bytes())["To"] == "anna@fjordby.example"


@pytest.mark.parametrize(
    ("to", "answer", "said"),
    [
        ("full@example.dk", "", "said no, 452"),
        ("gone@example.dk", "", "said no, 550"),
        ("anna@example.dk", "554 5.7.1 we know no Fortæl", "said no, 554"),
        ("anna@example.dk", "421 4.7.0 go away", "Nothing was sent: 421"),
    ],
)
def test_it_says_what_the_server_answered(run, mailbox, to, answer, said):
    mailbox.answers = [answer] if answer else []
    result = run(to)
    assert result.exit_code == 1
    assert said in result.output
    assert result.output.count(".") >= 3, "the server's own words stand there too"
    assert mailbox.letters == []


def test_it_says_when_nobody_answers(run, mailbox, sends_by):
    sends_by(mailbox, SMTP_PORT=free_port())
    result = run("anna@fjordby.example")
    assert result.exit_code == 1
    assert "Nothing was sent: no connection" in result.output
    assert "refused" in result.output


def test_it_says_that_a_certificate_is_not_trusted_and_why(run, sends_by, tmp_path):
    _authority, certificate = certificates(tmp_path)
    with MailServer(certificate, "starttls") as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS="starttls")
        result = run("anna@fjordby.example")
    assert result.exit_code == 1
    assert "certificate not trusted" in result.output


def test_it_says_that_the_password_is_wrong_and_not_which_it_was(run, sends_by, tmp_path, monkeypatch):
    authority, certificate = certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with MailServer(certificate, "starttls", PASSWORD) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS="starttls", SMTP_USER=USER, SMTP_PASSWORD="forkert")
        result = run("anna@fjordby.example")
    assert result.exit_code == 1
    assert "sign-in refused, 535" in result.output
    assert "forkert" not in result.output


@pytest.mark.parametrize("address", ["anna", "", "a b@c.dk", "a@b@c.dk", "a@b.dk,c@d.dk"])
def test_what_is_no_address_is_said(run, mailbox, address):
    result = run(address)
    assert result.exit_code == 1
    assert "is not an e-mail address" in result.output
    assert mailbox.connections == 0
