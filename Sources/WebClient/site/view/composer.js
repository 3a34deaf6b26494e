// Where one writes: grows with the text, keeps a draft for each conversation, completes names and commands with Tab.

import { commands, run } from "../chat/commands.js";
import { edit, typing } from "../chat/say.js";
import { settings } from "../chat/settings.js";
import { every, h, iconButton, isolated } from "./dom.js";

const mostLines = 100;

export class Composer {
  #client;
  #page;
  #buffer = null;
  #about = null;
  #editing = null;
  #completion = null;
  #text = h("textarea", { id: "composer", rows: 1, "aria-label": "Message", autocomplete: "off", oninput: () => this.#typed(), onkeydown: (event) => this.#key(event) });
  #context = h("div.context", { hidden: true });
  #error = h("p.error.small", { role: "alert", hidden: true });
  #typing = h("p.typing.small", { "aria-live": "off" });
  element = h("form.composer", { onsubmit: (event) => (event.preventDefault(), this.#send()) }, this.#error, this.#context, h("div.write", {}, this.#text, iconButton("send", "Send", () => this.#send(), { type: "button" })), this.#typing);

  constructor(client, page) {
    this.#client = client;
    this.#page = page;
    every(2000, () => this.#showTyping(), client.signal);
  }

  show(buffer) {
    this.#buffer = buffer;
    this.#leave();
    this.#put(this.#draft);
    this.#text.placeholder = buffer.kind === "server" ? "Type /join #channel, or /help" : `Write to ${buffer.name}`;
    this.#showTyping();
    if (matchMedia("(hover: hover)").matches) this.focus();
  }

  focus() {
    this.#text.focus();
  }

  update(changes) {
    if (changes.has("typing")) this.#showTyping();
  }

  reply(entry) {
    this.#leave();
    this.#about = entry;
    this.#showContext(`Reply to ${entry.nick}: ${entry.text.slice(0, 100)}`);
  }

  edit(entry) {
    this.#leave();
    this.#editing = entry;
    this.#put(entry.text);
    this.#showContext("Edit your message");
  }

  #showContext(text) {
    this.#context.replaceChildren(h("span", {}, isolated(text)), iconButton("close", "Cancel", () => this.#cancel()));
    this.#context.hidden = false;
    this.focus();
  }

  #cancel() {
    if (this.#editing) this.#put(this.#draft);
    this.#leave();
    this.focus();
  }

  #leave() {
    this.#about = this.#editing = null;
    this.#context.hidden = true;
    this.#error.hidden = true;
  }

  get #draft() {
    return this.#client.chat.drafts.get(this.#client.chat.support.fold(this.#buffer.name));
  }

  #keep(text) {
    this.#client.chat.drafts.set(this.#client.chat.support.fold(this.#buffer.name), text);
  }

  #put(text) {
    this.#text.value = text;
    this.#grow();
  }

  #grow() {
    this.#text.style.setProperty("height", "auto");
    this.#text.style.setProperty("height", `${Math.min(this.#text.scrollHeight, 240)}px`);
  }

  #typed() {
    this.#completion = null;
    this.#error.hidden = true;
    this.#grow();
    const text = this.#text.value;
    if (!this.#editing) this.#keep(text);
    typing(this.#client, this.#buffer, !text ? "done" : text.startsWith("/") ? "paused" : "active");
  }

  #send() {
    const text = this.#text.value;
    if (!text.trim()) return;
    if (text.split("\n").length > mostLines) return this.#refuse(`That is more than ${mostLines} lines. Please put it elsewhere and send a link.`);
    if (!this.#client.isOnline && !text.startsWith("/")) return this.#refuse("You are not connected. What you wrote stays here until you are.");
    if (this.#editing) edit(this.#client, this.#buffer, this.#editing, text);
    else {
      const problem = run(text, this.#client, this.#buffer, this.#page, { replyTo: this.#about?.id });
      if (problem) return this.#refuse(problem);
    }
    typing(this.#client, this.#buffer, "done");
    // The draft that an edit came upon is still there.
    if (!this.#editing) this.#keep("");
    this.#put(this.#draft);
    this.#leave();
  }

  #refuse(text) {
    this.#error.textContent = text;
    this.#error.hidden = false;
  }

  #key(event) {
    if (event.isComposing) return;
    const isSend = event.key === "Enter" && (settings.get("enterSends") ? !event.shiftKey : event.ctrlKey || event.metaKey);
    if (isSend) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Tab" && !event.shiftKey && this.#complete()) event.preventDefault();
    else if (event.key === "Escape" && (this.#about || this.#editing)) this.#cancel();
    else if (event.key === "ArrowUp" && !this.#text.value && !this.#editing) {
      const mine = this.#buffer.entries.findLast((entry) => entry.isOwn && entry.kind === "message" && !entry.isDeleted && !entry.state);
      if (mine) (event.preventDefault(), this.edit(mine));
    }
  }

  /** Tab goes through all names that begin like the word at the cursor. @returns {boolean} false: there is nothing, so Tab moves on. */
  #complete() {
    const { value, selectionStart } = this.#text;
    if (!this.#completion) {
      const word = /\S*$/.exec(value.slice(0, selectionStart))[0];
      if (!word) return false;
      const at = selectionStart - word.length;
      const lower = word.toLowerCase();
      const names = word.startsWith("/") && at === 0
        ? commands.map((command) => `/${command.name} `)
        : [...[...this.#buffer.members.values()].map((member) => member.nick).filter((nick) => !this.#client.chat.isMe(nick)), ...this.#client.chat.ordered.map((buffer) => buffer.name)].map((name) => name + (at === 0 && !this.#client.chat.support.isChannel(name) ? ": " : " "));
      const found = names.filter((name) => name.toLowerCase().startsWith(lower)).sort((one, other) => one.localeCompare(other));
      if (!found.length) return false;
      this.#completion = { at, rest: value.slice(selectionStart), found, index: -1 };
    }
    const completion = this.#completion;
    completion.index = (completion.index + 1) % completion.found.length;
    const head = value.slice(0, completion.at) + completion.found[completion.index];
    this.#text.value = head + completion.rest;
    this.#text.setSelectionRange(head.length, head.length);
    return true;
  }

  #showTyping() {
    if (!this.#buffer) return;
    const now = Date.now();
    for (const [nick, until] of this.#buffer.typing) if (until < now) this.#buffer.typing.delete(nick);
    const nicks = [...this.#buffer.typing.keys()];
    this.#typing.textContent = nicks.length > 3 ? "Several people are typing…" : nicks.length ? `${nicks.join(", ")} ${nicks.length > 1 ? "are" : "is"} typing…` : "";
  }
}
