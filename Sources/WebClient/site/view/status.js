// Tells when there is no connection, why, and when the next try is.

import { h } from "./dom.js";

export class StatusBar {
  #client;
  #text = h("span");
  #timer = 0;
  element;

  constructor(client, page) {
    this.#client = client;
    client.signal.addEventListener("abort", () => clearInterval(this.#timer), { once: true });
    this.element = h("div.status", { role: "status", hidden: true }, this.#text, h("span.buttons", {}, h("button", { type: "button", onclick: () => client.retry() }, "Try now"), h("button", { type: "button", onclick: () => page.logOut() }, "Sign out")));
  }

  update(changes) {
    if (!changes.has("status")) return;
    clearInterval(this.#timer);
    const { status } = this.#client.chat;
    this.element.hidden = status.state === "online";
    this.element.dataset.state = status.state;
    this.#show();
    if (status.until) this.#timer = setInterval(() => this.#show(), 1000);
  }

  #show() {
    const { text, until } = this.#client.chat.status;
    const seconds = until ? Math.max(0, Math.ceil((until - Date.now()) / 1000)) : 0;
    this.#text.textContent = text + (seconds ? ` Trying again in ${seconds} s.` : "");
  }
}
