"""Holds a run of irctest against expected.txt: nothing is skipped and nothing fails but what stands there by name, with its reason,
and what stands there is so. A pytest plugin: run.sh loads it (-p guard).

The status of the run is 0 when all is as expected, whatever fails by name.
"""

from pathlib import Path

import pytest

EXPECTED = Path(__file__).with_name("expected.txt")


def read(text):
    """The names by what is expected of them: "skip" or "fail"."""
    expected = {"skip": set(), "fail": set()}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, name = line.split(" ", 1)
            expected[word].add(name)
    return expected


def judge(expected, skipped, failed, passed, collected):
    """What is not as expected, in sentences.

    collected: the names of all tests in the modules of this run, also of those that its marks leave out.
    """
    modules = {name.split("::")[0] for name in collected}
    listed = {name for names in expected.values() for name in names}
    return (
        [f"{name} is skipped, and not listed" for name in sorted(skipped - expected["skip"])]
        + [f"{name} fails, and is not listed" for name in sorted(failed - expected["fail"])]
        + [f"{name} is listed as skipped, but ran" for name in sorted(expected["skip"] & (passed | failed))]
        + [f"{name} is listed as failing, but passed" for name in sorted((expected["fail"] & passed) - failed)]
        + [f"{name} is listed, but there is no such test" for name in sorted(listed - collected) if name.split("::")[0] in modules]
    )


def short(node_id):
    return node_id.split("server_tests/")[-1]


class Guard:
    def __init__(self):
        self.skipped, self.failed, self.passed, self.collected = set(), set(), set(), set()

    # Before the marks leave tests out.
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        self.collected.update(short(item.nodeid) for item in items)

    def pytest_runtest_logreport(self, report):
        name = short(report.nodeid)
        if report.skipped:
            self.skipped.add(name)
        elif report.failed:
            self.failed.add(name)
        elif report.when == "call":
            self.passed.add(name)

    # With xdist only the workers collect.
    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.collected.update(getattr(node, "workeroutput", {}).get("collected", []))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["collected"] = sorted(self.collected)
            return
        self.complaints = judge(read(EXPECTED.read_text(encoding="utf-8")), self.skipped, self.failed, self.passed, self.collected)
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if self.complaints else pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter):
        for complaint in getattr(self, "complaints", []):
            terminalreporter.write_line(f"NOT AS EXPECTED: {complaint}")


def pytest_configure(config):
    config.pluginmanager.register(Guard(), "roost-guard")
