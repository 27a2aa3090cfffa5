"""The listener under attack, as a process of its own: it stays answerable, says nothing about itself, and what can be
read in two ways is refused."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from http.client import HTTPResponse

import pytest
import requests

from shared.access.tokens import Tokens
from shared.demo.processes import ServiceProcess
from shared.web.connections import MOST_CONNECTIONS, MOST_OF_ONE_ADDRESS
from shared.web.files import CSV, MIB
from shared.web.headers import SECURITY
from shared.web.limits import ADDRESS, LINK, PER_MINUTE, REFUSED
from shared.web.wire import LARGEST_BODY

HOST = "jiushu.example.cn"
BUSY = 5  # what an identity may ask in a minute of the guarded process


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Starts grid and notify with these settings, and stops them at the end."""
    processes = []

    def start(**environment):
        directory = tmp_path_factory.mktemp("listener")
        process = ServiceProcess(["grid", "notify"], environment, directory)
        processes.append(process)
        process.start()
        return process

    yield start
    for process in processes:
        process.stop()


@pytest.fixture(scope="module")
def open_process(started):
    """As it is without settings."""
    process = started()
    process.wait_until_ready()
    return process


@pytest.fixture(scope="module")
def guarded(started):
    """Behind a proxy on this machine, asked for by one name, with limits."""
    process = started(
        JIUSHU_HOSTS=f"{HOST},grid:8000",
        JIUSHU_TRUSTED_PROXIES="127.0.0.1/32",
        JIUSHU_RATE_PER_MINUTE=str(BUSY),
        JIUSHU_MACHINE_RATE_PER_MINUTE="1000",
    )
    process.wait_until_ready()
    return process


def test_who_comes_while_it_starts_is_asked_to_wait_and_never_told_that_there_is_nothing(started):
    process, seen = started(), []
    while not seen or seen[-1].status_code != 200:
        with suppress(requests.ConnectionError):
            seen.append(requests.get(f"{process.url}/grid/v1/healthz", timeout=20))
    early = seen[:-1]
    assert [(answer.status_code, answer.json()["code"]) for answer in early] == [(503, "not_ready")] * len(
        early
    )
    assert all(answer.headers["Retry-After"] for answer in early)


def connected(process, source="127.0.0.1", takes=None):
    """A connection; one that takes so many bytes at once only, where that is said."""
    line = socket.socket()
    line.settimeout(10)
    if takes:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
    line.bind((source, 0))
    line.connect(("127.0.0.1", process.port))
    return line


def answer_to(process, request, end=True):
    """What is answered to these bytes: status, headers, body. Whatever else follows is in the body."""
    with connected(process) as line:
        line.sendall(request)
        if end:
            with suppress(OSError):  # it may have hung up already
                line.shutdown(socket.SHUT_WR)
        answer = HTTPResponse(line)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def head(*lines, target="/grid/v1/healthz", method="GET", host="x"):
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *lines, "", ""]).encode("latin-1")


SMUGGLED = b"GET /grid/v1/readyz HTTP/1.1\r\nHost: x\r\n\r\n"
TWO_WAYS = {
    "two lengths": head("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}") + SMUGGLED,
    "two equal lengths": head("Content-Length: 0", "Content-Length: 0"),
    "a length and chunks": head("Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n" + SMUGGLED,
    "a coding that is not chunked": head("Transfer-Encoding: xchunked") + SMUGGLED,
    "two codings": head("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + SMUGGLED,
    "a length with a sign": head("Content-Length: +5") + b"hello",
    "a length with an underscore": head("Content-Length: 1_0") + b"0123456789",
    "a negative length": head("Content-Length: -1"),
    "a blank before the colon": head(f"Content-Length : {len(SMUGGLED)}") + SMUGGLED,
    "a line without a colon": head("nonsense", "Content-Length: 5") + b"hello",
    "a folded line": head("X-One: a", " b"),
    "a bare CR": head("X-One: a\rContent-Length: 5") + b"hello",
    "a NUL": head("X-One: a\0b"),
    "a head without an end": b"GET /grid/v1/healthz HTTP/1.1\r\nHost: x\r\n",
    "two hosts": head("Host: y"),
    "no host": b"GET /grid/v1/healthz HTTP/1.1\r\n\r\n",
    "a host that is none": head(host='x"><script>'),
}
TOO_LARGE = {
    "a long URL": (head(target="/" + "a" * 9000), 414),
    "a long line": (head("X-One: " + "a" * 9000), 431),
    "a long head": (head(*(f"X-{number}: {'a' * 5000}" for number in range(14))), 431),
    "many lines": (head(*(f"X-{number}: a" for number in range(120))), 431),
}
NO_REQUESTS = {
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a version that there is not": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "four words": b"GET / / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no path": b"GET\r\n\r\n",
}


def is_a_refusal(status, headers, body, expected):
    assert status == expected, body
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == expected
    says_nothing_about_itself(headers, body)


def says_nothing_about_itself(headers, body):
    assert b"Traceback" not in body
    assert b'File "' not in body
    assert "Server" not in headers
    assert {name: headers[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")} == {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"]


@pytest.mark.parametrize("request_", TWO_WAYS.values(), ids=TWO_WAYS)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    open_process, request_
):
    is_a_refusal(*answer_to(open_process, request_), 400)


@pytest.mark.parametrize("request_", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_is_refused(open_process, request_):
    is_a_refusal(*answer_to(open_process, request_), 400)


@pytest.mark.parametrize(("request_", "status"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_head_that_is_too_large_is_refused(open_process, request_, status):
    is_a_refusal(*answer_to(open_process, request_, end=False), status)


def test_a_body_in_chunks_and_one_that_waits_for_our_word_are_read(open_process):
    key = Tokens.from_file(open_process.log.parent / "token.key").issue("x", "street")
    common = (f"Authorization: Bearer {key}", "Content-Type: application/json", "Connection: close")
    post = {"method": "POST", "target": "/grid/v1/places"}
    body = '{"kind": "street", "name": "九棵树街道", "code": "110112010"}'.encode()
    chunked = head(*common, "Transfer-Encoding: chunked", **post)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    assert answer_to(open_process, chunked + chunks)[0] == 201
    with connected(open_process) as line:
        line.sendall(head(*common, f"Content-Length: {len(body)}", "Expect: 100-continue", **post))
        assert line.recv(100).startswith(b"HTTP/1.1 100")
        line.sendall(body)
        assert line.recv(100).startswith(b"HTTP/1.1 4")  # it is there already


def test_a_form_with_parts_reaches_the_door(open_process):
    key = Tokens.from_file(open_process.log.parent / "token.key").issue("x", "street")
    parts = {"file": ("a.txt", b"a" * 1000)}
    answer = requests.post(
        f"{open_process.url}/grid/v1/places",
        files=parts,
        headers={"Authorization": f"Bearer {key}"},
        timeout=10,
    )
    assert answer.status_code == 415


def test_requests_follow_each_other_on_one_connection(open_process):
    with connected(open_process) as line:
        for _ in range(3):
            line.sendall(head())
            answer = HTTPResponse(line)
            answer.begin()
            assert (answer.status, json.loads(answer.read())) == (200, {"status": "ok"})


STRANGE = {
    "an odd method": head(method="BREW", target="/grid/v1/places"),
    "TRACE": head(method="TRACE", target="/grid/v1/places"),
    "OPTIONS of all": head(method="OPTIONS", target="*"),
    "a foreign URL": head(target="http://evil.example/grid/v1/healthz"),
    "up the path": head(target="/grid/v1/docs/../../../etc/passwd"),
    "up the path, encoded": head(target="/grid/v1/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    "a NUL in the path": head(target="/grid/v1/topics/%00"),
    "broken UTF-8 in the path": head(target="/grid/v1/docs/%ff%fe"),
    "raw bytes in the path": head(target="/grid/v1/docs/\xff\xfe"),
    "broken UTF-8 behind the ?": head(target="/open311/v2/requests.json?status=%ff%fe"),
    "a NUL behind the ?": head(target="/open311/v2/requests.json?service_code=%00"),
    "a huge number": head(target="/open311/v2/requests.json?page=" + "9" * 5000),
    "a far date": head(target="/open311/v2/requests.json?start_date=0001-01-01T00:00:00%2B14:00"),
    "many parameters": head(target="/open311/v2/requests.json?" + "&".join("a=1" for _ in range(1500))),
    "a broken token": head("Authorization: Bearer \xff\xfe.x.y", target="/grid/v1/places"),
    "a token without an algorithm": head(
        "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", target="/grid/v1/places"
    ),
    "a broken language": head("Accept-Language: \xff;q=9e999", target="/grid/v1/places"),
    "a broken form": head(
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 3",
        method="POST",
        target="/sign-in",
    )
    + b"\xff%z",
    "a large form": head(
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 100000",
        method="POST",
        target="/sign-in",
    )
    + b"-" * 100000,
    "a broken cookie": head("Cookie: jiushu_pages=\xff\xfe; =;;", target="/"),
    "a page up the path": head(target="/journeys/..%2f..%2fetc"),
    "only slashes": head(target="//////"),
}


@pytest.mark.parametrize("request_", STRANGE.values(), ids=STRANGE)
def test_whatever_is_sent_no_stack_trace_is_answered_and_no_5xx(open_process, request_):
    status, headers, body = answer_to(open_process, request_)
    assert 200 <= status < 500
    says_nothing_about_itself(headers, body)


BODIES = {
    "deep JSON": b'{"a":' * 40000 + b"1" + b"}" * 40000,
    "a deep list": b"[" * 100000,
    "a huge number": b'{"kind": ' + b"9" * 200000 + b"}",
    "infinity": b'{"kind": 1e999}',
    "a lone surrogate": b'{"kind": "street", "name": "\\ud800", "code": "1"}',
    "a NUL": b'{"kind": "street", "name": "\\u0000", "code": "1"}',
    "broken UTF-8": b'{"kind": "\xff\xfe"}',
    "UTF-16": '{"kind": "street"}'.encode("utf-16"),
    "a mark of the order of bytes": b"\xef\xbb\xbf{}",
    "the same name twice": b'{"kind": "street", "kind": {"a": []}}',
    "too much": b"x" * 300_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_whatever_stands_in_a_body_no_stack_trace_is_answered_and_no_5xx(open_process, body):
    key = Tokens.from_file(open_process.log.parent / "token.key").issue("x", "street")
    answer = requests.post(
        f"{open_process.url}/grid/v1/places",
        data=body,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        timeout=20,
    )
    assert 400 <= answer.status_code < 500
    says_nothing_about_itself(answer.headers, answer.content)


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nowhere", "/grid/v1/healthz", "/grid/v1/docs", "/grid/nowhere"]
)
def test_every_answer_has_the_headers_that_browsers_heed(open_process, path):
    answer = requests.get(open_process.url + path, timeout=10)
    says_nothing_about_itself(answer.headers, answer.content)
    assert set(SECURITY) <= set(answer.headers)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_nothing_follows_the_head_where_only_the_head_was_asked_for(open_process):
    for path in ("/nowhere", "/grid/v1/healthz", "/"):
        with connected(open_process) as line:
            line.sendall(head("Connection: close", method="HEAD", target=path))
            line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.endswith(b"\r\n\r\n")


def test_however_many_connections_only_hold_a_place_others_are_answered(open_process):
    slow = []
    try:
        for number in range(MOST_CONNECTIONS + 100):
            line = connected(open_process, f"127.0.{number % 3}.9")
            line.sendall(b"GET /grid/v1/healthz HTTP/1.1\r\nHo")  # and no more
            slow.append(line)
        for _ in range(3):
            for line in slow[-50:]:
                line.sendall(b"s")
            assert requests.get(f"{open_process.url}/grid/v1/healthz", timeout=5).ok
    finally:
        for line in slow:
            line.close()


def test_however_many_do_not_take_their_answers_others_are_answered(open_process):
    large = head(target="/grid/v1/docs/swagger-ui-bundle.js")
    idle = []
    try:
        for number in range(MOST_CONNECTIONS + 100):
            line = connected(open_process, f"127.0.{number % 3}.10", takes=2048)
            line.sendall(large)
            idle.append(line)
        assert requests.get(f"{open_process.url}/grid/v1/healthz", timeout=60).ok
    finally:
        for line in idle:
            line.close()


def test_one_address_cannot_take_every_place(open_process):
    slow = [connected(open_process, "127.0.0.7") for _ in range(MOST_OF_ONE_ADDRESS + 20)]
    other = connected(open_process, "127.0.0.8")
    try:
        answer_to(open_process, head())
        slow[0].settimeout(5)
        assert slow[0].recv(1) == b"", "the oldest gives way to the newest of its address"
        other.sendall(head())
        assert other.recv(100).startswith(b"HTTP/1.1 200"), "and nobody else does"
    finally:
        for line in (*slow, other):
            line.close()


def test_who_hangs_up_in_the_middle_leaves_nothing_in_the_log(open_process):
    long = head("Content-Length: 1000", method="POST", target="/sign-in")
    large = head(target="/grid/v1/docs/swagger-ui-bundle.js")
    for sent in (b"", b"GE", b"GET / HTTP/1.1\r\nHo", long, long + b"token=", large):
        line = connected(open_process, takes=2048)
        line.sendall(sent)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no farewell
        line.close()
    assert requests.get(f"{open_process.url}/grid/v1/healthz", timeout=10).ok
    assert "Traceback" not in open_process.log.read_text(encoding="utf-8")


def test_a_name_that_is_not_ours_is_refused(guarded):
    for name in ("evil.example", f"{HOST}.evil.example", f"{HOST}:443.evil.example", "grid", "grid:9000"):
        is_a_refusal(*answer_to(guarded, head(host=name)), 421 if ":443." not in name else 400)
    for name in (HOST, HOST.upper(), f"{HOST}:443", "grid:8000", "10.1.2.3", "10.1.2.3:80", "[::1]:80"):
        assert answer_to(guarded, head("Connection: close", host=name))[0] == 200


def test_behind_tls_browsers_are_told_to_keep_to_it(guarded):
    forwarded = {"X-Forwarded-Proto": "https"}
    answer = requests.get(f"{guarded.url}/open311/v2/discovery.json", headers=forwarded, timeout=10)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.json()["endpoints"][0]["url"].startswith("https://")


def test_a_stranger_cannot_say_that_it_came_over_tls(open_process):
    answer = requests.get(f"{open_process.url}/", headers={"X-Forwarded-Proto": "https"}, timeout=10)
    assert "Strict-Transport-Security" not in answer.headers


def asked(process, path, times, address, **headers):
    """The statuses of that many requests from an address; and the first refusal, else the last answer."""
    with requests.Session() as session:
        answers = [
            session.get(process.url + path, headers={"X-Forwarded-For": address, **headers}, timeout=10)
            for _ in range(times)
        ]
    refused = [answer for answer in answers if answer.status_code == 429]
    return [answer.status_code for answer in answers], (refused or answers)[-1]


def bearer(process, subject, role="street"):
    token = Tokens.from_file(process.log.parent / "token.key").issue(subject, role)
    return {"Authorization": f"Bearer {token}"}


def is_stopped(statuses, after, otherwise):
    """The limit is reached; a little later than that where a minute ended meanwhile."""
    assert statuses[:after] == [otherwise] * after
    assert 429 in statuses[after:]
    assert set(statuses) == {otherwise, 429}


def test_who_asks_too_often_is_told_to_wait_and_others_are_not(guarded):
    statuses, last = asked(guarded, "/grid/v1/places", 3 * BUSY, "198.51.100.1", **bearer(guarded, "busy"))
    is_stopped(statuses, BUSY, 200)
    assert last.json()["code"] == "too_many_requests"
    assert 1 <= int(last.headers["Retry-After"]) <= 120
    assert asked(guarded, "/grid/v1/places", 1, "198.51.100.1", **bearer(guarded, "calm"))[0] == [200]


def test_outside_systems_have_a_limit_of_their_own_and_who_watches_has_none(guarded):
    machine = bearer(guarded, "system", "outside_system")
    assert 429 not in asked(guarded, "/grid/v1/places", 3 * BUSY, "198.51.100.2", **machine)[0]
    monitor = bearer(guarded, "monitor", "monitor")
    assert asked(guarded, "/grid/v1/metrics", 3 * BUSY, "198.51.100.2", **monitor)[0] == [200] * 3 * BUSY
    scraped = asked(guarded, "/grid/v1/metrics", 1, "198.51.100.2", **monitor)[1].text
    assert 'jiushu_http_rate_limited_total{by="identity"}' in scraped


def test_a_link_can_be_tried_a_few_times_only(guarded):
    path = "/notify/v1/answers/guessed"
    statuses, _ = asked(guarded, path, 2 * PER_MINUTE[LINK], "198.51.100.3")
    is_stopped(statuses, PER_MINUTE[LINK], 404)
    assert asked(guarded, "/notify/v1/answers/another", 1, "198.51.100.4")[0] == [404]


def test_pages_are_shown_to_one_address_so_often_only(guarded):
    statuses, last = asked(guarded, "/pages.css", PER_MINUTE[ADDRESS] + 100, "198.51.100.7")
    is_stopped(statuses, PER_MINUTE[ADDRESS], 200)
    assert "请求过于频繁" in last.text
    assert last.headers["Retry-After"]


def test_refused_tokens_are_counted_by_address_and_valid_ones_pass(guarded):
    wrong = {"Authorization": "Bearer wrong"}
    statuses, _ = asked(guarded, "/grid/v1/places", 2 * PER_MINUTE[REFUSED], "198.51.100.5", **wrong)
    is_stopped(statuses, PER_MINUTE[REFUSED], 401)
    assert asked(guarded, "/grid/v1/places", 1, "198.51.100.5", **bearer(guarded, "valid"))[0] == [200]
    assert asked(guarded, "/grid/v1/places", 1, "198.51.100.6", **wrong)[0] == [401]


# ---- files, which may be larger than other bodies


def send_file(process, content, *, role="street", **headers):
    key = Tokens.from_file(process.log.parent / "token.key").issue("x", role)
    url = f"{process.url}/grid/v1/imports/places?dry_run=true"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": CSV} | headers
    return requests.post(url, data=content, headers=headers, timeout=60)


def sheet(size):
    """A sheet with remarks of so many bytes."""
    return "编码,名称,类型\n".encode() + (b"# " + b"x" * 997 + b"\n") * (size // 1000)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_file_larger_than_other_bodies_may_be_is_taken_from_those_who_may_send_it(open_process, is_chunked):
    content = sheet(8 * LARGEST_BODY)
    answer = send_file(open_process, iter([content]) if is_chunked else content)
    assert (answer.status_code, answer.json()["rows"]) == (200, 0), answer.text


def test_no_more_of_a_file_is_read_than_its_endpoint_takes(open_process):
    answer = send_file(open_process, sheet(9 * MIB))
    assert (answer.status_code, answer.json()["code"]) == (413, "malformed")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"role": "admin"}, 403),
        ({"Authorization": "Bearer x.y.z"}, 401),
        ({"Content-Type": "text/plain"}, 415),
    ],
    ids=["another role", "a broken token", "another type"],
)
def test_who_may_not_send_it_is_told_so(open_process, who, status):
    assert send_file(open_process, sheet(4 * LARGEST_BODY), **who).status_code == status
