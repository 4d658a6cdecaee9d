"""sendmmsg and recvmmsg over arrays, tried with UDP on the loopback."""

import errno
import socket
import struct
import time
from collections.abc import Iterator

import numpy as np
import pytest

from exporter.probing.icmp import ancillary
from exporter.probing.icmp.mmsg import MSG_TRUNC, NAME_SIZE, MessageVector

COUNT, SIZE = 8, 16


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two UDP sockets on 127.0.0.1."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        for sock in (one, two):
            sock.bind(("127.0.0.1", 0))
            sock.setblocking(False)
        yield one, two


def outgoing(receiver: socket.socket, count: int = COUNT) -> MessageVector:
    """`count` messages, each of SIZE bytes of its own number, for `receiver`."""
    vector = MessageVector(count, SIZE)
    vector.set_name_size(16)
    port = receiver.getsockname()[1]
    name = struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton("127.0.0.1") + b"\0" * 8
    vector.name[:, :16] = np.frombuffer(name, np.uint8)
    vector.data[:] = np.arange(count, dtype=np.uint8)[:, None]
    return vector


def test_messages_go_out_and_come_in_in_order(pair: tuple[socket.socket, socket.socket]) -> None:
    """Data, sizes and the sender's address."""
    one, two = pair
    assert outgoing(two).send(one.fileno(), 0, COUNT) == (COUNT, 0)
    vector = MessageVector(COUNT + 2, SIZE)
    assert vector.receive(two.fileno()) == (COUNT, 0)
    assert vector.data[:COUNT].tolist() == [[number] * SIZE for number in range(COUNT)]
    assert vector.size[:COUNT].tolist() == [SIZE] * COUNT
    sender = vector.name[:COUNT, 2:8].tobytes()
    assert sender == (struct.pack(">H", one.getsockname()[1]) + socket.inet_aton("127.0.0.1")) * COUNT


def test_a_part_of_the_messages_can_be_sent(pair: tuple[socket.socket, socket.socket]) -> None:
    """From the first named up to, not including, the last."""
    one, two = pair
    assert outgoing(two).send(one.fileno(), 2, 5) == (3, 0)
    vector = MessageVector(COUNT, SIZE)
    assert vector.receive(two.fileno()) == (3, 0)
    assert vector.data[:3, 0].tolist() == [2, 3, 4]


def test_nothing_to_receive_is_eagain(pair: tuple[socket.socket, socket.socket]) -> None:
    """It never waits."""
    assert MessageVector(COUNT, SIZE).receive(pair[0].fileno()) == (0, errno.EAGAIN)


def test_a_refused_send_tells_its_errno() -> None:
    """An address of another family."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        vector = MessageVector(1, SIZE)
        vector.name[:, :2] = np.frombuffer(struct.pack("=H", socket.AF_INET6), np.uint8)
        assert vector.send(sock.fileno(), 0, 1) == (0, errno.EAFNOSUPPORT)


def test_a_closed_socket_tells_its_errno() -> None:
    """For sending and receiving."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        closed = sock.fileno()
    assert MessageVector(1, SIZE).receive(closed) == (0, errno.EBADF)
    assert MessageVector(1, SIZE).send(closed, 0, 1) == (0, errno.EBADF)


def test_more_than_the_vector_holds_is_taken_by_the_next_call(pair: tuple[socket.socket, socket.socket]) -> None:
    """The same arrays are written again."""
    one, two = pair
    outgoing(two).send(one.fileno(), 0, COUNT)
    vector = MessageVector(5, SIZE)
    assert [vector.receive(two.fileno()), vector.receive(two.fileno())] == [(5, 0), (3, 0)]
    assert vector.data[:, 0].tolist() == [5, 6, 7, 3, 4]


def test_a_long_message_is_cut_and_tells_its_real_size(pair: tuple[socket.socket, socket.socket]) -> None:
    """MSG_TRUNC; the message behind it is whole."""
    one, two = pair
    one.sendto(b"x" * 100, two.getsockname())
    one.sendto(b"y" * 3, two.getsockname())
    vector = MessageVector(COUNT, SIZE)
    assert vector.receive(two.fileno(), MSG_TRUNC) == (2, 0)
    assert vector.size[:2].tolist() == [100, 3]
    assert (vector.data[0].tobytes(), vector.data[1, :3].tobytes()) == (b"x" * SIZE, b"yyy")


def wait_for_stamps(one: socket.socket, two: socket.socket, vector: MessageVector) -> None:
    """The kernel begins to stamp by deferred work where no other socket had asked for it (net_enable_timestamp)."""
    for _ in range(1000):
        one.sendto(b"z", two.getsockname())
        assert vector.receive(two.fileno()) == (1, 0)
        if vector.control_size[0]:
            return
        time.sleep(0.001)
    raise AssertionError("the kernel gives no stamps")


def test_sizes_are_whole_again_after_each_call(pair: tuple[socket.socket, socket.socket]) -> None:
    """The kernel overwrites the sizes of name and control with what it used; the next call has all the room again."""
    one, two = pair
    two.setsockopt(
        socket.SOL_SOCKET,
        ancillary.SO_TIMESTAMPING,
        ancillary.TIMESTAMPING_RX_SOFTWARE | ancillary.TIMESTAMPING_SOFTWARE,
    )
    vector = MessageVector(2, SIZE, ancillary.CONTROL_SIZE)
    wait_for_stamps(one, two, vector)
    for _ in range(3):
        one.sendto(b"z", two.getsockname())
        assert vector.receive(two.fileno()) == (1, 0)
        assert vector.control_size[0] == 64
        assert ancillary.read_ancillary(vector.control[:1], vector.control_size[:1], -1).wall_ns[0] > 0
        assert vector.name[0, 4:8].tobytes() == socket.inet_aton("127.0.0.1")


def test_an_ipv6_address_fits() -> None:
    """The larger of the two address structures."""
    assert NAME_SIZE == 28
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.bind(("::1", 0))
        sock.setblocking(False)
        sock.sendto(b"6", sock.getsockname())
        vector = MessageVector(1, SIZE)
        assert vector.receive(sock.fileno()) == (1, 0)
        assert vector.name[0, 8:24].tobytes() == socket.inet_pton(socket.AF_INET6, "::1")
