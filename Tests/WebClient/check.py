"""What axe-core says of every screen of the web client (WCAG 2.2 AA and good practice).

Usage: check.py /path/to/roost. Exit status 0: nothing.
"""

import pathlib
import sys

import axe_playwright_python
from screens import looks, show_all

axe = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
run = """axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 200) + '\\n    ' + failureSummary).join('\\n    ')))"""
found = []
seen = set()


def look_at(tab, look, name):
    page = tab.page
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate("() => {" + axe + "}")
    seen.add((look.name, name))
    found.extend(f"{look.name} {name}: {violation}" for violation in page.evaluate(run))
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{look.name} {name}: wider than the window")


found += show_all(sys.argv[1], look_at)
print(f"{len(seen)} screens, {len(found)} faults")
print("\n".join(found))
# Who changes the list of screens changes this number too: a screen that is not reached is not looked at.
sys.exit(0 if not found and len(seen) == 49 else 1)
