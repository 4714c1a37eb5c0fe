"""How the mail server is spoken to: encrypted, its certificate checked, signed in when it asks."""

import pytest
from sqlalchemy import select

from app import mail
from app.db import db
from app.outbox import Outgoing
from tests.conftest import NOW
from tests.mail.server import PASSWORD, USER, MailServer, certificates


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """`authority("localhost")` is a server's certificate for a name, of an authority that is trusted here."""

    def issue(name="localhost"):
        root, server = certificates(tmp_path, name)
        monkeypatch.setenv("SSL_CERT_FILE", str(root))
        return server

    return issue


def outcome():
    db.session.rollback()
    return tuple(db.session.execute(select(Outgoing.state, Outgoing.said)).one())


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_letter_leaves_encrypted_by_either_way(write, sends_by, authority, how):
    with MailServer(authority(), how) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS=how)
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("done", None)
    assert len(server.letters) == 1


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_not_trusted(write, sends_by, authority, how):
    with MailServer(authority("mail.evil.example"), how) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS=how)
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("waiting", "certificate not trusted")
    assert server.letters == []


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_certificate_of_an_authority_that_is_not_trusted_is_refused(
    write, sends_by, authority, monkeypatch, how
):
    certificate = authority()
    monkeypatch.delenv("SSL_CERT_FILE")
    with MailServer(certificate, how) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS=how)
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("waiting", "certificate not trusted")
    assert server.letters == []


def test_a_server_that_offers_no_encryption_gets_no_letter(write, sends_by):
    with MailServer() as server:
        sends_by(server, SMTP_TLS="starttls")
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("waiting", "not offered by the server")
    assert server.letters == []


# aiosmtpd takes a connection that is encrypted from the first byte for one that is not.
@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_the_app_signs_in_where_it_is_asked_to(write, sends_by, authority, how):
    with MailServer(authority(), how, PASSWORD) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS=how, SMTP_USER=USER, SMTP_PASSWORD=PASSWORD)
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("done", None)
    assert len(server.letters) == 1


def test_a_wrong_password_keeps_letters_waiting_and_is_said_without_it(write, sends_by, authority, caplog):
    with MailServer(authority(), "starttls", PASSWORD) as server:
        sends_by(server, SMTP_HOST="localhost", SMTP_TLS="starttls", SMTP_USER=USER, SMTP_PASSWORD="forkert")
        write("letter")
        mail.deliver(NOW)
    assert outcome() == ("waiting", "sign-in refused, 535")
    assert "535" in caplog.text
    assert "forkert" not in caplog.text
    assert server.letters == []
