"""Does an editor that breaks the protocol get a reason and no traceback, and does the server end as it is to?"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytest.importorskip("pygls")

from rnnlint.hosts.server.answers import _code, _safe


def message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


START = message(id=1, method="initialize", params={"capabilities": {}, "processId": None, "rootUri": None})
SHUTDOWN = message(id=2, method="shutdown")
EXIT = message(method="exit")


def talk(*messages: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rnnlint", "server"]
    return subprocess.run(command, input=b"".join(messages), capture_output=True, timeout=60, check=False)


def test_an_exit_that_was_not_asked_for_ends_with_1() -> None:
    assert talk(START, EXIT).returncode == 1
    assert talk(START, SHUTDOWN, EXIT).returncode == 0


LENGTHS = [b"99999999999999", b"-5", b"abc", b"0", b"9" * 5000, b"268435457", b"\xd9\xa3"]


@pytest.mark.parametrize("length", LENGTHS, ids=lambda length: repr(length)[:12])
def test_a_length_that_is_none_ends_the_session_with_a_reason(length: bytes) -> None:
    done = talk(START, b"Content-Length: " + length + b"\r\n\r\n{}", SHUTDOWN, EXIT)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: the editor sent a ")
    assert len(done.stderr.splitlines()) == 1


BODIES = [b"{{{{{", b"[" * 200_000, b"\xff\xfe\xfd", b"[]", b'"x"', b'{"jsonrpc": "2.0"}', b'{"method": 1, "id": {}}']


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:12])
def test_a_message_that_is_none_is_passed_over_without_a_traceback(body: bytes) -> None:
    done = talk(START, b"Content-Length: %d\r\n\r\n%b" % (len(body), body), SHUTDOWN, EXIT)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b'"id": 2' in done.stdout


URIS = [
    "untitled:x",
    "http://a/b.py",
    "file://host/a%00b.py",
    "",
    "no uri",
    "file:///etc/%ff.py",
    "file:///a/../../b.py",
]


@pytest.mark.parametrize("uri", URIS)
def test_a_document_that_is_no_file_is_checked_or_passed_over(uri: str) -> None:
    document = {
        "uri": uri,
        "languageId": "python",
        "version": 1,
        "text": "import tensorflow as tf\ntf.nn.static_rnn(c)\n",
    }
    hover = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 8}}
    done = talk(
        START,
        message(method="textDocument/didOpen", params={"textDocument": document}),
        message(id=3, method="textDocument/hover", params=hover),
        SHUTDOWN,
        EXIT,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr + done.stdout


def test_no_source_line_breaks_out_of_its_code_span() -> None:
    for text in ("a", "a`b", "a `` b", "```` [x](http://evil)", "`", "``", "a` ``` b"):
        shown = _code(text)
        fence = shown[: len(shown) - len(shown.lstrip("`"))]
        inside = shown[len(fence) : -len(fence)]
        assert fence not in inside
        assert inside.strip() == text


def test_no_uri_ends_the_link_that_it_is_in() -> None:
    assert _safe("file:///a(b)[c] <d>`\u202e.py") == "file:///a%28b%29%5Bc%5D%20%3Cd%3E%60%E2%80%AE.py"
