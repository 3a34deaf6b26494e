"""The library `irc`: lines from standard input go to the server, what the server says goes to standard output."""

import functools
import ssl
import sys
import threading

import irc.client
import irc.connection

port, nick, account, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
reactor = irc.client.Reactor()
reactor.add_global_handler("all_raw_messages", lambda connection, event: print(event.arguments[0], flush=True))
reactor.add_global_handler("welcome", lambda connection, event: connection.join("#nest"))
server = reactor.server().connect(
    "127.0.0.1", port, nick, password=password, sasl_login=account,
    connect_factory=irc.connection.Factory(wrapper=functools.partial(context.wrap_socket)),
)


def forward():
    for line in sys.stdin:
        server.send_raw(line.rstrip("\n"))


threading.Thread(target=forward, daemon=True).start()
while server.is_connected():
    reactor.process_once(timeout=0.2)
