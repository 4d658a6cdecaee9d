"""Why a server could not be asked, or its answer not be used: a closed list of failures, each with its sentence."""

from enum import StrEnum

from pantau.errors import PantauError


class Failure(StrEnum):
    """What went wrong. The value is the default sentence, of which a caller may make its own."""

    NO_ADDRESS = "'{server}' is no address of a Prometheus; write it as http://HOST:9090"
    UNREACHABLE = "{server} cannot be asked ({detail}); is it running, and is that its address?"
    SLOW = "{server} does not answer within {detail} s; ask when it has less to do"
    BROKEN_OFF = "{server} breaks off; look at its log, or give it more memory"
    TOO_LARGE = "{server} sends more than {detail} MB for one question; is it Prometheus?"
    REDIRECTED = "{server} sends us elsewhere ({status}); give the address that it leads to"
    DENIED = "{server} does not let us in ({status}); give http://USER:PASSWORD@HOST:PORT"
    REFUSED = "{server} refuses the question ({status}): {detail}"
    OTHER_PROGRAM = "{server} does not answer as Prometheus does ({status}); give the address of its HTTP API"
    OTHER_SHAPE = "{server} does not answer as Prometheus does; give the address of its HTTP API"
    PARTIAL = "{server} says that its answer is not whole ({detail}); mend its storage and ask again"


class PrometheusError(PantauError):
    """One question that has no usable answer. The text is one sentence with the server, what is wrong, and the cure."""

    def __init__(self, failure: Failure, server: str, detail: str = "", status: int | None = None) -> None:
        self.failure = failure
        self.server = server
        """Its URL, without user and password."""
        self.detail = detail
        """What the server or the system said, short and printable; of `SLOW` and `TOO_LARGE`, the limit."""
        self.status = status
        """Of the HTTP answer; `None` where there was none, or its body was at fault."""
        super().__init__(failure.value.format(server=server, detail=detail, status=status))
