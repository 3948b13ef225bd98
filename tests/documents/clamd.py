"""A scanner that speaks clamd's protocol over a socket, for what a real one can't be made to do."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The test file every scanner knows (EICAR), in two parts: whole, it would be found in this very file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Talk(socketserver.BaseRequestHandler):
    server: "Scanner"

    def handle(self) -> None:
        if self._order() == b"zPING":
            self.request.sendall(b"PONG\0")
            return
        content = b"".join(self._chunks())
        self.server.scanned.append(content)
        verdict = b"Eicar-Test FOUND" if EICAR in content else b"OK"
        self.request.sendall(self.server.says or b"stream: " + verdict + b"\0")

    def _order(self) -> bytes:
        order = b""
        while not order.endswith(b"\0"):
            order += self._received(1)
        return order[:-1]

    def _chunks(self) -> Iterator[bytes]:
        while length := struct.unpack("!L", self._received(4))[0]:
            yield self._received(length)

    def _received(self, length: int) -> bytes:
        received = b""
        while len(received) < length:
            part: bytes = self.request.recv(length - len(received))
            if not part:
                raise ConnectionError
            received += part
        return received


class Scanner(socketserver.ThreadingTCPServer):
    """`says` is answered whatever was sent; `scanned` is what was."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.says = b""
        self.scanned: list[bytes] = []

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.server_address[1]}"


@contextmanager
def scanning() -> Iterator[Scanner]:
    with Scanner() as scanner:
        thread = threading.Thread(target=scanner.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield scanner
        finally:
            scanner.shutdown()
            thread.join()
