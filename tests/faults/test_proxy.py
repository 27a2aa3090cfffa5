"""The proxy does to a connection what it says."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.faults.proxy import Proxy


@pytest.fixture
def proxy():
    """A proxy in front of a server that sends back what it gets."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        try:
            while piece := connection.recv(1000):
                connection.sendall(piece)
        except OSError:  # cut
            pass
        connection.close()

    def accept():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # closed
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    made = Proxy(server.getsockname()[1])
    yield made
    made.close()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.fixture
def client(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3) as connection:
        yield connection


def echo(client, said=b"hello"):
    client.sendall(said)
    return client.recv(1000)


def has_ended(client):
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True


def test_what_is_sent_comes_back(client):
    assert echo(client) == b"hello"


def test_a_cut_ends_connections_and_new_ones_pass(proxy, client):
    echo(client)
    proxy.cut()
    assert has_ended(client)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=3) as other:
        assert echo(other) == b"hello"


def test_what_is_frozen_is_silent_and_comes_in_order_when_it_thaws(proxy, client):
    echo(client)
    proxy.freeze()
    client.sendall(b"one ")
    with pytest.raises(TimeoutError):
        client.recv(1000)
    client.sendall(b"two")
    proxy.thaw()
    client.settimeout(3)
    got = b""
    while len(got) < 7:
        got += client.recv(1000)
    assert got == b"one two"


def test_a_stranded_connection_stays_silent_while_new_ones_pass(proxy, client):
    echo(client)
    proxy.strand()
    with pytest.raises(TimeoutError):
        echo(client)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=3) as other:
        assert echo(other) == b"hello"


def test_who_calls_when_nobody_is_there_is_told_so(proxy):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lonely = Proxy(port)
    with socket.create_connection(("127.0.0.1", lonely.port), timeout=3) as client:
        assert has_ended(client)
    lonely.close()
