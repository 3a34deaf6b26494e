"""A bare IRC connection of the test itself: it watches what the real clients do, and says things to them."""

import re
import socket
import ssl
import time


class Timeout(Exception):
    """What was waited for did not come."""


class Observer:
    """Reads lines until one fits. Every wait is bounded."""

    patience = 30

    def __init__(self, port, nick, realname=None):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(socket.create_connection(("127.0.0.1", port)))
        self.buffer = b""
        self.lines = []
        self.send("CAP REQ :batch message-tags account-tag account-notify away-notify server-time echo-message draft/chathistory")
        self.realname = realname or nick
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{self.realname}", "CAP END")
        self.expect(r" 001 ")

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def expect(self, pattern):
        """The match in the first line that fits and was not given out before."""
        deadline = time.monotonic() + self.patience
        while True:
            while self.lines:
                line = self.lines.pop(0)
                found = re.search(pattern, line)
                if found:
                    return found
            self._read(deadline, pattern)

    def _read(self, deadline, pattern):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise Timeout(f"nothing that fits {pattern}")
        self.socket.settimeout(remaining)
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            raise Timeout(f"nothing that fits {pattern}") from None
        if not data:
            raise Timeout(f"the server hung up before anything fitted {pattern}")
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        for line in lines:
            text = line.rstrip(b"\r").decode()
            if text.startswith("PING "):
                self.send("PONG" + text[4:])
            self.lines.append(text)

    def close(self):
        self.socket.close()
