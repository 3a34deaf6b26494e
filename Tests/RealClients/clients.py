"""How each real client is started, made to send a line of the protocol, and asked what it has seen."""

import os
import subprocess
import sys

from observer import Timeout

HERE = os.path.dirname(os.path.abspath(__file__))


class Client:
    """One real client, logged in with SASL PLAIN to the account `name` and set to join #nest."""

    patience = 30

    def __init__(self, folder, port, name, observer):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.port, self.name, self.observer = port, name, observer
        self.nick = name + "_"
        self.process = None
        self.runs = 0

    def start(self):
        self.runs += 1
        self.log = os.path.join(self.folder, f"output-{self.runs}")
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.PIPE, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT, cwd=self.folder
        )

    def command(self):
        raise NotImplementedError

    def raw(self, line):
        """Sends one line of the protocol as a person at this client would."""
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def learns(self, text, act):
        """Does `act` and returns when the client has read `text`. Nothing else can have brought that: it was not there before."""
        if text in self.seen():
            raise AssertionError(f"{self.name} has shown {text!r} before: this proves nothing")
        act()
        self.await_seen(text)

    def await_seen(self, text):
        """Returns when the client has read `text`."""
        follow = ["timeout", str(self.patience), "tail", "-q", "-n", "+1", "-F"] + self.files()
        with subprocess.Popen(follow, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tail:
            found = any(text in line.decode(errors="replace") for line in tail.stdout)
            tail.kill()
        if not found:
            raise Timeout(f"{self.name} did not show {text!r}")

    def files(self):
        """Where it writes down what it reads; they may not be there yet."""
        return [self.log]

    def seen(self):
        """All of that, for whoever has to find out what went wrong."""
        text = ""
        for name in filter(os.path.exists, self.files()):
            with open(name, "rb") as file:
                text += file.read().decode(errors="replace")
        return text

    def stop(self):
        self.raw("QUIT :bye")
        self.process.stdin.close()
        self.process.wait(self.patience)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class PythonClient(Client):
    """A library from PyPI behind a driver that passes lines on."""

    driver = None

    def command(self):
        return [sys.executable, "-u", os.path.join(HERE, self.driver), str(self.port), self.nick, self.name, "secret-" + self.name]


class IRCLibrary(PythonClient):
    driver = "irc_driver.py"


class Pydle(PythonClient):
    driver = "pydle_driver.py"


class Limnoria(Client):
    """A bot: its owner, the observer, gives it commands."""

    def command(self):
        settings = {
            "nick": self.nick, "ident": "bot", "user": "Bot", "networks": "roost", "networks.roost.servers": f"127.0.0.1:{self.port}",
            "networks.roost.ssl": "True", "networks.roost.channels": "#nest", "networks.roost.sasl.username": self.name,
            "networks.roost.sasl.password": "secret-" + self.name, "networks.roost.sasl.mechanisms": "plain",
            "log.stdout": "True", "log.stdout.level": "DEBUG", "log.level": "DEBUG", "reply.whenAddressedBy.chars": "!",
            "plugins": "Owner Misc Config", "plugins.Owner": "True", "plugins.Misc": "True", "plugins.Config": "True",
            "directories.conf": self.folder + "/conf", "directories.data": self.folder + "/data", "directories.log": self.folder + "/logs",
            "directories.backup": self.folder + "/backup", "protocols.ssl.verifyCertificates": "False", "drivers.maxReconnectWait": "5.0",
        }
        self.called = self.nick
        os.makedirs(self.folder + "/conf", exist_ok=True)
        with open(self.folder + "/bot.conf", "w", encoding="utf-8") as file:
            file.writelines(f"supybot.{key}: {value}\n" for key, value in settings.items())
        with open(self.folder + "/conf/users.conf", "w", encoding="utf-8") as file:
            file.write(
                "user 1\n  name owner\n  ignore False\n  secure False\n  hashed False\n  password x\n  capability owner\n"
                "  hostmask watcher!*@*\n\n"
            )
        return [os.path.join(os.path.dirname(sys.executable), "limnoria"), "--allow-root", self.folder + "/bot.conf"]

    def raw(self, line):
        self.observer.send(f"PRIVMSG {self.called} :ircquote {line}")
        if line.startswith("NICK "):
            self.called = line[5:]

    def stop(self):
        self.observer.send(f"PRIVMSG {self.called} :quit bye")
        self.process.wait(self.patience)


class Irssi(Client):
    def start(self):
        self.runs += 1
        self.log = self.folder + "/raw.log"
        logs = self.folder + "/logs"
        os.makedirs(logs, exist_ok=True)
        with open(self.folder + "/config", "w", encoding="utf-8") as file:
            file.write(f"""
servers = ({{ address = "127.0.0.1"; chatnet = "roost"; port = "{self.port}"; autoconnect = "yes"; use_tls = "yes"; tls_verify = "no"; }});
chatnets = {{ roost = {{ type = "IRC"; nick = "{self.nick}"; sasl_mechanism = "PLAIN"; sasl_username = "{self.name}";
  sasl_password = "secret-{self.name}"; }}; }};
channels = ({{ name = "#nest"; chatnet = "roost"; autojoin = "yes"; }});
settings = {{ core = {{ real_name = "Irssi"; user_name = "irssi"; nick = "{self.nick}"; rawlog_lines = "2000"; }};
  "fe-common/core" = {{ autolog = "yes"; autolog_path = "{logs}/$0.log"; autolog_level = "ALL"; }}; }};
""")
        self.tmux = ["tmux", "-S", self.folder + f"/tmux-{self.runs}", "-f", "/dev/null"]
        subprocess.run(
            self.tmux + ["new-session", "-d", "-x", "200", "-y", "50", f"TERM=screen irssi --home={self.folder}"], check=True
        )
        self.logs_raw = False

    def type(self, text):
        subprocess.run(self.tmux + ["send-keys", "-l", text], check=True)
        subprocess.run(self.tmux + ["send-keys", "Enter"], check=True)

    def raw(self, line):
        if not self.logs_raw:
            # Only a window with a connection can.
            self.logs_raw = True
            self.type("/rawlog open " + self.log)
        self.type("/quote " + line)

    def stop(self):
        self.type("/quit bye")

    def kill(self):
        if hasattr(self, "tmux"):
            subprocess.run(self.tmux + ["kill-server"], check=False, stderr=subprocess.DEVNULL)


class WeeChat(Client):
    """With all capabilities that it knows."""

    def command(self):
        self.fifo = f"{self.folder}/fifo"
        self.pipe = None
        settings = [
            "/set logger.file.flush_delay 0", "/set logger.level.irc 9", "/set irc.look.raw_messages 1000",
            f"/set fifo.file.path {self.fifo}", "/fifo enable", "/set irc.server_default.capabilities *",
            "/server add roost 127.0.0.1/" + str(self.port), "/set irc.server.roost.ssl on", "/set irc.server.roost.ssl_verify off",
            "/set irc.server.roost.tls on", "/set irc.server.roost.tls_verify off", f"/set irc.server.roost.nicks {self.nick}",
            "/set irc.server.roost.autojoin #nest", "/set irc.server.roost.sasl_mechanism plain",
            f"/set irc.server.roost.sasl_username {self.name}", f"/set irc.server.roost.sasl_password secret-{self.name}",
            # The raw buffer is not written to a log; debug output is.
            "/debug set irc 1", "/connect roost",
        ]
        return ["weechat-headless", "--dir", self.folder] + [word for setting in settings for word in ("-r", setting)]

    def write(self, line):
        # It stays open: between two writers the reader would come to an end, and lose what the next one has written by then.
        if self.pipe is None:
            self.pipe = open(self.fifo, "w", encoding="utf-8")
        self.pipe.write(line + "\n")
        self.pipe.flush()

    def raw(self, line):
        self.write(f"irc.server.roost */quote {line}")

    def files(self):
        return [f"{self.folder}/logs/{name}.weechatlog" for name in ("core.weechat", "irc.server.roost", "irc.roost.#nest")]

    def stop(self):
        self.write("core.weechat */quit bye")
        self.process.wait(self.patience)
        self.pipe.close()


ALL = {"irssi": Irssi, "weechat": WeeChat, "irclib": IRCLibrary, "pydle": Pydle, "limnoria": Limnoria}
