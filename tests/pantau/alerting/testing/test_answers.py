"""What came back, read from logs as Alertmanager 0.25 writes them."""

import pytest

from pantau.alerting.testing.answers import DeliveryReply, address_of, answers_of, complaint, fields

HEAD = "ts=2026-03-01T02:00:00.000Z caller=notify.go:743 level=debug component=dispatcher"
GIVEN_UP = (
    'ts=2026-03-01T02:00:00Z caller=dispatch.go:352 level=error component=dispatcher msg="Notify for alerts failed" '
    'num_alerts=1 err="page/webhook[0]: notify retry canceled due to unrecoverable error after 1 attempts: unexpected '
    "status code 404: http://h/x: broken; page/email[0]: notify retry canceled after 3 attempts: send RCPT command: "
    '550 5.1.1 \\"nobody\\" here"'
)


def test_the_latest_word_of_each_way_counts() -> None:
    """A failure that is tried again is none once the message is taken."""
    log = [
        f'{HEAD} receiver=page integration=email[0] msg="Notify attempt failed, will retry later" err="a: b"',
        f'{HEAD} receiver=page integration=webhook[0] msg="Notify success" attempts=1',
    ]
    ways = ["email[0]", "webhook[0]", "telegram[0]"]
    assert answers_of(log, ways) == {
        "email[0]": DeliveryReply("email[0]", False, "a: b", final=False),
        "webhook[0]": DeliveryReply("webhook[0]", True, ""),
    }
    log.append(f'{HEAD} receiver=page integration=email[0] msg="Notify success" attempts=2')
    assert answers_of(log, ways)["email[0]"].taken


def test_what_was_given_up_is_told_for_each_way_with_the_other_ends_own_words() -> None:
    """Alertmanager makes one line of all of them."""
    found = answers_of([GIVEN_UP], ["webhook[0]", "email[0]"])
    assert [str(found[name]) for name in ("webhook[0]", "email[0]")] == [
        "webhook[0]: refused: unexpected status code 404: http://h/x: broken",
        'email[0]: refused: send RCPT command: 550 5.1.1 "nobody" here',
    ]


@pytest.mark.parametrize("address", ["127.0.0.1:41234", "[::1]:41234"])
def test_it_says_where_it_listens(address: str) -> None:
    """On loopback alone; before that nothing is known."""
    assert address_of(["msg=Starting", f'{HEAD} msg="Listening on" address={address}']) == address
    assert address_of([f'{HEAD} msg="Listening on" address=0.0.0.0:9093', "nothing"]) is None


def test_what_kept_it_from_starting_is_its_last_error() -> None:
    """And where it says nothing, that is said."""
    log = ['level=error msg="Loading configuration file failed" err="no route provided"', "level=info msg=bye"]
    assert complaint(log) == "Loading configuration file failed no route provided"
    assert complaint([]) == "it says nothing"


def test_a_line_that_is_no_logfmt_says_nothing() -> None:
    """Whatever a program prints when it dies."""
    assert fields("panic: runtime error [recovered]") == {}
    assert fields('err="a \\"b\\"\\n c" x=1') == {"err": 'a "b"  c', "x": "1"}
