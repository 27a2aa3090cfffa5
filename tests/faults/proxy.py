"""A TCP proxy of the suite's own on 127.0.0.1: what goes through it can be cut, frozen, delayed and forgotten."""

from __future__ import annotations

import socket
import threading
import time


class Proxy:
    """Passes connections on to a server that may come and go behind it."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._flows = threading.Event()
        self._flows.set()
        self._delay = 0.0
        self._pairs: set[_Pair] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections at once, as a router does that restarts; new ones pass."""
        for pair in list(self._pairs):
            pair.close()

    def freeze(self) -> None:
        """Nothing passes any more in either direction, and nobody is told. New connections are as silent."""
        self._flows.clear()

    def thaw(self) -> None:
        """What was held back passes, in order."""
        self._flows.set()

    def strand(self) -> None:
        """The connections of now stay open and silent for ever (half-open); new ones pass."""
        for pair in list(self._pairs):
            pair.stranded = True

    def delay(self, seconds: float) -> None:
        """Each piece takes that much longer from now on; 0 ends it."""
        self._delay = seconds

    def close(self) -> None:
        """End everything."""
        self._listener.close()
        self.thaw()
        self.cut()

    def __len__(self) -> int:
        """How many connections there are."""
        return len(self._pairs)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._flows.wait()
        try:
            server = socket.create_connection(self._server, timeout=5)
        except OSError:  # nobody is there: the client is told so
            _end(client)
            return
        server.settimeout(None)
        pair = _Pair(self, client, server)
        self._pairs.add(pair)
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=pair.pass_on, args=(source, target), daemon=True).start()

    def _hold_up(self) -> None:
        self._flows.wait()
        if self._delay:
            time.sleep(self._delay)

    def _forget(self, pair: _Pair) -> None:
        self._pairs.discard(pair)


class _Pair:
    """One connection: the client's half and the server's."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.stranded = False
        self._proxy = proxy
        self._client = client
        self._server = server

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        """Everything from one side to the other, until one of them ends."""
        try:
            while piece := source.recv(65536):
                self._proxy._hold_up()
                if not self.stranded:
                    target.sendall(piece)
        except OSError:  # reset, or closed by `cut`
            pass
        if not self.stranded:
            self.close()

    def close(self) -> None:
        for end in (self._client, self._server):
            _end(end)
        self._proxy._forget(self)


def _end(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:  # it was closed already
        pass
    end.close()
