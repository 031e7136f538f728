"""Whatever a stranger, another page or a broken client sends: a clear refusal, and the server goes on."""

from __future__ import annotations

import json
import logging
import socket

import pytest
from tornado.httpclient import HTTPClientError

from sim.live.guard import Guard
from tests.live.conftest import ask

HOSTS = {
    "another name": "evil.example",
    "another name, our port": "evil.example:{port}",
    "our address as a prefix": "127.0.0.1.evil.example:{port}",
    "our name as a prefix": "localhost.evil.example:{port}",
    "our address and port as a prefix": "127.0.0.1:{port}.evil.example",
    "our address as a user": "127.0.0.1:{port}@evil.example",
    "a user at our address": "user:pw@127.0.0.1:{port}",
    "a rebinding service": "7f000001.c0a80001.rbndr.us:{port}",
    "a rebinding service, by dashes": "127-0-0-1.nip.io:{port}",
    "no port": "127.0.0.1",
    "another port": "127.0.0.1:1",
    "our port with a digit more": "127.0.0.1:{port}0",
    "a name that ends in a point": "localhost.:{port}",
    "every address": "0.0.0.0:{port}",
    "a short form": "127.1:{port}",
    "a number": "2130706433:{port}",
    "a hexadecimal number": "0x7f000001:{port}",
    "mapped to IPv6": "[::ffff:127.0.0.1]:{port}",
    "this machine's name": f"{socket.gethostname()}x:{{port}}",
    "spaces": "127.0.0.1 :{port}",
    "empty": "",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize("path", ["/", "/live"])
def test_another_host_is_refused_even_with_the_cookie(running, host, path):
    named = host.format(port=running.port)
    status, answer = running.raw(
        f"GET {path} HTTP/1.1\r\nHost: {named}\r\nCookie: {running.cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    assert status in (400, 421)
    assert b"<html" not in answer
    assert b"evil" not in answer


RAW = {
    "no host": (b"GET / HTTP/1.1\r\n{cookie}\r\n", {400, 421}),
    "two hosts": (b"GET / HTTP/1.1\r\n{host}Host: evil.example\r\n{cookie}\r\n", {400, 421}),
    "post": (b"POST / HTTP/1.1\r\n{host}{cookie}Content-Length: 2\r\n\r\nhi", {405}),
    "post from another site": (
        b"POST /download/toml HTTP/1.1\r\n{host}{cookie}Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n",
        {405},
    ),
    "put": (b"PUT /page/main.js HTTP/1.1\r\n{host}{cookie}Content-Length: 1\r\n\r\nx", {405}),
    "delete": (b"DELETE /catalogue.json HTTP/1.1\r\n{host}{cookie}\r\n", {405}),
    "preflight": (b"OPTIONS /live HTTP/1.1\r\n{host}{cookie}Origin: http://evil.example\r\n\r\n", {405}),
    "trace": (b"TRACE / HTTP/1.1\r\n{host}{cookie}\r\n", {405, 400}),
    "traversal": (b"GET /page/../server.py HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "traversal, encoded": (b"GET /page/..%2f..%2fcli.py HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "traversal, encoded twice": (b"GET /page/%252e%252e/server.py HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "traversal by backslash": (b"GET /page/..\\server.py HTTP/1.1\r\n{host}{cookie}\r\n", {400, 404}),
    "an absolute path": (b"GET /page//etc/passwd HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "a name cut by NUL": (b"GET /page/main.js%00.css HTTP/1.1\r\n{host}{cookie}\r\n", {400, 404}),
    "source of the server": (b"GET /page/server.py HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "a folder": (b"GET /page/ HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "a proxy's address": (b"GET http://evil.example/ HTTP/1.1\r\n{host}{cookie}\r\n", {400, 404}),
    "another kind of download": (b"GET /download/exe HTTP/1.1\r\n{host}{cookie}\r\n", {404}),
    "a download without a name": (b"GET /download/toml HTTP/1.1\r\n{host}{cookie}\r\n", {400}),
    "a name that is a path": (b"GET /download/toml?.name=../../x HTTP/1.1\r\n{host}{cookie}\r\n", {400}),
    "a name with a new line": (b"GET /download/toml?.name=a%0d%0aSet-Cookie:x HTTP/1.1\r\n{host}{cookie}\r\n", {400}),
    "a name with a script": (b"GET /download/toml?.name=%3Cscript%3E HTTP/1.1\r\n{host}{cookie}\r\n", {400}),
    "a long header": (b"GET / HTTP/1.1\r\n{host}{cookie}X: " + b"a" * 100_000 + b"\r\n\r\n", {400, 431, None}),
    "a long address": (b"GET /?" + b"a" * 100_000 + b" HTTP/1.1\r\n{host}{cookie}\r\n", {400, 414, None}),
    "a large body": (b"POST / HTTP/1.1\r\n{host}{cookie}Content-Length: 99999999\r\n\r\n", {400, 405, 413, None}),
    "a negative length": (b"POST / HTTP/1.1\r\n{host}{cookie}Content-Length: -1\r\n\r\n", {400, 405, None}),
    "two lengths": (b"POST / HTTP/1.1\r\n{host}{cookie}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", {400, None}),
    "smuggled": (
        b"POST / HTTP/1.1\r\n{host}{cookie}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {400, 405, None},
    ),
    "no request": (b"\x00\x01\x02\xff\xfe\r\n\r\n", {400, None}),
    "half a request": (b"GET / HT", {400, None}),
    "another protocol": (b"GET / HTTP/9.9\r\n{host}{cookie}\r\n", {400, 505, None}),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400, None}),
    "no cookie": (b"GET / HTTP/1.1\r\n{host}\r\n", {403}),
    "no cookie, script": (b"GET /page/main.js HTTP/1.1\r\n{host}\r\n", {403}),
    "no cookie, data": (b"GET /download/csv?.name=a HTTP/1.1\r\n{host}\r\n", {403}),
    "no cookie, nothing there": (b"GET /nothing HTTP/1.1\r\n{host}\r\n", {403}),
    "a wrong cookie": (b"GET / HTTP/1.1\r\n{host}Cookie: suanli-{port}=guess\r\n\r\n", {403}),
    "another port's cookie": (b"GET / HTTP/1.1\r\n{host}Cookie: suanli-1={secret}\r\n\r\n", {403}),
    "the token as the cookie": (b"GET / HTTP/1.1\r\n{host}Cookie: suanli-{port}={token}\r\n\r\n", {403}),
    "a wrong token": (b"GET /?token=guess HTTP/1.1\r\n{host}\r\n", {403}),
    "an empty token": (b"GET /?token= HTTP/1.1\r\n{host}\r\n", {403}),
    "half the token": (b"GET /?token={half} HTTP/1.1\r\n{host}\r\n", {403}),
    "the token elsewhere": (b"GET /catalogue.json?token={token} HTTP/1.1\r\n{host}\r\n", {403}),
    "a token that is no text": (b"GET /?token=%ff%fe HTTP/1.1\r\n{host}\r\n", {400, 403}),
}


@pytest.mark.parametrize(("request_", "expected"), RAW.values(), ids=RAW)
def test_a_hostile_request_is_refused_and_harms_nothing(running, request_, expected, caplog):
    guard = running.served.guard
    filled = {"host": f"Host: {running.host}\r\nConnection: close\r\n", "cookie": f"Cookie: {running.cookie}\r\n"}
    filled |= {"port": str(running.port), "secret": guard.cookie, "token": guard.token, "half": guard.token[:16]}
    for name, text in filled.items():
        request_ = request_.replace(f"{{{name}}}".encode(), text.encode())
    with caplog.at_level(logging.ERROR):
        status, answer = running.raw(request_)
    assert status in expected
    assert guard.cookie.encode() not in answer
    assert b"Traceback" not in answer
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert running.get("/catalogue.json")[0] == 200


ORIGINS = {
    "another site": "http://evil.example",
    "our address as a prefix": "http://127.0.0.1:{port}.evil.example",
    "our port with a digit more": "http://127.0.0.1:{port}0",
    "our address as a user": "http://127.0.0.1:{port}@evil.example",
    "another scheme": "https://127.0.0.1:{port}",
    "no port": "http://127.0.0.1",
    "the other name of this machine": "http://localhost:{port}",
    "a path": "http://127.0.0.1:{port}/",
    "a file": "file://",
    "none that it tells": "null",
    "empty": "",
}


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
def test_another_origin_opens_no_websocket(running, origin):
    with pytest.raises(HTTPClientError, match="403"):
        running.talk([ask()], Origin=origin.format(port=running.port))


def test_no_origin_opens_no_websocket(running):
    upgrade = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + 22 * "A"
        + "=="
    )
    asked = f"GET /live HTTP/1.1\r\nHost: {running.host}\r\nCookie: {running.cookie}\r\n{upgrade}\r\n\r\n"
    assert running.raw(asked.encode())[0] == 403


def test_no_cookie_opens_no_websocket(running):
    with pytest.raises(HTTPClientError, match="403"):
        running.talk([ask()], Cookie="")


SHOW = '"show": "overtake"'
MESSAGES = {
    "no JSON": "move",
    "half of it": '{"move": 1',
    "deep": "[" * 30_000,
    "a list": "[1, 2]",
    "nothing": "null",
    "another key": f'{{"move": 1, "view": "", {SHOW}, "eval": "1"}}',
    "no view": f'{{"move": 1, {SHOW}}}',
    "a negative number": f'{{"move": -1, "view": "", {SHOW}}}',
    "no whole number": f'{{"move": 1.5, "view": "", {SHOW}}}',
    "true": f'{{"move": true, "view": "", {SHOW}}}',
    "not a number": f'{{"move": NaN, "view": "", {SHOW}}}',
    "a huge number": f'{{"move": 1{"0" * 5_000}, "view": "", {SHOW}}}',
    "a view that is no text": f'{{"move": 1, "view": {{"scenario": "baseline"}}, {SHOW}}}',
    "an unknown output": ask(show="../../etc/passwd"),
    "an output that is no text": '{"move": 1, "view": "", "show": ["overtake"]}',
    "bytes": b"\x00\x01\xff",
    "a broken address": ask("growth.cloud"),
    "an unknown key": ask(".other=1"),
    "the same twice": ask("growth.cloud=0.4&growth.cloud=0.5"),
    "thousands of changes": ask("&".join(f"a{k}=1" for k in range(5_000))),
    "an unknown scenario": ask(".scenario=<script>alert(1)</script>"),
    "an unknown quantity": ask("<img src=x onerror=alert(1)>=1"),
    "no value": ask("growth.cloud="),
    "a program": ask("growth.cloud=__import__('os').system('id')"),
    "a deep value": ask("growth.cloud=" + "(" * 150),
    "a long value": ask("growth.cloud=" + "9" * 400),
    "a value beyond doubles": ask("growth.cloud=1e999"),
    "not a number as a value": ask("growth.cloud=nan"),
    "a value outside the limits": ask("growth.cloud=-2"),
    "half a switch": ask("adopt.commercial=0.5"),
    "never, of what is no time": ask("growth.cloud=never"),
    "a width of nothing": ask("growth.cloud=width(0)"),
    "a width of a switch": ask("adopt.commercial=width(2)"),
    "a scale of nothing": ask("growth.cloud=*0"),
    "a pin that is none": ask(".pin.growth.cloud=1"),
    "a pin of an unknown scenario": ask(".pin=nothing"),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_makes_no_sense_is_answered_by_one_line(running, message):
    """Alone, for a newer move silences the answers to one before it; the line goes on."""
    (refused,) = running.talk([message])
    *_, answer = running.talk([message, ask("", 2)], lambda answer: answer.get("draws") == 4_096)
    assert set(refused) == {"move", "refused", "quantity"}
    assert "expected" in refused["refused"] or "found" in refused["refused"]
    assert len(refused["refused"]) < 700
    assert "\n" not in refused["refused"]
    assert answer["move"] == 2


def test_a_message_that_is_too_large_closes_the_line(running):
    assert running.talk(["x" * 200_000]) == [None]
    assert running.talk([ask()], lambda answer: True)[0]["draws"] == 4_096


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(running):
    guard = running.served.guard
    status, headers, _ = running.get(f"/?token={guard.token}&lang=zh", Cookie="")
    assert (status, headers["Location"]) == (303, "/?lang=zh")
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Lax" in headers["Set-Cookie"]
    assert guard.token not in str(headers)
    status, headers, body = running.get("/", Cookie=headers["Set-Cookie"].partition(";")[0])
    assert status == 200
    assert guard.token.encode() not in body
    assert guard.cookie.encode() not in body


def test_every_answer_forbids_what_the_page_does_not_need(running):
    for path in ("/", "/page/main.js", "/nothing"):
        headers = running.get(path)[1]
        assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
        assert "Access-Control-Allow-Origin" not in headers


def test_the_page_names_no_other_host(running):
    assets = running.served.assets
    assert len(assets) >= 8
    for name, content in assets.items():
        words = content.replace(b"http://www.w3.org/2000/svg", b"").replace(b"${location", b"")
        assert b"http:" not in words, name
        assert b"https:" not in words.replace(b'"https:"', b""), name


def test_hosts_of_wider_servers():
    named = Guard("box.example", 80)
    assert named.host_is_right("box.example", "10.0.0.5")
    assert not named.host_is_right("10.0.0.5", "10.0.0.5")
    every = Guard("0.0.0.0", 8765)
    assert every.host_is_right("10.0.0.5:8765", "10.0.0.5")
    assert every.host_is_right("localhost:8765", "127.0.0.1")
    assert not every.host_is_right("localhost:8765", "10.0.0.5")
    assert not every.host_is_right("10.0.0.6:8765", "10.0.0.5")
    assert Guard("::1", 1).address().startswith("http://[::1]:1/?token=")


def test_a_name_from_a_book_comes_as_data(running):
    status, headers, body = running.get("/catalogue.json")
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert {len(chapter["inputs"]) > 0 for chapter in json.loads(body)["chapters"]} == {True}
