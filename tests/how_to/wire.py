"""The wire between a subscriber and the broker, as a process: killed, it is cut, and whoever calls is refused.

python -m tests.how_to.wire <port> <the broker's host> <the broker's port>
"""

from __future__ import annotations

import asyncio
import sys


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All bytes from one end to the other, until it is closed."""
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(port: str, host: str, other_port: str) -> None:
    """Join whoever calls with the broker."""

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other_writer = await asyncio.open_connection(host, int(other_port))
        await asyncio.gather(carry(reader, other_writer), carry(other_reader, writer))

    server = await asyncio.start_server(join, "127.0.0.1", int(port))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
