// The list of messages. Only a part of a long conversation is in the document: it grows and shrinks at both ends while one scrolls.

import { keep } from "../chat/buffer.js";
import { loadNewest, loadOlder } from "../chat/history.js";
import { erase, markRead, react, resend } from "../chat/say.js";
import { settings } from "../chat/settings.js";
import { confirm } from "./dialog.js";
import { day, h, icon, watchSize } from "./dom.js";
import { message } from "./message.js";
import { menu } from "./menu.js";
import { keepFocus, walk } from "./walk.js";

/** Entries in the document at most, and how many come with one step. */
const most = 200;
const step = 50;
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
  /** @type {WeakMap<object, { node: HTMLElement, isFirst: boolean, parent?: object }>} by entry: the id of one that is sent changes when it has arrived */
  #nodes = new WeakMap();
  #unreadMark = h("div.unread-mark", { role: "separator" }, h("span", {}, "New"));
  /** @type {Map<string, HTMLElement>} the lines between two days, as far as they are in the document */
  #days = new Map();
  #list = h("div.entries", {
    role: "log", "aria-live": "off", "aria-label": "Messages", "aria-description": "The arrow keys go from one message to the next", tabIndex: 0,
    onkeydown: (event) => (event.key === "Escape" ? this.#page.write() : walk(this.#list, event)),
  });
  #older = h("p.older.faint", { role: "status" });
  #newsText = h("span");
  #news = h("button.news", { type: "button", hidden: true, onclick: () => this.toEnd() }, icon("down"), this.#newsText);
  #hasNews = false;
  #spoken = h("div.spoken", { "aria-live": "polite" });
  #scroller = h("div.scroller", { onscroll: () => this.#scrolled() }, this.#older, this.#list);
  element = h("div.messages", {}, this.#scroller, this.#news, this.#spoken);

  /** @param {{ reply(entry: any): void, edit(entry: any): void, write(): void }} page */
  constructor(client, page) {
    this.#client = client;
    this.#page = page;
    const { signal } = client;
    watchSize(this.#scroller, () => this.#isAtEnd && this.#drop(), signal);
    document.addEventListener("visibilitychange", () => this.#seen(), { signal });
    addEventListener("focus", () => this.#seen(), { signal });
  }

  /** @param {import("../chat/buffer.js").Buffer} buffer */
  show(buffer) {
    this.#buffer = buffer;
    this.#nodes = new WeakMap();
    this.#readMark = buffer.readUntil;
    this.#isAtEnd = true;
    if (buffer.kind !== "server") loadNewest(this.#client, buffer);
    this.#fill();
  }

  /** @param {Set<unknown>} changes */
  update(changes) {
    const buffer = this.#buffer;
    if (!buffer) return;
    for (const change of changes) if (change?.id) this.#renew(change);
    if (!changes.has(buffer)) return;
    const entries = this.#shown();
    const isAppended = entries.length >= this.#entries.length && this.#entries.every((entry, index) => entries[index] === entry);
    const added = isAppended ? entries.slice(this.#entries.length) : [];
    if (!isAppended) return this.#keepPlace(() => this.#fill(), entries);
    this.#entries = entries;
    this.#older.textContent = this.#start();
    this.#fillRoom();
    if (!added.length) return this.#seen();
    if (this.#isAtEnd || added.some((entry) => entry.isOwn || entry.kind === "note")) {
      this.#append();
      this.#drop();
    } else this.#offerEnd(true);
    for (const entry of added.slice(-3)) if (!entry.isOwn && entry.kind !== "event") this.#spoken.textContent = `${entry.nick} ${entry.text}`.slice(0, 300);
    this.#seen();
  }

  /** Shows anew an entry that changed, and what answers it. */
  #renew(changed) {
    const made = this.#nodes.get(changed);
    if (made && !made.node.isConnected) this.#nodes.delete(changed);
    for (let index = this.#from; index < this.#to; index++) {
      const entry = this.#entries[index];
      if (entry !== changed && entry.replyTo !== changed.id) continue;
      const node = this.#nodes.get(entry)?.node;
      this.#nodes.delete(entry);
      if (node?.isConnected) keepFocus(this.#list, () => node.replaceWith(this.#make(entry, index)));
    }
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
    this.#offerEnd(false);
    this.#render();
    this.#drop();
    this.#fillRoom();
    this.#seen();
  }

  /** Where nothing can be scrolled, nobody can ask for older messages by scrolling. */
  #fillRoom() {
    const buffer = this.#buffer;
    if (this.#from === 0 && buffer.isLoaded && this.#scroller.scrollHeight <= this.#scroller.clientHeight) loadOlder(this.#client, buffer);
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
    // Whoever is at the very top cannot scroll further up to see what came there.
    if (this.#from > 0 && this.#scroller.scrollTop < this.#scroller.clientHeight / 2) this.#earlier();
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
      if (today !== lastDay) nodes.push(this.#separator(today, entry.time));
      lastDay = today;
      if (!hasMark && this.#readMark && entry.time > this.#readMark && !entry.isOwn && entry.kind !== "event" && entry.kind !== "note") {
        if (index > 0) nodes.push(this.#unreadMark);
        hasMark = true;
      }
      nodes.push(this.#make(entry, index));
    }
    keepFocus(this.#list, () => arrange(this.#list, nodes));
    for (const [date, node] of this.#days) if (!node.isConnected) this.#days.delete(date);
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
      const today = new Date(entry.time).toDateString();
      if (today !== new Date(this.#entries[index - 1].time).toDateString()) this.#list.append(this.#separator(today, entry.time));
      this.#list.append(this.#make(entry, index));
    }
    this.#to = end;
  }

  #start() {
    if (this.#buffer.isLoading) return "Loading…";
    if (this.#from === 0 && this.#buffer.entries.length >= keep) return "What is older is found by searching.";
    if (this.#from > 0 || this.#buffer.hasOlder) return "";
    return this.#buffer.kind === "server" ? "" : "This is the beginning.";
  }

  #separator(date, milliseconds) {
    if (!this.#days.has(date)) this.#days.set(date, h("div.day", { role: "separator" }, h("span", {}, day(milliseconds))));
    return this.#days.get(date);
  }

  /** The element of an entry: the one that there is, unless it has to look otherwise now. */
  #make(entry, index) {
    const before = this.#entries[index - 1];
    const isFirst = !before || before.nick !== entry.nick || !["message", "notice"].includes(before.kind) || before.kind !== entry.kind || entry.time - before.time > together || Boolean(entry.replyTo);
    const kept = this.#nodes.get(entry);
    const parent = entry.replyTo ? this.#buffer.find(entry.replyTo) : undefined;
    if (kept?.isFirst === isFirst && kept.parent === parent) return kept.node;
    const node = message(entry, {
      isFirst,
      parent: entry.replyTo ? (parent ?? { nick: "…", text: "an older message" }) : undefined,
      isMe: (nick) => this.#client.chat.isMe(nick),
      react: (target, reaction) => react(this.#client, this.#buffer, target, reaction),
      resend: (target) => resend(this.#client, this.#buffer, target),
      show: (id) => this.find(id),
      actions: (target, button) => this.#actions(target, button),
    });
    this.#nodes.set(entry, { node, isFirst, parent });
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
    this.#offerEnd(this.#hasNews && !this.#isAtEnd);
    if (scrollTop < clientHeight / 2) this.#earlier();
    else if (scrollHeight - scrollTop - clientHeight < clientHeight / 2 && this.#to < this.#entries.length) this.#later();
    this.#seen();
  }

  /** The way back, for those who are far up or have missed something. */
  #offerEnd(hasNews) {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isFar = this.#to < this.#entries.length || scrollHeight - scrollTop - clientHeight > 2 * clientHeight;
    this.#hasNews = hasNews;
    this.#news.hidden = this.#isAtEnd || !(hasNews || isFar);
    this.#newsText.textContent = hasNews ? "New messages" : "To the end";
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

/** Makes the children of `list` the `nodes` in their order, and leaves those in place that are there already. */
function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  let next = list.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else list.insertBefore(node, next);
  }
}
