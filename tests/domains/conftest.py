"""A local server in the place of the sets' original homes, and a data home of its own for each test."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from seqconv.domains import home as cache


@pytest.fixture
def home(tmp_path, monkeypatch):
    path = tmp_path / "home"
    monkeypatch.setenv("SEQCONV_DATA", str(path))
    return path


@pytest.fixture
def server(monkeypatch):
    """Serves ``server.files`` (path to bytes); a path in ``server.cut`` breaks off half way."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with server.lock:
                server.asked.append(self.path)
            if server.barrier:
                server.barrier.wait(timeout=60)
            if self.path not in server.files:
                return self.send_error(404)
            data = server.files[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if self.path in server.cut else data)

        def log_message(self, *_):
            pass

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files, server.cut, server.asked, server.barrier, server.lock = {}, set(), [], None, threading.Lock()
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def offer(server, monkeypatch):
    """Put a file on the server, as its home has it, and in the registry, pinned as our layout has it."""
    table = {}
    monkeypatch.setattr(cache, "registered", lambda: table)

    def offer(relative_path, content, served=None, member=None, layout=None):
        address = f"/original/{relative_path}"
        server.files[address] = content if served is None else served
        pin = hashlib.sha256(content).hexdigest()
        table[relative_path] = cache.Source(server.url + address, pin, len(content), member, layout)
        return table[relative_path]

    return offer
