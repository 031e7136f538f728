"""``suanli serve``: what is refused before anything starts, and what a served page is reached by."""

import contextlib
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from sim.app import serve
from tests.app.conftest import ROOT

pytest.importorskip("tornado", reason="the live page needs tornado: pip install 'suanli[app]'")


def test_a_port_that_is_taken(suanli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = suanli("serve", "--port", str(port))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"suanli: --port: {port} is taken; give --port 0 for any free one\n"


def test_a_host_that_is_none_of_this_machine(suanli):
    done = suanli("serve", "--host", "192.0.2.1", "--port", "0")
    assert done.exit_code == 2
    assert done.stderr.startswith("suanli: --host 192.0.2.1 --port 0: ")


def test_a_host_that_is_none(suanli):
    done = suanli("serve", "--host", "no such host", "--port", "0")
    assert done.exit_code == 2
    assert 'found "no such host", expected an address of this machine' in done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none(suanli, port):
    assert suanli("serve", "--port", port).exit_code == 2


def test_without_tornado(suanli, monkeypatch):
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda name: None)
    done = suanli("serve")
    assert (done.exit_code, done.stderr) == (2, "suanli: serve: tornado is not installed; pip install 'suanli[app]'\n")


@pytest.mark.slow
def test_the_printed_address_opens_the_page(tmp_path):
    line = [sys.executable, "-m", "sim", "serve", "--port", "0"]
    server = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = re.fullmatch(
            r"The page is at (http://127\.0\.0\.1:\d+/\?token=[\w-]{32})\n", server.stdout.readline()
        )[1]
        with contextlib.closing(
            urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(address)
        ) as page:
            assert page.url == address.partition("?")[0]
            assert b'<script type="module" src="/page/main.js">' in page.read()
    finally:
        server.send_signal(signal.SIGINT)
        told = server.communicate(timeout=20)[1]
    assert server.returncode == 130
    assert "Traceback" not in told
    assert told.endswith("suanli: stopped by Ctrl-C\n"), "a page writes nothing, so there is nothing to say of it"
