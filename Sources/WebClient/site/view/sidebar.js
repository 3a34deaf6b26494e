// The conversations, with what is unread in them.

import { h, icon, iconButton, isolated } from "./dom.js";
import { ask } from "./dialog.js";
import { leave } from "../chat/commands.js";

export class Sidebar {
  #client;
  #page;
  #channels = h("ul.buffers", { "aria-label": "Channels" });
  #queries = h("ul.buffers", { "aria-label": "Direct messages" });
  #name = h("strong.network");
  #me = h("button.me", { type: "button", onclick: () => this.#page.showAccount() });

  constructor(client, page) {
    this.#client = client;
    this.#page = page;
    this.element = h(
      "nav.sidebar", { "aria-label": "Conversations", id: "conversations" },
      h("header.side-head", {}, h("img", { src: "/icon.svg", alt: "", width: 24, height: 24 }), this.#name, iconButton("search", "Search messages", () => page.showSearch(""))),
      h("div.side-scroll", {},
        h("div.side-title", {}, h("h2", {}, "Channels"), iconButton("plus", "Enter a channel", () => page.showChannels())), this.#channels,
        h("div.side-title", {}, h("h2", {}, "Direct messages"), iconButton("plus", "Write to somebody", () => this.#write())), this.#queries,
        h("ul.buffers", { "aria-label": "Server" }, this.#server()),
      ),
      h("footer.side-foot", {}, this.#me, iconButton("tower", "Operate the server", () => page.showOperator(), { id: "operate", hidden: true }), iconButton("gear", "Settings", () => page.showSettings())),
    );
  }

  update(changes) {
    const { chat } = this.#client;
    if (changes.has("status")) {
      this.#name.textContent = chat.network || this.#page.network;
      this.#me.replaceChildren(icon("person"), h("span.me-names", {}, isolated(chat.nick || this.#client.login.nick), h("span.faint.small", {}, this.#client.login.handle ?? (chat.account || "guest"))));
      this.element.querySelector("#operate").hidden = !chat.isOperator;
    }
    if (!["buffers", "active", "read", "status"].some((change) => changes.has(change))) return;
    const all = chat.ordered;
    // The button that has the focus is kept, and with it the focus.
    this.#show(this.#channels, all.filter((buffer) => buffer.kind === "channel"));
    this.#show(this.#queries, all.filter((buffer) => buffer.kind === "query"));
    this.element.querySelector("#server-window")?.setAttribute("aria-current", String(chat.active === chat.server));
  }

  #show(list, buffers) {
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    list.replaceChildren(...buffers.map((buffer) => this.#row(buffer)));
    if (focused) list.querySelector(`button[data-name="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(buffer) {
    const isActive = this.#client.chat.active === buffer;
    const count = buffer.mentions || buffer.unread;
    const says = buffer.mentions ? `${buffer.mentions} for you` : buffer.unread ? `${buffer.unread} unread` : "";
    return h(
      "li.buffer-row", {},
      h(
        ["button.buffer", isActive && "active", buffer.unread && "unread", buffer.kind === "channel" && !buffer.isJoined && "outside"].filter(Boolean).join("."),
        { type: "button", "data-name": buffer.name, "aria-current": isActive, onclick: () => this.#page.open(buffer) },
        isolated(buffer.name), count > 0 && h(buffer.mentions ? "span.count.strong" : "span.count", { "aria-label": says }, count > 99 ? "99+" : String(count)),
      ),
      iconButton("close", buffer.kind === "channel" ? `Leave ${buffer.name}` : `Close ${buffer.name}`, () => leave(this.#client, buffer, ""), { className: "icon-button buffer-close" }),
    );
  }

  #server() {
    return h("li.buffer-row", {}, h("button.buffer", { type: "button", id: "server-window", onclick: () => this.#page.open(this.#client.chat.server) }, "Server messages"));
  }

  async #write() {
    const name = await ask("Write to somebody", "Nickname or DID", "Open");
    if (name) this.#page.open(this.#client.chat.open(name));
  }
}
