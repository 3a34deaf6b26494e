// The page while one is logged in: conversations, messages, members, and the windows over them.

import { settings } from "../chat/settings.js";
import { title } from "../chat/notify.js";
import { showAccount } from "./account.js";
import { showChannels } from "./channels.js";
import { Composer } from "./composer.js";
import { h, iconButton, isolated } from "./dom.js";
import { Members } from "./members.js";
import { MessagesView } from "./messages.js";
import { showOperator } from "./operator.js";
import { showPerson } from "./person.js";
import { showPins } from "./pins.js";
import { showSearch } from "./search.js";
import { showSettings } from "./settings.js";
import { body } from "./message.js";
import { Sidebar } from "./sidebar.js";
import { StatusBar } from "./status.js";

export class ChatPage {
  #client;
  #name = h("h1", { id: "conversation" });
  #topic = h("p.topic");
  #join = h("button.primary", { type: "button", hidden: true, onclick: () => this.#client.send("JOIN", [this.#client.chat.active.name]) }, "Enter this channel");

  /**
   * @param {import("../chat/client.js").Client} client
   * @param {{ network: string, logOut(everywhere?: boolean): void }} options
   */
  constructor(client, options) {
    this.#client = client;
    this.network = options.network;
    this.logOut = options.logOut;
    this.sidebar = new Sidebar(client, this);
    this.members = new Members(client, this);
    this.composer = new Composer(client, this);
    this.messages = new MessagesView(client, { reply: (entry) => this.composer.reply(entry), edit: (entry) => this.composer.edit(entry), write: () => this.composer.focus() });
    this.status = new StatusBar(client, this);
    this.element = h(
      "div.chat", {},
      h("a.skip", { href: "#composer" }, "Go to the message field"),
      this.sidebar.element,
      h("main.conversation", { "aria-labelledby": "conversation" },
        this.status.element,
        h("header.head", {},
          iconButton("menu", "Conversations", () => this.#toggle("with-sidebar"), { className: "icon-button narrow-only" }),
          h("div.head-names", {}, this.#name, this.#topic),
          iconButton("pin", "Pinned messages", () => this.showPins(), { id: "pins-button" }),
          iconButton("people", "Members", () => this.#toggle("with-members"), { id: "members-button" })),
        this.messages.element, this.#join, this.composer.element),
      this.members.element,
      h("button.shade", { type: "button", "aria-label": "Close", onclick: () => this.element.classList.remove("with-sidebar", "with-members") }),
    );
    client.chat.listen((changes) => this.#update(changes));
    settings.listen((name) => ["events", "images"].includes(name) && client.chat.active && this.messages.show(client.chat.active), client.signal);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    client.chat.active ??= client.chat.server;
    this.#update(new Set(["active", "buffers", "status"]));
  }

  open(buffer) {
    this.element.classList.remove("with-sidebar");
    this.#client.chat.show(buffer);
  }

  showAccount() {
    showAccount(this.#client, this);
  }
  showChannels(mask) {
    showChannels(this.#client, this, mask);
  }
  showOperator() {
    showOperator(this.#client, this);
  }
  showPerson(nick) {
    showPerson(this.#client, this, nick);
  }
  showPins() {
    showPins(this.#client, this);
  }
  showSearch(words) {
    showSearch(this.#client, this, words);
  }
  showSettings() {
    showSettings(this.#client);
  }

  #toggle(name) {
    this.element.classList.toggle(name);
  }

  #update(changes) {
    const { chat } = this.#client;
    const { active } = chat;
    if (changes.has("active")) {
      this.messages.show(active);
      this.members.show(active);
      this.composer.show(active);
      this.element.classList.remove("with-members");
    }
    if (["active", "topic", "buffers"].some((change) => changes.has(change))) {
      this.#name.replaceChildren(active.kind === "server" ? "Server messages" : isolated(active.name));
      this.#topic.replaceChildren(body(active.topic));
      this.#topic.title = active.topic;
      this.#join.hidden = active.kind !== "channel" || active.isJoined || !this.#client.isOnline;
      this.element.querySelector("#pins-button").hidden = this.element.querySelector("#members-button").hidden = active.kind !== "channel";
    }
    for (const part of [this.sidebar, this.members, this.messages, this.composer, this.status]) part.update(changes);
    title(chat, this.network);
  }

  #key(event) {
    const { chat } = this.#client;
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const all = [...chat.ordered, chat.server];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = all[(all.indexOf(chat.active) + step + all.length) % all.length];
      event.preventDefault();
      this.open(next);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      this.showChannels();
    }
  }
}
