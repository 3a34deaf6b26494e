"""A server with people on it who talk: what the screens of the web client are shown with. All names are made up."""

import queue
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Harbour:
    """A new server that ends with the `with` block."""

    def __init__(self, roost):
        self.roost = roost
        self.folder = tempfile.mkdtemp()
        self.port, self.irc = free_port(), free_port()
        self.places = ["--config", self.folder + "/roost.toml", "--data", self.folder + "/data"]
        with open(self.folder + "/roost.toml", "w", encoding="utf-8") as file:
            file.write(
                f'[server]\nnetwork = "Rookery"\n[listen]\nplain = ["127.0.0.1:{self.irc}"]\ntls = []\nhttp = ["127.0.0.1:{self.port}"]\n'
                f'[broker]\npublic_url = "{self.address}"\n[limits]\nflood_control = false\n'
            )

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        subprocess.run(
            [self.roost, "account", "add", "wren", "--password-stdin"] + self.places, input=b"longenough\n", check=True,
            stdout=subprocess.DEVNULL,
        )
        with open(self.folder + "/log", "wb") as log:
            self.process = subprocess.Popen(["timeout", "900", self.roost, "run"] + self.places, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while f"listener.bound address=127.0.0.1:{self.port}" not in self.log:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("The server does not start:\n" + self.log)
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    @property
    def log(self):
        with open(self.folder + "/log", encoding="utf-8") as file:
            return file.read()

    @property
    def operator_code(self):
        """With it, whoever uses it first operates the server."""
        return re.search(r"/OPER owner (\S+)", self.log).group(1)


class Neighbour:
    """Somebody with another client."""

    def __init__(self, port, nick):
        self.nick = nick
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.send("CAP REQ :message-tags echo-message", f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}", "CAP END", "JOIN #harbour")
        self.expect(" 366 ")

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def read(self):
        """Stays, whether somebody waits for a line or not."""
        for line in self.socket.makefile("r", encoding="utf-8", newline="\r\n"):
            if line.startswith("PING"):
                self.send("PONG" + line[4:].rstrip())
            else:
                self.lines.put(line)

    def expect(self, text):
        """The next line with `text` in it."""
        while True:
            line = self.lines.get(timeout=60)
            if text in line:
                return line

    def say(self, text, channel="#harbour", reply_to=None):
        """Returns the id of the message."""
        self.send((f"@+draft/reply={reply_to} " if reply_to else "") + f"PRIVMSG {channel} :{text}")
        return re.search(r"msgid=([^; ]+)", self.expect(f"PRIVMSG {channel} :{text}")).group(1)

    def react(self, reaction, message):
        self.send(f"@+draft/react={reaction};+draft/reply={message} TAGMSG #harbour")


def gather(port):
    """People in three channels."""
    people = {nick: Neighbour(port, nick) for nick in ["heron", "robin", "tern", "dunlin", "plover"]}
    people["heron"].send("TOPIC #harbour :Tides, boats and who has the key to the shed", "JOIN #kitchen", "JOIN #reading")
    people["heron"].expect("#reading")
    return people


def talk(people):
    """What they say to each other, and to wren."""
    tide = people["robin"].say("Morning! High water is at 11:40 today.")
    people["heron"].say("Thanks. I will bring the small boat round before that.")
    people["heron"].say("The rope on the old one needs a look: https://harbour.example/rope")
    shed = people["tern"].say("Is the shed open?")
    people["plover"].say("I have the key and am there from ten. \x02Bring gloves\x02.", reply_to=shed)
    people["dunlin"].say("wren: can you take the second oar?")
    for nick in ["heron", "tern", "plover"]:
        people[nick].react("👍", tide)
    people["robin"].react("🎉", shed)
    people["heron"].say("Soup at one.", "#kitchen")
    people["heron"].say("wren: it is your turn to choose", "#reading")
    people["heron"].send("PRIVMSG wren :See you at the slip?")
