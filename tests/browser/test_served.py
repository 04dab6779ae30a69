"""What the stories in the browser stand on: the server that hands them the application."""

import socket
import struct

from tests.browser.conftest import whole


def test_an_answer_is_closed_before_it_is_handed_over():
    closed = []

    class Body(list):
        def close(self):
            closed.append(self)

    def application(environ, start_response):
        return Body([b"one", b"two"])

    assert whole(application)({}, None) == [b"one", b"two"]
    assert len(closed) == 1


def test_who_hangs_up_in_the_middle_leaves_no_file_open(live):
    """A page that is left resets its connections: a file left open would fail whichever test the collector meets next."""
    port = int(live.extensions["at"].rpartition(":")[2])
    for _ in range(40):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /static/js/duration.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
