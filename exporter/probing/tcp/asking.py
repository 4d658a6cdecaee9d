"""A TCP check: whether a port takes connections. Nothing is sent, and what comes is not read."""

from exporter.probing.checking.questions import Answered, Asked
from exporter.probing.checking.reaching import Reaching
from exporter.probing.service import Result


async def ask_tcp(asked: Asked, reaching: Reaching) -> Answered:
    """Yes once the connection stands; `OSError` where it does not come about."""
    _, writer = await reaching.connect(asked.host, asked.port)
    writer.transport.abort()
    return Answered(Result.YES)
