"""Runs Roost under irctest, the conformance suite of the field: https://github.com/progval/irctest

README.md beside this file says how. DAEMON_BIN is the executable; without it, `roost` of the PATH.
"""

import atexit
import collections
import json
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import Any, Dict, List, Optional, Type

from irctest import patma
from irctest.basecontrollers import BaseServerController, DirectoryBasedController
from irctest.specifications import Capabilities, OptionalBehaviors

BINARY = os.environ.get("DAEMON_BIN", "roost")

# What the suite takes for granted of every server.
NAME, DESCRIPTION = "My.Little.Server", "test server"
OPERATOR, OPERATOR_PASSWORD = "operuser", "operpassword"

CONFIGURATION = """\
[server]
name = {name}
description = {description}
network = "TestNet"
{password}
{server}
[listen]
plain = [{plain}]
tls = [{tls}]
http = [{http}]
proxies = ["127.0.0.1"]
{proxy}
{certificate}
[limits]
connections_per_address = 0
flood_control = false
list_entries = 60
multiline_lines = 32
[history]
# Plain clients are told in a NOTICE that what they say is kept; the suite expects no line that it does not know.
join_notice = false
{history}
[accounts]
{accounts}
"""

# A test that finds one of these missing fails; without them it would be skipped.
REQUIRED_CAPABILITIES = {
    "account-notify", "account-tag", "away-notify", "batch", "cap-notify", "chghost", "draft/account-registration", "draft/channel-rename", "draft/chathistory",
    "draft/event-playback", "draft/extended-isupport", "draft/message-redaction", "draft/metadata-2", "draft/metadata-3", "draft/multiline",
    "draft/no-implicit-names", "draft/pre-away", "draft/read-marker", "draft/relaymsg", "echo-message", "extended-join", "extended-monitor",
    "invite-notify", "labeled-response", "message-tags", "multi-prefix", "no-implicit-names", "sasl", "server-time", "setname",
    "standard-replies", "userhost-in-names",
}  # fmt: skip

EXPECTED_ISUPPORT: Dict[str, Any] = {
    "ACCOUNTEXTBAN": patma.ANYSTR,
    "BOT": "B",
    "CASEMAPPING": "ascii",
    "ELIST": "CMNTU",
    "EXCEPTS": patma.ANYOPTSTR,
    "EXTBAN": patma.ANYSTR,
    "INVEX": patma.ANYOPTSTR,
    "MONITOR": patma.ANYSTR,
    "MSGREFTYPES": "msgid,timestamp",
    "PREFIX": "(qaohv)~&@%+",
    "STATUSMSG": "~&@%+",
    "TARGMAX": patma.ANYSTR,
    "UTF8ONLY": None,
    "WHOX": None,
}

EXPECTED_BEHAVIOURS = frozenset(
    behaviour
    for behaviour in OptionalBehaviors
    # Both exclude what Roost promises with UTF8ONLY and CASEMAPPING=ascii.
    if behaviour.name not in ("NON_UTF8_MESSAGE",)
)


def literal(value: Any) -> str:
    """JSON strings are TOML strings."""
    return json.dumps(value, ensure_ascii=False)


def roost(*arguments: str, stdin: str) -> str:
    done = subprocess.run(
        [BINARY, *arguments], input=stdin.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60
    )
    output = done.stdout.decode(errors="replace").strip()
    assert done.returncode == 0, output
    return output


class Seed:
    """A data directory with the operator account in it, made once and copied for every test."""

    path: Optional[Path] = None

    @classmethod
    def copy(cls, to: Path) -> None:
        if cls.path is None:
            folder = tempfile.mkdtemp(prefix="roost-irctest-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            roost(
                "account", "add", OPERATOR, "--operator", "--password-stdin", "--data", folder, stdin=OPERATOR_PASSWORD
            )  # fmt: skip
            cls.path = Path(folder)
        shutil.copytree(cls.path, to)
        to.chmod(0o700)


class Tree(collections.defaultdict):
    """A configuration in which every table that somebody asks for is there."""

    def __init__(self) -> None:
        super().__init__(Tree)


class RoostController(BaseServerController, DirectoryBasedController):
    software_name = "Roost"
    supported_sasl_mechanisms = {"PLAIN", "SCRAM-SHA-256"}
    supports_sts = False
    extban_mute_char = "m"
    nickserv = "NickServ"
    sync_sleep_time = 0.0
    capabilities = frozenset(c for c in Capabilities if c.value in REQUIRED_CAPABILITIES)
    optional_behaviors = EXPECTED_BEHAVIOURS
    isupport = EXPECTED_ISUPPORT
    _port_wait_interval = 0.01

    def supports_cap(self, capability: str) -> bool:
        return capability in REQUIRED_CAPABILITIES

    def create_config(self) -> None:
        super().create_config()
        with self.open_file("roost.toml"):
            pass

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: Optional[str],
        ssl: bool,
        run_services: bool,
        faketime: Optional[str],
        websocket_hostname: Optional[str],
        websocket_port: Optional[int],
    ) -> None:
        assert self.proc is None
        self.hostname, self.port = hostname, port
        self.create_config()
        assert self.directory
        self.data = self.directory / "data"
        self.configuration = self.directory / "roost.toml"
        Seed.copy(self.data)
        if ssl:
            self.gen_ssl()
        address = literal(f"127.0.0.1:{port}")
        web = literal(f"127.0.0.1:{websocket_port}") if websocket_hostname else ""
        files = f"[tls]\ncertificate = {literal(str(self.pem_path))}\nkey = {literal(str(self.key_path))}" if ssl else ""
        hashed = roost("hash-password", stdin=password) if password else None
        self.places = dict(
            password=f"password = {literal(hashed)}" if hashed else "",
            plain="" if ssl else address,
            tls=address if ssl else "",
            http=web,
            proxy="",
            certificate=files,
        )
        self._write_configuration(self._wishes())
        self.prefix: List[str] = []
        if faketime and shutil.which("faketime"):
            self.prefix = ["faketime", "-f", faketime]
            self.faketime_enabled = True
        self._start()

    def _write_configuration(self, wishes: "Tree") -> None:
        """What a test wants beyond the usual, in the words of Roost."""
        wanted = self.test_config
        server, history = [], []
        accounts = ["scram = true", f"before_connect = {str(wanted.account_registration_before_connect).lower()}"]
        if wanted.account_registration_requires_email:
            # Nobody reads the mail; what matters is that it is asked for.
            accounts += ["require_email = true", 'mailer = "/bin/true"']
        if policy := wishes["accounts"]["multiclient"].get("always-on"):
            accounts.append(f"always_on = {literal(policy)}")
        if modes := wishes["accounts"].get("default-user-modes"):
            server.append(f"default_user_modes = {literal(modes)}")
        if limit := wishes["history"].get("znc-maxmessages"):
            history.append(f"page = {limit}")
        if any((listener or {}).get("proxy") for listener in wishes["server"]["listeners"].values()):
            self.places["proxy"] = 'proxy_header = "required"'
        self.configuration.write_text(
            CONFIGURATION.format(
                name=literal(NAME),
                description=literal(DESCRIPTION),
                server="\n".join(server),
                history="\n".join(history),
                accounts="\n".join(accounts),
                **self.places,
            ),
            encoding="utf-8",
        )

    def _wishes(self) -> "Tree":
        """What the test would change in the configuration of Ergo."""
        tree = Tree()
        tree["server"]["listeners"]["plain"] = None
        if self.test_config.ergo_config:
            self.test_config.ergo_config(tree)
        return tree

    getConfig = _wishes

    def rehash(self, case: Any, config: "Tree") -> None:
        self._write_configuration(config)
        case.connectClient("rehasher", name="rehasher")
        case.sendLine("rehasher", f"OPER {OPERATOR} {OPERATOR_PASSWORD}")
        case.getMessages("rehasher")
        case.sendLine("rehasher", "REHASH")
        case.getMessages("rehasher")
        case.sendLine("rehasher", "QUIT")
        case.assertDisconnected("rehasher")

    def _start(self) -> None:
        command = [BINARY, "run", "--config", str(self.configuration), "--data", str(self.data)]
        self.proc = self.execute([*self.prefix, *command], proc_name="roost")

    def restart(self) -> None:
        """A clean stop and a new start: what was promised is there again."""
        self.kill_proc()
        self.port_open = False
        self._start()
        self.wait_for_port()

    def wait_for_services(self) -> None:
        """There is nothing to wait for: accounts are in the daemon."""

    def registerUser(self, case: Any, username: str, password: Optional[str] = None) -> None:
        assert password
        self.wait_for_port()
        place = ["--config", str(self.configuration), "--data", str(self.data)]
        roost("account", "add", username, "--password-stdin", *place, stdin=password)


def get_irctest_controller_class() -> Type[RoostController]:
    return RoostController
