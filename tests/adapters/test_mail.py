"""Sending mail to a real server on this machine: what arrives, what is refused, and what must never leave."""

import email
import email.policy
import re
import shutil
import socketserver
import ssl
import subprocess
import threading
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.adapters.mail import BadMessage, MailError, Message, SmtpMailer


@dataclass(frozen=True)
class Settings:
    """The settings that sending needs, for a server without encryption."""

    mail_host: str = "127.0.0.1"
    mail_port: int = 0
    mail_username: str = ""
    mail_password: str = ""
    mail_from: str = "Sáng Kiến <sangkien@phuong.example>"
    mail_tls: bool = False


@dataclass
class Desk:
    """How the server behaves, and what it was told."""

    answers: dict[str, str] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that sends one letter."""

    timeout = 10

    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline():
            command = line.decode().strip()
            self.desk.commands.append(command)
            verb = command.partition(" ")[0].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb in self.desk.answers:
                self.say(self.desk.answers[verb])
            elif verb == "EHLO":
                offers = ["8BITMIME", "AUTH PLAIN", *(["STARTTLS"] if self.desk.certificate else [])]
                self.say("\r\n".join(["250-test", *(f"250-{offer}" for offer in offers), "250 HELP"]))
            elif verb == "STARTTLS":
                self.encrypt()
            elif verb == "DATA":
                self.take_letter()
            else:
                self.say("235 ok" if verb == "AUTH" else "250 ok")
        return None

    @property
    def desk(self):
        return self.server.desk

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())

    def encrypt(self):
        self.say("220 go ahead")
        try:
            self.request = self.desk.certificate.wrap_socket(self.request, server_side=True)
        except ssl.SSLError:
            return
        self.setup()

    def finish(self):
        try:
            super().finish()
        finally:
            self.request.close()

    def take_letter(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.desk.letters.append(b"".join(lines))
        self.say("250 taken")


class Server(socketserver.ThreadingTCPServer):
    """Answers one connection after another; a client that hangs up is no error."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        self.desk.commands.append("(connection lost)")


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def settings(desk):
    """Settings of a server that is running; its behaviour and memory are the desk's."""
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.desk = desk
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Settings(mail_port=server.server_address[1])
        server.shutdown()
        thread.join()


TEXT = "Kính gửi bà Mai,\n\nHồ sơ SK-01 cần bổ sung.\n.\nTrân trọng"
LETTER = Message("mai@phuong.example", "Cần bổ sung hồ sơ «Số hoá»", TEXT)


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


# --- What arrives -------------------------------------------------------------------------------------


def test_a_letter_arrives_as_it_was_written(desk, settings):
    message_id = SmtpMailer(settings).send(LETTER)
    (content,) = desk.letters
    letter = read(content)
    assert letter["To"] == "mai@phuong.example"
    assert letter["From"] == "Sáng Kiến <sangkien@phuong.example>"
    assert letter["Subject"] == "Cần bổ sung hồ sơ «Số hoá»"
    assert letter["Message-ID"] == message_id
    assert re.fullmatch(r"<[^<>@\s]+@phuong\.example>", message_id)
    assert letter["Date"].datetime.utcoffset() is not None
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == TEXT + "\n"
    assert content.isascii()
    envelope = [command.split(" ")[:2] for command in desk.commands if command.startswith(("mail", "rcpt"))]
    assert envelope == [["mail", "FROM:<sangkien@phuong.example>"], ["rcpt", "TO:<mai@phuong.example>"]]


def test_each_letter_has_its_own_identity(desk, settings):
    mailer = SmtpMailer(settings)
    assert mailer.send(LETTER) != mailer.send(LETTER)
    assert len(desk.letters) == 2


def test_an_account_signs_in(desk, settings):
    SmtpMailer(replace(settings, mail_username="u", mail_password="p")).send(LETTER)
    assert "AUTH PLAIN AHUAcA==" in desk.commands


# --- What is refused before it leaves -----------------------------------------------------------------


@pytest.mark.parametrize(
    "to",
    [
        "",
        "mai",
        "mai@",
        "@phuong.example",
        "a@b.vn\r\nBcc: x@evil.test",
        "a@b.vn\n",
        "a@b.vn, x@evil.test",
        "a@b.vn;x@evil.test",
        "Mai <a@b.vn>",
        "a b@c.vn",
        "mài@phuong.example",
        "a@phường.vn",
        "a@b@c.vn",
        "a@b.vn\x00",
        "a" * 65 + "@b.vn",
        "a@" + "b" * 260,
        '"a\\"@b.vn',
    ],
)
def test_an_address_that_is_not_one_plain_address(to):
    with pytest.raises(BadMessage):
        Message(to, "x", "y")


@pytest.mark.parametrize("subject", ["", "  ", "a\r\nBcc: x@evil.test", "a\nb", "a\x00", "a\x85b", "a\u2028b"])
def test_a_subject_that_breaks_out_of_its_header(subject):
    with pytest.raises(BadMessage):
        Message("a@b.vn", subject, "y")


no_control = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=200)


@hypothesis_settings(deadline=None)
@given(subject=no_control.filter(str.strip), text=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_subject_or_text_adds_a_header_or_a_recipient(subject, text):
    letter = SmtpMailer(Settings())._letter(Message("a@b.vn", subject, text))
    sent = read(bytes(letter))
    names = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
    mime = ["Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    assert sorted(sent.keys()) == sorted(names + mime)
    assert sent["To"] == "a@b.vn"
    assert sent.get_content_type() == "text/plain"


# --- What the server says no to -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "answer", "permanent"),
    [
        ("RCPT", "550 5.1.1 no such person", True),
        ("RCPT", "451 4.7.1 greylisted,\r\n", False),
        ("MAIL", "553 5.7.1 sender not allowed", True),
        ("DATA", "554 5.7.1 looks like spam", True),
        ("DATA", "452 4.3.1 out of room", False),
        ("EHLO", "421 4.3.2 closing", False),
    ],
)
def test_a_refusal_tells_whether_to_try_again(verb, answer, permanent, desk, settings):
    desk.answers = {verb: answer.strip(), verb.lower(): answer.strip(), **({"HELO": answer} if verb == "EHLO" else {})}
    with pytest.raises(MailError) as refused:
        SmtpMailer(settings).send(LETTER)
    assert (refused.value.permanent, str(refused.value)) == (permanent, answer.strip())
    assert desk.letters == []


def test_a_wrong_password_is_for_the_administrator_not_for_the_letter(desk, settings):
    desk.answers = {"AUTH": "535 5.7.8 wrong"}
    with pytest.raises(MailError) as refused:
        SmtpMailer(replace(settings, mail_username="u", mail_password="p")).send(LETTER)
    assert not refused.value.permanent


def test_no_server_at_all(settings):
    closed = Server(("127.0.0.1", 0), Conversation)
    port = closed.server_address[1]
    closed.server_close()
    with pytest.raises(MailError) as refused:
        SmtpMailer(replace(settings, mail_port=port)).send(LETTER)
    assert not refused.value.permanent
    assert str(refused.value).startswith("ConnectionRefusedError")


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr("app.adapters.mail.smtp.TIMEOUT_SECONDS", 0.2)
    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as silent, pytest.raises(MailError) as refused:
        SmtpMailer(Settings(mail_port=silent.server_address[1])).send(LETTER)
    assert not refused.value.permanent


# --- Encryption ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Path of a key and certificate for this machine, made now and forgotten afterwards."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed to make a certificate")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    request += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(request, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_name("both.pem.crt").read_bytes())
    return path


def server_side(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_with_encryption_nothing_is_said_in_the_clear(desk, settings, certificate):
    desk.certificate = server_side(certificate)
    trust = ssl.create_default_context(cafile=str(certificate))
    tls = replace(settings, mail_tls=True, mail_username="u", mail_password="p")
    SmtpMailer(tls, trust=trust).send(LETTER)
    verbs = [command.partition(" ")[0].upper() for command in desk.commands]
    assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    assert len(desk.letters) == 1


def test_a_server_that_takes_the_offer_of_encryption_away_gets_nothing(desk, settings):
    tls = replace(settings, mail_tls=True, mail_username="u", mail_password="p")
    with pytest.raises(MailError) as refused:
        SmtpMailer(tls).send(LETTER)
    assert not refused.value.permanent
    assert [command.partition(" ")[0].upper() for command in desk.commands] == ["EHLO"]


def test_a_server_with_a_certificate_nobody_vouches_for_gets_nothing(desk, settings, certificate):
    desk.certificate = server_side(certificate)
    with pytest.raises(MailError) as refused:
        SmtpMailer(replace(settings, mail_tls=True)).send(LETTER)
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value)
    assert desk.letters == []
