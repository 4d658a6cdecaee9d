"""Time stamping authorities of one's own: `openssl ts` behind a small HTTP server, honest or not."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = a root
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[double]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = critical,timeStamping
nsComment = "so long that the double stands behind the real one, which the signature is then checked with: {folder}"
[letters]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,emailProtection
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
crypto_device = builtin
"""
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True)
class Certified:
    """A key and its certificate."""

    key: Path
    certificate: Path


@dataclass
class Authority:
    """An authority in a folder of its own; its certificates are made with it."""

    folder: Path

    def __post_init__(self) -> None:
        require_program("openssl")
        self.folder.mkdir(parents=True)
        self.config.write_text(_CONFIG.format(folder=self.folder), encoding="utf-8")
        (self.folder / "serial").write_text("01\n", encoding="utf-8")
        self.root = self._self_signed("root")
        self.signer = self.certified("signer", self.root)

    @property
    def config(self) -> Path:
        """Of openssl."""
        return self.folder / "openssl.cnf"

    def certified(
        self, name: str, by: Certified, kind: str = "signer", days: tuple[int, int] = (-1, 3650)
    ) -> Certified:
        """A certificate by `by`, valid from and until so many days from now."""
        made = Certified(self.folder / f"{name}.key", self.folder / f"{name}.pem")
        request = self.folder / f"{name}.csr"
        self.openssl("req", *_KEY, "-keyout", made.key, "-out", request, "-subj", f"/CN={name}", "-config", self.config)
        spans = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 86_400 * day)) for day in days]
        (self.folder / "index.txt").write_text("", encoding="utf-8")
        ca = f"""
[ca]
default_ca = this
[this]
database = {self.folder}/index.txt
new_certs_dir = {self.folder}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""
        config = self.folder / "ca.cnf"
        config.write_text(_CONFIG.format(folder=self.folder) + ca, encoding="utf-8")
        arguments = ("-batch", "-notext", "-config", config, "-extensions", kind, "-in", request)
        signing = ("-out", made.certificate, "-cert", by.certificate, "-keyfile", by.key)
        self.openssl("ca", *arguments, *signing, "-startdate", spans[0], "-enddate", spans[1])
        return made

    def reply(self, query: bytes, signer: Certified | None = None) -> bytes:
        """The answer of a real `openssl ts` to a query."""
        by = signer or self.signer
        question, answer = self.folder / "query.tsq", self.folder / "reply.tsr"
        question.write_bytes(query)
        answer.unlink(missing_ok=True)
        where = ("-queryfile", question, "-out", answer, "-config", self.config, "-section", "tsa")
        self.openssl("ts", "-reply", *where, "-signer", by.certificate, "-inkey", by.key)
        return answer.read_bytes()

    def forged(self, query: bytes) -> bytes:
        """A token of a key for signing letters that says it were an authority's.

        The root has certified the key for letters alone. The token carries that certificate, with which the
        signature fits, and a double of its name and number that claims the purpose.
        """
        letters = self.certified("letters", self.root, "letters")
        double = self.folder / "double.pem"
        config = self.folder / "double.cnf"
        config.write_text(_CONFIG.format(folder=self.folder), encoding="utf-8")
        number = load_pem_x509_certificate(letters.certificate.read_bytes()).serial_number
        names = ("-key", letters.key, "-out", double, "-set_serial", str(number), "-config", config)
        self.openssl("req", "-x509", "-extensions", "double", *names)
        real, claimed = der_of(letters.certificate), der_of(double)
        token = self.reply(query, Certified(letters.key, double))
        return with_replaced(token, claimed, b"".join(sorted((real, claimed))))

    def with_its_root(self, query: bytes) -> bytes:
        """A token that brings the root along, as if that made it one to be trusted."""
        signer, root = der_of(self.signer.certificate), der_of(self.root.certificate)
        return with_replaced(self.reply(query), signer, b"".join(sorted((signer, root))))

    def openssl(self, *arguments: str | Path) -> None:
        """Run it."""
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _self_signed(self, name: str) -> Certified:
        made = Certified(self.folder / f"{name}.key", self.folder / f"{name}.pem")
        where = ("-keyout", made.key, "-out", made.certificate, "-config", self.config, "-extensions", "root")
        self.openssl("req", "-x509", *_KEY, *where, "-days", "3650")
        return made


def der_of(certificate: Path) -> bytes:
    """The bytes of a certificate as a token carries it."""
    return load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)


def with_replaced(der: bytes, old: bytes, new: bytes) -> bytes:
    """DER in which one element is replaced, with the lengths of all that it lies in."""
    out, place = b"", 0
    while place < len(der):
        begin, (first, head) = place, (der[place + 1], 2)
        length = first
        if first & 0x80:
            head += first & 0x7F
            length = int.from_bytes(der[place + 2 : place + head], "big")
        place = begin + head + length
        whole, body = der[begin:place], der[begin + head : place]
        if whole == old:
            out += new
        elif old in body:
            body = with_replaced(body, old, new)
            size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
            out += (
                bytes([whole[0]]) + (bytes([len(body)]) if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body
            )
        else:
            out += whole
    return out


@dataclass
class Served:
    """What a server does, and what it has been asked."""

    answer: Callable[[bytes], bytes]
    status: int = 200
    kind: str = "application/timestamp-reply"
    hangs: bool = False
    queries: list[bytes] = field(default_factory=list)
    answered: int = 0
    url: str = ""


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """An HTTP server on loopback that answers with `served`, which may be changed meanwhile."""
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            served.queries.append(query)
            if served.hangs:
                released.wait(PATIENCE_SECONDS)
                return
            body = served.answer(query)
            self.send_response(served.status)
            self.send_header("Content-Type", served.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            served.answered += 1

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    try:
        yield served
    finally:
        released.set()
        server.shutdown()
        thread.join()
        server.server_close()
