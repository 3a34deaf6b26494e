"""pydle: lines from standard input go to the server, what the server says goes to standard output."""

import asyncio
import os
import sys

import pydle

port, nick, account, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]


class Client(pydle.Client):
    RECONNECT_ON_ERROR = False
    rest = b""

    async def on_connect(self):
        await super().on_connect()
        await self.join("#nest")
        asyncio.get_running_loop().add_reader(sys.stdin, self.forward)

    # Several lines may come at once: what a buffered reader would hold back, nobody would be told of.
    def forward(self):
        data = os.read(sys.stdin.fileno(), 65536)
        if not data:
            return asyncio.get_running_loop().remove_reader(sys.stdin)
        *lines, self.rest = (self.rest + data).split(b"\n")
        asyncio.ensure_future(self.send_all(lines))

    async def send_all(self, lines):
        for line in lines:
            await self._send(line.decode() + "\r\n")

    async def on_raw(self, message):
        print(message._raw.rstrip(), flush=True)
        await super().on_raw(message)

    async def on_disconnect(self, expected):
        asyncio.get_running_loop().stop()


client = Client(nick, sasl_username=account, sasl_password=password, sasl_identity=account)
client.run("127.0.0.1", port=port, tls=True, tls_verify=False)
