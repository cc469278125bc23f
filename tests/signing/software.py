"""The Government's signing software as it stands at the signer's computer: a secure websocket with a certificate of
its own that takes the argument, gets the file, signs it, sends it back and answers."""

import io
import ipaddress
import json
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from websockets.sync.server import ServerConnection, serve
from werkzeug.test import EnvironBuilder

Answer = Callable[["Software", ServerConnection, str], None]


class Software:
    """Signs with `sign`; `asked` holds (path, argument) of each question. `answer` is what it does with one."""

    def __init__(self, sign: Callable[[bytes], bytes]):
        self.sign = sign
        self.answer: Answer = signs
        self.asked: list[tuple[str, dict]] = []
        self.origins: list[str | None] = []

    def __call__(self, socket: ServerConnection) -> None:
        """One question."""
        argument = socket.recv()
        self.asked.append((socket.request.path, json.loads(argument)))
        self.origins.append(socket.request.headers.get("Origin"))
        self.answer(self, socket, argument)


def signs(software: Software, socket: ServerConnection, argument: str) -> None:
    """What a signer expects: the file is signed and sent, the answer says so."""
    told = json.loads(argument)
    with urllib.request.urlopen(told["FileName"], timeout=60) as answer:
        signed = software.sign(answer.read())
    reply = send(told["FileUploadHandler"], signed)
    socket.send(
        json.dumps({"Status": 0, "Message": "", "FileName": reply["FileName"], "FileServer": reply["FileServer"]})
    )


def send(address: str, content: bytes) -> dict:
    """The upload, as a form with one file."""
    body = EnvironBuilder(method="POST", data={"uploadfile": (io.BytesIO(content), "van-ban.signed.pdf")})
    environ = body.get_environ()
    request = urllib.request.Request(
        address, environ["wsgi.input"].read(), {"Content-Type": environ["CONTENT_TYPE"]}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def says(text: str) -> Answer:
    """Answers with these words and signs nothing."""
    return lambda _software, socket, _argument: socket.send(text)


def goes_away(_software: Software, socket: ServerConnection, _argument: str) -> None:
    """Ends without an answer."""
    socket.close()


@contextmanager
def running(software: Software, folder: Path) -> Iterator[str]:
    """The software on a free port; gives its address (`wss://…`)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_self_signed(folder))
    with serve(software, "127.0.0.1", 0, ssl=context) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"wss://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    paths = folder / "local.pem", folder / "local.key"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


def port_of(address: str) -> int:
    """The port in an address."""
    return urlsplit(address).port
