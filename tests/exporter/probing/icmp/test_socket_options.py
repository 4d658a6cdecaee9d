"""What a kernel lacks costs what it gives, is told once, and never stops the start or the probing."""

import errno
import socket
from collections.abc import Collection
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from exporter.probing.icmp import opening, sockets
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.mmsg import MessageVector
from exporter.probing.icmp.opening import open_engine
from exporter.probing.icmp.socket_options import SocketSettings, Stamps, configure, open_socket
from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import Outcome
from pantau.clock import SystemClock
from pantau.errors import EngineUnavailableError
from pantau.inventory.settings import Probing
from tests.exporter.probing.icmp.lacking import (
    ALL_SETTINGS,
    LackingSocket,
    Option,
    PretendedSocket,
    open_lacking,
    options_of,
    probe_loopback,
)
from tests.exporter.probing.icmp.messages import require_icmp
from tests.network import SECOND, words

KINDS = {"datagram": socket.SOCK_DGRAM, "raw": socket.SOCK_RAW}
CASES: list[tuple[Family, str, Option]] = [
    (family, kind, option)
    for family in (4, 6)
    for kind, number in KINDS.items()
    for option in options_of(family, number)
]
ERRNOS = [errno.ENOPROTOOPT, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EACCES, errno.ENOSYS]
SO_TIMESTAMPING, SO_TIMESTAMPNS, SO_TIMESTAMP, SO_MEMINFO = (
    Option(socket.SOL_SOCKET, 37),
    Option(socket.SOL_SOCKET, 35),
    Option(socket.SOL_SOCKET, 29),
    Option(socket.SOL_SOCKET, 55, reads=True),
)
BUFFERS_BY_FORCE = {Option(socket.SOL_SOCKET, 32), Option(socket.SOL_SOCKET, 33)}
QUIET = BUFFERS_BY_FORCE | {SO_TIMESTAMPNS, SO_TIMESTAMP}
"""What is asked for first or last resort: its lack alone loses nothing."""


def test_every_option_that_there_is_is_tried_here() -> None:
    """Buffers, stamps, errors, filter, DSCP, drops, of both families and kinds."""
    found = {(family, kind): {one for f, k, one in CASES if (f, k) == (family, kind)} for family, kind, _ in CASES}
    common = {SO_TIMESTAMPING, SO_TIMESTAMPNS, SO_TIMESTAMP, SO_MEMINFO, *BUFFERS_BY_FORCE}
    assert all(common <= options for options in found.values())
    assert {key: len(options) for key, options in found.items()} == {
        (4, "datagram"): 11,
        (4, "raw"): 12,
        (6, "datagram"): 11,
        (6, "raw"): 12,
    }


@pytest.mark.parametrize("number", ERRNOS)
@pytest.mark.parametrize(("family", "kind", "option"), CASES)
def test_each_option_may_be_missing(family: Family, kind: str, option: Option, number: int) -> None:
    """Whatever the kernel says of it: nothing is raised, and what is lost is one sentence, or nothing."""
    sock = PretendedSocket(KINDS[kind])
    sock.lacks, sock.number = {option}, number
    granted = configure(sock, family, ALL_SETTINGS)  # type: ignore[arg-type]
    expected = 0 if option in QUIET or (option.number, option.reads) == (socket.SO_RCVBUF, True) else 1
    if option in {Option(socket.SOL_SOCKET, socket.SO_RCVBUF), Option(socket.SOL_SOCKET, socket.SO_SNDBUF)}:
        expected = 0  # asked for only where the greater buffer is refused
    assert len(granted.lacking) == expected
    assert [lack.reason for lack in granted.lacking] == [errno.errorcode[number]] * expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", [4, 6])
def test_all_options_may_be_missing_together(family: Family, kind: str) -> None:
    """Each is told once, by its name."""
    sock = PretendedSocket(KINDS[kind])
    sock.lacks = options_of(family, KINDS[kind])
    granted = configure(sock, family, ALL_SETTINGS)  # type: ignore[arg-type]
    names = [lack.option for lack in granted.lacking]
    of_family = {4: ["IP_RECVERR", "ICMP_FILTER", "IP_TOS"], 6: ["IPV6_RECVERR", "ICMP6_FILTER", "IPV6_TCLASS"]}[family]
    if kind == "datagram":
        del of_family[1]
    assert names == ["SO_RCVBUF", "SO_SNDBUF", "SO_TIMESTAMPING", *of_family, "SO_MEMINFO"]
    assert (granted.stamps, granted.errors, granted.drops) == (Stamps.NONE, False, False)


@pytest.mark.parametrize(
    ("lacks", "stamps"),
    [
        ((), Stamps.BOTH),
        ((SO_TIMESTAMPING,), Stamps.RECEIVED),
        ((SO_TIMESTAMPING, SO_TIMESTAMPNS), Stamps.RECEIVED),
        ((SO_TIMESTAMPING, SO_TIMESTAMPNS, SO_TIMESTAMP), Stamps.NONE),
    ],
)
def test_older_stamps_take_the_place_of_newer_ones(lacks: Collection[Option], stamps: Stamps) -> None:
    """One sentence says what is lost by it."""
    sock = PretendedSocket(socket.SOCK_DGRAM)
    sock.lacks = lacks
    granted = configure(sock, 4, SocketSettings())  # type: ignore[arg-type]
    assert (granted.stamps, len(granted.lacking)) == (stamps, min(len(lacks), 1))


def test_without_an_error_queue_a_raw_socket_takes_errors_as_messages() -> None:
    """The filter then lets them in; with it they would come twice."""
    let_in = []
    missing = Option(socket.IPPROTO_IP, 11)
    for lacks in (set[Option](), {missing}):
        sock = PretendedSocket(socket.SOCK_RAW)
        sock.lacks = lacks
        configure(sock, 4, SocketSettings())  # type: ignore[arg-type]
        mask = sock.values[Option(255, 1)]
        assert isinstance(mask, bytes)
        blocked = int.from_bytes(mask, "little")
        let_in.append({kind for kind in range(32) if not blocked & 1 << kind})
    assert let_in == [{0, 4, 5}, {0, 3, 4, 5, 11, 12}]


@pytest.mark.parametrize(("family", "option"), [(family, option) for family, kind, option in CASES if kind == "raw"])
def test_a_real_socket_without_one_option_probes(family: Family, option: Option) -> None:
    """The loopback answers, with an RTT. The datagram socket's turn is in a city, where it is permitted for sure."""
    require_icmp(family, "raw").close()
    transport = open_lacking(family, socket.SOCK_RAW, {option}, errno.ENOPROTOOPT)
    assert probe_loopback(transport) == ([Outcome.REPLY] * 20, True)


@pytest.mark.parametrize("family", [4, 6])
def test_a_real_socket_without_any_option_probes(family: Family) -> None:
    """No RTT is made up, and no reply is taken for late; with the oldest kind of stamps there are RTTs."""
    require_icmp(family, "raw").close()
    transport = open_lacking(family, socket.SOCK_RAW, options_of(family, socket.SOCK_RAW), errno.EINVAL)
    assert probe_loopback(transport) == ([Outcome.REPLY] * 20, False)
    transport = open_lacking(family, socket.SOCK_RAW, {SO_TIMESTAMPING, SO_TIMESTAMPNS}, errno.EINVAL)
    assert probe_loopback(transport) == ([Outcome.REPLY] * 20, True)


def test_each_lack_is_one_warning_whatever_the_number_of_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both families lack two options each: two warnings, each with what is lost."""
    require_icmp(4).close()
    monkeypatch.setattr(sockets, "open_socket", _opens({SO_TIMESTAMPING, SO_MEMINFO}))
    with capture_logs() as logs:
        open_engine(Probing(), SystemClock()).close()
    assert [(line["log_level"], line["event"], line["reason"]) for line in logs] == [
        (
            "warning",
            "the kernel has no SO_TIMESTAMPING: "
            "round-trip times begin when we send, not when the packet leaves the machine",
            "ENOPROTOOPT",
        ),
        (
            "warning",
            "the kernel has no SO_MEMINFO: replies that the kernel drops are not noticed, and pass for silence",
            "ENOPROTOOPT",
        ),
    ]


def _opens(lacks: Collection[Option]) -> Any:
    def opened(family: Family, kind: int) -> socket.socket:
        protocol = socket.IPPROTO_ICMP if family == 4 else socket.IPPROTO_ICMPV6
        sock = LackingSocket(socket.AF_INET if family == 4 else socket.AF_INET6, kind, protocol)
        sock.lacks = lacks
        return sock

    return opened


@pytest.mark.parametrize("call", ["send", "receive"])
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP])
def test_without_batched_calls_the_error_names_the_portable_engine(
    monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """One sentence and a cure, no traceback; the socket is closed."""
    require_icmp(4).close()
    monkeypatch.setattr(MessageVector, call, lambda *_: (0, number))
    with pytest.raises(EngineUnavailableError, match=r"no sendmmsg and recvmmsg .*engine: aioping"):
        open_engine(Probing(), SystemClock())


@pytest.mark.parametrize("number", [errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT, errno.ESOCKTNOSUPPORT, errno.EINVAL])
def test_without_any_icmp_socket_the_error_names_the_portable_engine(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Whatever the kernel says of it."""

    def refuse(_family: Family, _kind: int) -> socket.socket:
        raise OSError(number, "no such socket")

    monkeypatch.setattr(sockets, "open_socket", refuse)
    with pytest.raises(EngineUnavailableError, match=r"no ICMP socket \(IPv4: no such socket.*engine: aioping"):
        open_engine(Probing(), SystemClock())


def test_a_kernel_without_datagram_sockets_has_raw_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """WSL1 knows no datagram ICMP at all, which is no missing permission and no missing family."""
    require_icmp(4, "raw").close()
    opened = open_socket

    def only_raw(family: Family, kind: socket.SocketKind) -> socket.socket:
        if kind == socket.SOCK_DGRAM:
            raise OSError(errno.EPROTONOSUPPORT, "Protocol not supported")
        return opened(family, kind)

    monkeypatch.setattr(sockets, "open_socket", only_raw)
    engine = open_engine(Probing(), SystemClock())
    assert engine.socket == "raw"
    engine.close()


def test_one_missing_family_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """IPv6 is switched off in the kernel: IPv4 is probed."""
    require_icmp(4).close()
    opened = open_socket

    def only_ipv4(family: Family, kind: socket.SocketKind) -> socket.socket:
        if family == 6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return opened(family, kind)

    monkeypatch.setattr(sockets, "open_socket", only_ipv4)
    with capture_logs() as logs:
        open_engine(Probing(), SystemClock()).close()
    missing = [line for line in logs if line["event"].startswith("address family is missing")]
    assert [(line["family"], line["reason"]) for line in missing] == [
        ("IPv6", "Address family not supported by protocol")
    ]


def test_an_error_queue_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """MSG_ERRQUEUE is refused: no errors, no send stamps, and the probing goes on."""
    require_icmp(4).close()
    received = MessageVector.receive
    refusal = (0, errno.EINVAL)
    monkeypatch.setattr(
        MessageVector, "receive", lambda self, fd, flags=0: refusal if flags & 0x2000 else received(self, fd, flags)
    )
    transport = require_icmp(4)
    assert [lack.option for lack in transport.lacking] == ["MSG_ERRQUEUE"]
    assert probe_loopback(transport) == ([Outcome.REPLY] * 20, True)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (SocketSettings(addresses={4: "192.0.2.77"}), "probing.source: 192.0.2.77 is no address of this machine"),
        (SocketSettings(interface="nosuch0"), "probing.source: this machine has no interface nosuch0"),
    ],
)
def test_a_source_that_cannot_be_had_is_an_error(settings: SocketSettings, sentence: str) -> None:
    """Probes that leave from elsewhere would measure another path."""
    require_icmp(4).close()
    with pytest.raises(EngineUnavailableError, match=sentence):
        sockets.open_transport(4, "auto", SystemClock(), settings)


@pytest.mark.parametrize("engine", ["batch", "aioping"])
def test_the_settings_reach_the_socket(engine: str) -> None:
    """Source and DSCP of either engine; of one family alone where only that is asked for."""
    require_icmp(4).close()
    probing = Probing.model_validate({"engine": engine, "source": "127.0.0.9", "dscp": 46, "family": "ipv4"})
    settings = opening.socket_settings(probing)
    assert settings == SocketSettings(16, 46, {4: "127.0.0.9"}, None)
    opened = open_engine(probing, SystemClock())
    opened.submit(np.zeros(1, np.int32), np.zeros(1, np.int64), words("::1"), SECOND)
    if isinstance(opened, BatchEngine):
        assert opened.collect().outcome.tolist() == [Outcome.SEND]
        assert opened.statistics.send_errors == {"EAFNOSUPPORT": 1}
    opened.close()
