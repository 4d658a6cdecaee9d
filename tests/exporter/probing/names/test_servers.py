"""The order in which name servers are asked."""

from exporter.probing.names.servers import AVOIDED_SECONDS, NameServer, in_order


def test_a_silent_server_is_asked_last_for_a_while() -> None:
    """As configured; then behind the others; as configured again when it has answered, or half a minute later."""
    servers = [NameServer(f"10.0.0.{n}") for n in range(3)]
    one, two, three = servers
    assert list(in_order(servers, 0.0)) == [one, two, three]
    one.was_silent(10.0)
    assert list(in_order(servers, 11.0)) == [two, three, one]
    two.was_silent(11.0)
    assert list(in_order(servers, 12.0)) == [three, one, two]
    one.answered()
    assert list(in_order(servers, 13.0)) == [one, three, two]
    assert list(in_order(servers, 11.0 + AVOIDED_SECONDS)) == [one, two, three]
