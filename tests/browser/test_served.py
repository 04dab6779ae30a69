"""What the stories in the browser stand on: the server that hands them the application."""

import gc
import socket
import struct
import time
import warnings

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
    asked = f"GET {live.static_url_path}/js/duration.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(asked)
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(0.5)  # the server's threads come to their ends
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        gc.collect()
    assert [str(one.message) for one in said if "duration.js" in str(one.message)] == []
