"""What people do with every client, done with real ones against a real server: log in, join, talk, edit, react, change the
nickname, be away, look somebody up, leave, come back and read what was missed.

Usage: scenario.py /path/to/roost [client…]
"""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback

import clients
from observer import Observer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The settings are those of a new server; only the ports are others.
def start_server(roost, folder, names):
    port = free_port()
    with open(folder + "/roost.toml", "w", encoding="utf-8") as file:
        file.write(f'[listen]\nplain = []\ntls = ["127.0.0.1:{port}"]\nhttp = []\n')
    places = ["--config", folder + "/roost.toml", "--data", folder + "/data"]
    for name in names:
        subprocess.run(
            [roost, "account", "add", name, "--password-stdin"] + places, input=f"secret-{name}\n".encode(), check=True,
            stdout=subprocess.DEVNULL,
        )
    log = open(folder + "/roost.log", "wb+")
    process = subprocess.Popen([roost, "run"] + places, stdout=log, stderr=log)
    with subprocess.Popen(["timeout", "60", "tail", "-n", "+1", "-F", folder + "/roost.log"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tail:
        for line in tail.stdout:
            if f"127.0.0.1:{port}".encode() in line and b"Listening" in line:
                break
        tail.kill()
    return process, port


# Something that is in no log so far.
def word():
    return "word-" + secrets.token_hex(6)


def play(client, watcher, port):
    nick = re.escape(client.nick)

    client.start()
    watcher.expect(rf":{nick}!\S+ JOIN #nest")
    watcher.send(f"WHOIS {client.nick}")
    # Whoever negotiates in another order is logged in a moment after it came.
    found = watcher.expect(rf" 330 watcher {nick} {client.name} | 318 |ACCOUNT {client.name}").group()
    if " 330 " not in found:
        if " 318 " in found:
            watcher.expect(rf":{nick}!\S+ ACCOUNT {client.name}")
        watcher.send(f"WHOIS {client.nick}")
        watcher.expect(rf" 330 watcher {nick} {client.name} ")
    print(f"ok - {client.name} logs in with SASL and joins")

    # What it says with tags comes out with them only if the server took this.
    client.raw("CAP REQ :message-tags")
    client.raw(f"PRIVMSG #nest :hello from {client.name}")
    message = watcher.expect(rf"msgid=(\w+)\S* :{nick}!\S+ PRIVMSG #nest :hello from {client.name}").group(1)
    greeting = word()
    client.learns(greeting, lambda: watcher.send(f"PRIVMSG #nest :{greeting}"))
    print(f"ok - {client.name} talks and listens")

    client.raw(f"@+draft/edit={message} PRIVMSG #nest :better from {client.name}")
    watcher.expect(rf"draft/edit={message}\S* :{nick}!\S+ PRIVMSG #nest :better from {client.name}")
    client.raw(f"@+draft/reply={message};+draft/react=y TAGMSG #nest")
    watcher.expect(rf"draft/reply={message}\S*draft/react=y\S* :{nick}!\S+ TAGMSG #nest")
    print(f"ok - {client.name} edits and reacts")

    client.raw(f"NICK {client.name}2")
    watcher.expect(rf":{nick}!\S+ NICK :?{client.name}2")
    client.raw(f"NICK {client.nick}")
    watcher.expect(rf":{client.name}2!\S+ NICK :?{nick}")
    client.raw("AWAY :out for lunch")
    watcher.expect(rf":{nick}!\S+ AWAY :out for lunch")
    client.raw("AWAY")
    watcher.expect(rf":{nick}!\S+ AWAY$")
    # Somebody in no channel, whose real name nobody learns but by WHOIS.
    stranger = Observer(port, "stranger", word())
    client.learns(stranger.realname, lambda: client.raw("WHOIS stranger"))
    stranger.close()
    print(f"ok - {client.name} changes its nickname, is away and back, asks for WHOIS")

    client.stop()
    watcher.expect(rf":{nick}!\S+ QUIT ")
    missed = word()
    watcher.send(f"PRIVMSG #nest :{missed}")
    watcher.expect(rf"PRIVMSG #nest :{missed}")
    client.start()
    watcher.expect(rf":{nick}!\S+ JOIN #nest")
    client.learns(missed, lambda: client.raw("CHATHISTORY LATEST #nest * 10"))
    print(f"ok - {client.name} comes back and reads what it missed")
    client.stop()
    watcher.expect(rf":{nick}!\S+ QUIT ")


def main():
    roost, names = os.path.realpath(sys.argv[1]), sys.argv[2:] or list(clients.ALL)
    folder = tempfile.mkdtemp()
    server, port = start_server(roost, folder, names)
    failures = 0
    try:
        for name in names:
            watcher = Observer(port, "watcher")
            watcher.send("JOIN #nest")
            client = clients.ALL[name](folder, port, name, watcher)
            try:
                play(client, watcher, port)
            except Exception:  # one client must not hide the others
                failures += 1
                traceback.print_exc()
                print(f"--- {name} last saw:", *client.seen().splitlines()[-30:], sep="\n", file=sys.stderr)
            finally:
                client.kill()
                watcher.send("QUIT")
                watcher.close()
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
        if failures:
            with open(folder + "/roost.log", encoding="utf-8") as log:
                print("--- the server said:", *log.read().splitlines()[-20:], sep="\n", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failures else 0)


main()
