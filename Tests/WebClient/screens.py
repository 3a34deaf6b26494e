"""Every screen of the web client in a real Chromium, one after the other, in light and dark, on a desk and on a phone."""

import json
import time
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from harbour import Harbour, gather, talk


@dataclass
class Look:
    """How a person looks at it."""

    name: str
    width: int
    height: int
    scheme: str

    @property
    def is_phone(self):
        return self.width < 600


looks = [Look("light", 1000, 640, "light"), Look("dark", 1000, 640, "dark"), Look("phone", 390, 720, "light"), Look("phone-dark", 390, 720, "dark")]


class Page:
    """A tab, in the words of a person."""

    patience = 30

    def __init__(self, page):
        self.page = page

    def wait(self, expression):
        """Until it is true. The policy of the page forbids what the library has for this."""
        deadline = time.monotonic() + self.patience
        while not self.page.evaluate(expression):
            if time.monotonic() > deadline:
                raise SystemExit(f"{expression} did not come true. The page shows:\n" + self.page.inner_text("body"))
            time.sleep(0.02)

    def shows(self, text, place="body"):
        self.wait(f"document.querySelector({json.dumps(place)})?.innerText.includes({json.dumps(text)})")

    def button(self, label):
        name = json.dumps(label)
        found = f"[...document.querySelectorAll('button')].findLast((each) => each.textContent.trim() === {name} || each.getAttribute('aria-label') === {name})"
        self.wait(f"{found} !== undefined")
        self.page.evaluate(f"{found}.click()")

    def say(self, text):
        self.page.fill("#composer", text)
        self.page.keyboard.press("Enter")

    def join(self, channel):
        self.say(f"/join {channel}")
        self.wait(f"document.querySelector('#conversation').textContent === '{channel}'")

    def close_dialog(self):
        self.page.keyboard.press("Escape")
        self.wait("!document.querySelector('dialog')")

    def rest(self):
        """Until nothing moves any more."""
        self.wait("document.getAnimations().length === 0")


def log_in(tab):
    tab.page.click("summary >> nth=0")
    tab.page.fill("input[name=account]", "wren")
    tab.page.fill("input[name=password]", "longenough")
    tab.page.keyboard.press("Enter")
    tab.wait("document.querySelector('.chat .status')?.hidden && localStorage.getItem('roost.login')?.includes('\"password\"')")
    for channel in ["#kitchen", "#reading", "#harbour"]:
        tab.join(channel)


def show(tab, look, people, code, visit):
    """Calls `visit` with the name of each screen while it is to be seen. The first look has the talk and the operator."""
    page, is_first = tab.page, look is looks[0]
    tab.wait("document.activeElement?.id === 'handle'")
    visit("login")
    page.fill("#handle", "wren")
    page.keyboard.press("Enter")
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    visit("login-mistake")
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = false)")
    log_in(tab)
    if is_first:
        talk(people)
        tab.shows("wren: can you take the second oar?")
        tab.say("Of course. I am on my way.")
        tab.wait("document.querySelectorAll('.count').length === 3 && !document.querySelector('.sending')")
    people["tern"].send("@+typing=active TAGMSG #harbour")
    tab.shows("tern is typing…")
    visit("chat")
    if look.is_phone:
        for button, name in [("Conversations", "conversations"), ("Members", "members")]:
            tab.button(button)
            tab.rest()
            visit(name)
            page.evaluate("document.querySelector('.shade').click()")
            tab.rest()
    page.evaluate("document.querySelector('.entry.mention .entry-actions').click()")
    visit("menu")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.me').click()")
    tab.shows("web-", "dialog")
    tab.shows("None. Type", "dialog")
    visit("account")
    tab.close_dialog()
    for button, shown in [("Settings", "Appearance"), ("Search messages", "Only in"), ("Enter a channel", "Tides"), ("Pinned messages", "Nothing is pinned")]:
        tab.button(button)
        tab.shows(shown, "dialog")
        visit(button.split()[0].lower())
        tab.close_dialog()
    tab.say("/whois heron")
    tab.shows("#harbour", "dialog")
    visit("person")
    tab.close_dialog()
    tab.say("/help")
    tab.say("/nosuch")
    tab.shows("There is no command /nosuch.")
    visit("help")
    if is_first:
        tab.say(f"/quote OPER owner {code}")
        tab.wait("!document.querySelector('#operate').hidden")
        tab.button("Operate the server")
        tab.shows("connections", "dialog")
        visit("operator")


def show_all(roost, visit):
    """Calls `visit(tab, look, name)` for all of them; returns what went wrong in the pages by itself."""
    faults = []
    with Harbour(roost) as harbour, sync_playwright() as playwright:
        people = gather(harbour.irc)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for look in looks:
            person = browser.new_context(
                viewport={"width": look.width, "height": look.height}, color_scheme=look.scheme, reduced_motion="reduce", locale="en-GB",
            )
            page = person.new_page()
            page.on("pageerror", lambda error, name=look.name: faults.append(f"{name}: {error}"))
            if look.is_phone:
                # Without those who come and go, as one can choose.
                page.add_init_script("localStorage.setItem('roost.settings', JSON.stringify({ events: false }))")
            page.goto(harbour.address)
            tab = Page(page)
            show(tab, look, people, harbour.operator_code, lambda name: visit(tab, look, name))
            person.close()
        browser.close()
        if "web.policy_violated" in harbour.log:
            faults.append("a page did what its policy forbids; see web.policy_violated")
    return faults
