"""Properties of the choice among a name's addresses, over any story of answers, losses and routes."""

from ipaddress import IPv4Address, IPv6Address

from hypothesis import given
from hypothesis import strategies as st

from exporter.probing.names.aim import SLOTS, Aim
from pantau.inventory.addresses import IpAddress

POOL: tuple[IpAddress, ...] = (
    *(IPv4Address(f"10.1.1.{n}") for n in range(1, 8)),
    *(IPv6Address(f"2001:db8::{n}") for n in range(1, 5)),
)
sets = st.lists(st.sampled_from(POOL), unique=True, max_size=SLOTS).map(lambda them: sorted(them, key=str))
alive = st.frozensets(st.sampled_from(POOL))


def everywhere(_: IpAddress) -> bool:
    """Every address has a route."""
    return True


def play(aim: Aim, number: int, answering: frozenset[IpAddress]) -> tuple[bool, list[IpAddress | None]]:
    """A round and, where it is lost, its confirmations: whether somebody answered, and who was asked."""
    asked: list[IpAddress | None] = []
    for _ in range(aim.packets + aim.attempts):
        address = aim.choose(number, everywhere)
        asked.append(address)
        if address is None:
            continue
        slot = aim.slot_of(address)
        if address in answering:
            aim.answered(slot, number)
            return True, asked
        aim.lost(slot, number)
    return False, asked


@given(st.lists(st.tuples(sets, alive), min_size=1, max_size=30), st.integers(0, 5))
def test_the_address_in_use_is_in_the_answer_and_stays_while_it_answers(
    story: list[tuple[list[IpAddress], frozenset[IpAddress]]], attempts: int
) -> None:
    """Whatever DNS tells and whoever answers; it moves only where it is gone from the answer, or is silent."""
    aim = Aim(attempts=attempts)
    for number, (told, answering) in enumerate(story, 1):
        before = aim.in_use
        aim.adopt(told, everywhere)
        assert (aim.in_use in told) if told else aim.in_use is None
        if before in told:
            assert aim.in_use == before
        used = aim.in_use
        answered, _ = play(aim, number, answering)
        assert (aim.in_use in told) if told else aim.in_use is None
        if answered:
            assert aim.in_use in answering
        else:
            assert aim.in_use == used


@given(sets.filter(bool), st.integers(0, 9), st.data())
def test_one_that_lives_is_found(told: list[IpAddress], attempts: int, data: st.DataObject) -> None:
    """In its first round where there are as many probes as addresses; else within as many rounds as there are."""
    living = data.draw(st.sampled_from(told))
    aim = Aim(attempts=attempts)
    aim.adopt(told, everywhere)
    rounds = 0
    while aim.in_use != living or not rounds:
        rounds += 1
        play(aim, rounds, frozenset({living}))
        assert rounds <= (1 if attempts + 1 >= len(told) else len(told))
    for number in range(rounds + 1, rounds + 10):
        assert play(aim, number, frozenset({living})) == (True, [living])


@given(sets.filter(bool), st.integers(0, 9), st.booleans())
def test_a_lost_round_has_asked_everybody(told: list[IpAddress], attempts: int, incomplete: bool) -> None:
    """Each as often as the others, give or take one; and what is not known, where something is not."""
    aim = Aim(attempts=attempts)
    aim.adopt(told, everywhere, incomplete=incomplete)
    answered, asked = play(aim, 1, frozenset())
    assert not answered
    everybody = {*told, None} if incomplete else set(told)
    counts = [asked.count(one) for one in everybody]
    assert len(asked) == attempts + 1
    assert max(counts) - min(counts) <= 1
    assert aim.in_use in asked


@given(sets.filter(lambda told: len(told) > 1), st.lists(st.frozensets(st.integers(0, 3)), max_size=40))
def test_addresses_that_all_live_never_alternate(told: list[IpAddress], losses: list[frozenset[int]]) -> None:
    """Of four packets a round, none or any are lost to the network: no packet goes elsewhere before two were."""
    aim = Aim(attempts=3)
    aim.adopt(told, everywhere)
    moves = 0
    for number, lost in enumerate(losses, 1):
        used = aim.in_use
        for attempt in range(4):
            address = aim.choose(number, everywhere)
            assert address is not None
            if attempt in lost:
                aim.lost(aim.slot_of(address), number)
            else:
                moves += aim.answered(aim.slot_of(address), number)
                break
        if len(told) == 2 and not lost >= {0, 1} and used is not None:
            assert aim.in_use == used or (number > 1 and losses[number - 2] >= {0, 1, 2, 3})
    assert moves <= sum(len(lost) > 0 for lost in losses)


def test_a_slot_outlives_a_change_of_the_set() -> None:
    """A reply to a probe of before counts for the address that it went to, and not for one that came after."""
    aim = Aim()
    aim.adopt(POOL[:3], everywhere)
    address = aim.choose(1, everywhere)
    assert address == POOL[0]
    slot = aim.slot_of(POOL[0])
    aim.adopt(POOL[1:5], everywhere)
    assert aim.in_use == POOL[1]
    assert aim.answered(slot, 1) is False
    assert aim.in_use == POOL[1]
    assert len({aim.slot_of(address) for address in POOL[1:5]}) == 4


def test_all_packets_of_a_round_go_to_one_address() -> None:
    """Loss is counted over all of them; then its confirmations are spread."""
    aim = Aim(packets=3, attempts=3)
    aim.adopt(POOL[:2], everywhere)
    for number in (1, 2):
        first, second = (POOL[0], POOL[1]) if number == 1 else (POOL[1], POOL[0])
        _, asked = play(aim, number, frozenset())
        assert asked == [first, first, first, first, second, second]
