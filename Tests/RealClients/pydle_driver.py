"""pydle: lines from standard input go to the server, what the server says goes to standard output."""

import asyncio
import sys

import pydle

port, nick, account, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]


class Client(pydle.Client):
    RECONNECT_ON_ERROR = False

    async def on_connect(self):
        await super().on_connect()
        await self.join("#nest")
        asyncio.get_running_loop().add_reader(sys.stdin, self.forward)

    def forward(self):
        line = sys.stdin.readline()
        if line:
            asyncio.ensure_future(self._send(line.rstrip("\n") + "\r\n"))
        else:
            asyncio.get_running_loop().remove_reader(sys.stdin)

    async def on_raw(self, message):
        print(message._raw.rstrip(), flush=True)
        await super().on_raw(message)

    async def on_disconnect(self, expected):
        asyncio.get_running_loop().stop()


client = Client(nick, sasl_username=account, sasl_password=password, sasl_identity=account)
client.run("127.0.0.1", port=port, tls=True, tls_verify=False)
