"""Pictures of the web client for the manual.

Usage: pictures.py /path/to/roost folder
"""

import pathlib
import sys

from screens import show_all

kept = {"light": ["login", "chat", "account", "operator"], "dark": ["chat"], "phone": ["chat", "conversations"], "phone-dark": ["chat"]}
folder = pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)


def keep(tab, look, name):
    if name in kept[look.name]:
        tab.page.mouse.move(0, 0)
        tab.page.screenshot(path=folder / f"{name}-{look.name}.png")


faults = show_all(sys.argv[1], keep)
sys.exit("\n".join(faults) or 0)
