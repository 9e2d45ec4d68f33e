"""A small Hugging Face hub on this machine: real HTTP with HEAD, GET and byte ranges, over real files."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Hub:
    """Serves the files of ``folder`` as any repository. ``break_after`` cuts every answer of ``model.bin`` short;
    ``pace`` is how many seconds each of its megabytes takes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.break_after: int | None = None
        self.pace = 0.0
        self.requests: list[tuple[str, str, str]] = []  # method, file, range
        self.sent = 0  # bytes of model.bin
        self.address = ""


@contextmanager
def serve(folder: Path) -> Iterator[Hub]:
    hub = Hub(folder)
    tags = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, body: bool) -> None:
            path = self.path.split("?")[0].strip("/").split("/")
            name = path[-1]
            hub.requests.append((self.command, name, self.headers.get("Range", "")))
            if "resolve" not in path or name not in tags:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if not (hub.folder / name).exists():
                self.send_error(404)
                return
            data = (hub.folder / name).read_bytes()
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
            part = data[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(part)))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{tags[name]}"')
            self.send_header("X-Repo-Commit", path[path.index("resolve") + 1])
            self.end_headers()
            if not body:
                return
            if name == "model.bin" and hub.break_after is not None:
                part = part[: hub.break_after]
                self.close_connection = True
            if name == "model.bin":
                hub.sent += len(part)
            with suppress(ConnectionError):  # the client hung up
                for start in range(0, len(part), 1_000_000):
                    self.wfile.write(part[start : start + 1_000_000])
                    time.sleep(hub.pace if name == "model.bin" else 0.0)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
