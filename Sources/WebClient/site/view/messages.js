// The list of messages. Only a part of a long conversation is in the document: it grows and shrinks at both ends while one scrolls.

import { loadNewest, loadOlder } from "../chat/history.js";
import { erase, markRead, react, resend } from "../chat/say.js";
import { settings } from "../chat/settings.js";
import { confirm } from "./dialog.js";
import { day, h, icon, iconButton } from "./dom.js";
import { message } from "./message.js";
import { menu } from "./menu.js";

/** Entries in the document at most, and how many come with one step. */
const most = 300;
const step = 100;
/** Two messages of one person within this many milliseconds stand under one name. */
const together = 5 * 60_000;
/** As many pixels from the end count as the end. */
const nearEnd = 60;

export class MessagesView {
  #client;
  #page;
  #buffer = null;
  #entries = [];
  #from = 0;
  #to = 0;
  #readMark = 0;
  #isAtEnd = true;
  /** @type {WeakMap<object, HTMLElement>} by entry: the id of one that is sent changes when it has arrived */
  #nodes = new WeakMap();
  #list = h("div.entries", { role: "log", "aria-live": "off", "aria-label": "Messages", tabIndex: 0 });
  #older = h("p.older.faint", { role: "status" });
  #news = h("button.news", { type: "button", hidden: true, onclick: () => this.toEnd() }, icon("down"), " New messages");
  #spoken = h("div.spoken", { "aria-live": "polite" });
  #scroller = h("div.scroller", { onscroll: () => this.#scrolled() }, this.#older, this.#list);
  element = h("div.messages", {}, this.#scroller, this.#news, this.#spoken);

  /** @param {{ reply(entry: any): void, edit(entry: any): void }} page */
  constructor(client, page) {
    this.#client = client;
    this.#page = page;
    new ResizeObserver(() => this.#isAtEnd && this.#drop()).observe(this.#scroller);
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("focus", () => this.#seen());
  }

  /** @param {import("../chat/buffer.js").Buffer} buffer */
  show(buffer) {
    this.#buffer = buffer;
    this.#readMark = buffer.readUntil;
    this.#isAtEnd = true;
    if (buffer.kind !== "server") loadNewest(this.#client, buffer);
    this.#fill();
  }

  /** @param {Set<unknown>} changes */
  update(changes) {
    const buffer = this.#buffer;
    if (!buffer) return;
    for (const change of changes) {
      const node = change?.id && this.#nodes.get(change);
      if (node?.isConnected) node.replaceWith(this.#make(change, this.#entries.indexOf(change)));
    }
    if (!changes.has(buffer)) return;
    const entries = this.#shown();
    const isAppended = entries.length >= this.#entries.length && this.#entries.every((entry, index) => entries[index] === entry);
    const added = isAppended ? entries.slice(this.#entries.length) : [];
    if (!isAppended) return this.#keepPlace(() => this.#fill(), entries);
    this.#entries = entries;
    this.#older.textContent = this.#start();
    if (!added.length) return this.#seen();
    if (this.#isAtEnd || added.some((entry) => entry.isOwn)) {
      this.#append();
      this.#drop();
    } else this.#news.hidden = false;
    for (const entry of added.slice(-3)) if (!entry.isOwn && entry.kind !== "event") this.#spoken.textContent = `${entry.nick} ${entry.text}`.slice(0, 300);
    this.#seen();
  }

  toEnd() {
    this.#isAtEnd = true;
    this.#to = this.#entries.length;
    this.#from = Math.max(0, this.#to - step);
    this.#render();
    this.#drop();
    this.#seen();
  }

  /** Scrolls to a message and makes it stand out for a moment. */
  find(id) {
    const index = this.#entries.findIndex((entry) => entry.id === id);
    if (index < 0) return false;
    if (index < this.#from || index >= this.#to) {
      this.#from = Math.max(0, index - step / 2);
      this.#to = Math.min(this.#entries.length, this.#from + step);
      this.#render();
    }
    const node = this.#node(id);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 2000);
    return Boolean(node);
  }

  #shown() {
    return settings.get("events") ? [...this.#buffer.entries] : this.#buffer.entries.filter((entry) => entry.kind !== "event");
  }

  #fill() {
    this.#entries = this.#shown();
    this.#to = this.#entries.length;
    this.#from = Math.max(0, this.#to - step);
    this.#news.hidden = true;
    this.#render();
    this.#drop();
    this.#seen();
  }

  /** Runs `change`, which puts messages elsewhere than at the end, so that what one reads stays where it is. */
  #keepPlace(change, entries) {
    if (this.#isAtEnd) return change();
    const first = this.#entries[this.#from];
    const last = this.#entries[this.#to - 1];
    this.#entries = entries;
    const from = entries.indexOf(first);
    const to = entries.indexOf(last);
    if (from < 0 || to < 0) return change();
    [this.#from, this.#to] = [from, to + 1];
    this.#anchored(() => this.#render());
  }

  #anchored(change) {
    const anchor = [...this.#list.children].find((node) => node.dataset.id && node.offsetTop + node.offsetHeight > this.#scroller.scrollTop);
    const offset = anchor && anchor.offsetTop - this.#scroller.scrollTop;
    change();
    const again = anchor && this.#node(anchor.dataset.id);
    if (again) this.#scroller.scrollTop = again.offsetTop - offset;
  }

  #render() {
    const nodes = [];
    let lastDay = "";
    let hasMark = false;
    for (let index = this.#from; index < this.#to; index++) {
      const entry = this.#entries[index];
      const today = new Date(entry.time).toDateString();
      if (today !== lastDay) nodes.push(separator(entry.time));
      lastDay = today;
      if (!hasMark && this.#readMark && entry.time > this.#readMark && !entry.isOwn && entry.kind !== "event" && entry.kind !== "note") {
        if (index > 0) nodes.push(h("div.unread-mark", { role: "separator" }, h("span", {}, "New")));
        hasMark = true;
      }
      nodes.push(this.#make(entry, index));
    }
    this.#list.replaceChildren(...nodes);
    this.#older.textContent = this.#start();
  }

  /** Shows what came last, as cheaply as a busy channel needs it. */
  #append() {
    const end = this.#entries.length;
    if (this.#to === 0 || end - this.#from > most + step || end - this.#to > step) {
      [this.#from, this.#to] = [Math.max(0, end - step), end];
      return this.#render();
    }
    for (let index = this.#to; index < end; index++) {
      const entry = this.#entries[index];
      if (new Date(entry.time).toDateString() !== new Date(this.#entries[index - 1].time).toDateString()) this.#list.append(separator(entry.time));
      this.#list.append(this.#make(entry, index));
    }
    this.#to = end;
  }

  #start() {
    if (this.#buffer.isLoading) return "Loading…";
    if (this.#from > 0 || this.#buffer.hasOlder) return "";
    return this.#buffer.kind === "server" ? "" : "This is the beginning.";
  }

  #make(entry, index) {
    const before = this.#entries[index - 1];
    const isFirst = !before || before.nick !== entry.nick || !["message", "notice"].includes(before.kind) || before.kind !== entry.kind || entry.time - before.time > together || Boolean(entry.replyTo);
    const node = message(entry, {
      isFirst,
      parent: entry.replyTo ? (this.#buffer.find(entry.replyTo) ?? { nick: "…", text: "an older message" }) : undefined,
      isMe: (nick) => this.#client.chat.isMe(nick),
      react: (target, reaction) => react(this.#client, this.#buffer, target, reaction),
      resend: (target) => resend(this.#client, this.#buffer, target),
      show: (id) => this.find(id),
      actions: (target, button) => this.#actions(target, button),
    });
    this.#nodes.set(entry, node);
    return node;
  }

  #actions(entry, button) {
    const buffer = this.#buffer;
    const client = this.#client;
    const quick = h("div.quick", { role: "group", "aria-label": "React" }, ...["👍", "❤️", "😂", "🎉", "👀", "🙏"].map((reaction) => h("button", { type: "button", "aria-label": `React with ${reaction}`, onclick: () => (react(client, buffer, entry, reaction), close()) }, reaction)));
    const close = menu(button, [
      { icon: "reply", label: "Reply", run: () => this.#page.reply(entry) },
      entry.isOwn && { icon: "edit", label: "Edit", run: () => this.#page.edit(entry) },
      buffer.kind === "channel" && { icon: "pin", label: buffer.pins.some((pin) => pin.id === entry.id) ? "Unpin" : "Pin", run: () => client.send(buffer.pins.some((pin) => pin.id === entry.id) ? "UNPIN" : "PIN", [buffer.name, entry.id]) },
      { icon: "check", label: "Copy text", run: () => navigator.clipboard?.writeText(entry.text) },
      { icon: "trash", label: "Delete", run: async () => (await confirm("Delete this message?", "It disappears for everybody whose client can do that.", "Delete")) && erase(client, buffer, entry) },
    ].filter(Boolean), quick);
  }

  #node(id) {
    return this.#list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #drop() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#isAtEnd = this.#to === this.#entries.length && scrollHeight - scrollTop - clientHeight < nearEnd;
    if (this.#isAtEnd) this.#news.hidden = true;
    if (scrollTop < clientHeight / 2) this.#earlier();
    else if (scrollHeight - scrollTop - clientHeight < clientHeight / 2 && this.#to < this.#entries.length) this.#later();
    this.#seen();
  }

  #earlier() {
    if (this.#from > 0) {
      this.#from = Math.max(0, this.#from - step);
      this.#to = Math.min(this.#to, this.#from + most);
      this.#anchored(() => this.#render());
    } else if (this.#buffer.hasOlder && !this.#buffer.isLoading && this.#buffer.kind !== "server" && this.#buffer.isLoaded) {
      this.#isAtEnd = false;
      this.#older.textContent = "Loading…";
      loadOlder(this.#client, this.#buffer);
    }
  }

  #later() {
    this.#to = Math.min(this.#entries.length, this.#to + step);
    this.#from = Math.max(this.#from, this.#to - most);
    this.#anchored(() => this.#render());
  }

  /** What is at the end of a conversation in front of the person was read. */
  #seen() {
    if (this.#isAtEnd && !document.hidden && document.hasFocus() && this.#buffer && this.#buffer.kind !== "server") markRead(this.#client, this.#buffer);
  }
}

function separator(milliseconds) {
  return h("div.day", { role: "separator" }, h("span", {}, day(milliseconds)));
}
