"""An HTTP proxy in front of a store that does by chance what stores do on bad days.

What is not disturbed goes through as it came: the path as it is escaped, the headers in their order, the
host, since the client signs them. Bodies are held whole, which is enough for reports and their PDFs.
"""
import http.client
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

# What happens to a request, and how often: `busy` answers 503, `closed` ends the connection before the store
# hears of it, `cut` ends it half way through the answer, when the store has done what it was asked.
SHARES = {"busy": 0.06, "closed": 0.04, "cut": 0.04}
BUSY = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "expect"}


class Proxy(ThreadingHTTPServer):
    """Listens on loopback for as long as its `with` block; `done` counts what was done to requests."""

    daemon_threads = True

    def __init__(self, store: int, seed: int, shares: dict[str, float] = SHARES):
        super().__init__(("127.0.0.1", 0), Connection)
        self.store = store
        self.shares = shares
        self.done = Counter()
        self.random = Random(seed)
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def fate(self, path: str) -> str:
        with self.lock:
            fates = [*self.shares, "passed"]
            fate = self.random.choices(fates, [*self.shares.values(), 1 - sum(self.shares.values())])[0]
            self.done[fate] += 1
            self.done[f"list {fate}"] += "list-type=2" in path
            return fate

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client may go away
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, and `Expect: 100-continue` is answered
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.store = http.client.HTTPConnection("127.0.0.1", self.server.store, timeout=60)

    def finish(self):
        self.store.close()
        super().finish()

    def passed(self):
        body = self.body()
        fate = self.server.fate(self.path)
        if fate == "busy":
            self.answer(503, "Slow Down", [("Content-Type", "application/xml")], BUSY)
        elif fate == "closed":
            self.close_connection = True
        else:
            self.forward(body, cut=fate == "cut")

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = passed

    def body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # trailers
            return b"".join(chunks)
        length = self.headers.get("Content-Length")
        return self.rfile.read(int(length)) if length is not None else None

    def forward(self, body: bytes | None, cut: bool):
        self.store.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in OF_THE_CONNECTION:
                self.store.putheader(name, value)
        if body is not None and "Content-Length" not in self.headers:
            self.store.putheader("Content-Length", str(len(body)))
        self.store.endheaders(body)
        answer = self.store.getresponse()
        content = answer.read()
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_THE_CONNECTION]
        self.answer(answer.status, answer.reason, headers, content, cut)

    def answer(self, status: int, reason: str, headers: list[tuple[str, str]], content: bytes, cut: bool = False):
        """Of an answer without a body nothing is left when it is cut."""
        if cut:
            self.close_connection = True
            if not content:
                return
        self.send_response_only(status, reason)
        for name, value in headers:
            self.send_header(name, value)
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        if not has_length and status not in (204, 304):  # that of a HEAD is the store's to tell
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if cut else content)

    def log_message(self, *_):
        """Requests are counted, not logged."""
