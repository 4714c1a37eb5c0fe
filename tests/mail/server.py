"""A mail server on loopback that keeps what it is given, and says no when asked to."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.letters import read
from tests.postgres import free_port

USER, PASSWORD = "fortael", "blue berries; & bread"


class MailServer:
    """`with MailServer() as server:`; `letters` are those that it took, `answers` what it says to the next ones."""

    def __init__(self, certificate: Path | None = None, how: str = "none", password: str = "") -> None:
        self.letters: list[Any] = []
        self.receivers: list[str] = []
        self.senders: list[str] = []
        self.answers: list[str] = []
        self.connections = 0
        self.on_letter: Callable[[], None] = lambda: None
        self.port = free_port()
        more: dict[str, Any] = {}
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            more = (
                {"ssl_context": context}
                if how == "tls"
                else {"tls_context": context, "require_starttls": True}
            )
        if password:
            more |= {
                "auth_required": True,
                "authenticator": self._authenticate,
                "auth_require_tls": how == "starttls",
            }
        self.password = password
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30, **more)

    def __enter__(self) -> Self:
        # The controller connects once by itself to see whether it answers.
        self.controller.start()
        self.connections = 0
        return self

    def __exit__(self, *_ended: object) -> None:
        self.controller.stop()

    def _authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        right = (given.login.decode(), given.password.decode()) == (USER, self.password)
        return AuthResult(success=right, handled=False)

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, host: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = host
        return answers

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if "full" in address:
            return "452 4.2.2 mailbox of full@example.dk is full"
        if "gone" in address:
            return "550 5.1.1 gone@example.dk does not live here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        if any("hangs-up" in address for address in envelope.rcpt_tos):
            return "421 4.3.0 goodbye"
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.letters.append(read(envelope.content))
        self.receivers += envelope.rcpt_tos
        self.senders.append(envelope.mail_from or "")
        self.on_letter()
        return "250 OK"


def certificates(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """An authority's certificate, and a server's with its key, for a name."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _signed("Our own authority", authority.public_key(), "Our own authority", authority)
    server = _signed(name, key.public_key(), "Our own authority", authority, name)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "authority.pem").write_bytes(root.public_bytes(pem))
    (folder / "server.pem").write_bytes(private + server.public_bytes(pem))
    return folder / "authority.pem", folder / "server.pem"


def _signed(subject: str, key: Any, issuer: str, by: Any, host: str = "") -> x509.Certificate:
    """A certificate that was good the whole time: OpenSSL knows nothing of the tests' clock."""
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
    began = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder(names[1], names[0], key, x509.random_serial_number(), began, began + timedelta(36500))
        .add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )  # fmt: skip
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(by, hashes.SHA256())
