// Everything this page knows of the network: who one is, the conversations, who is where. Views are told what changed, once for each frame.

import { Buffer } from "./buffer.js";
import { Drafts } from "./drafts.js";
import { Support } from "../irc/support.js";

export class Chat {
  support = new Support();
  nick = "";
  account = "";
  network = "";
  isOperator = false;
  /** For the REST interface, while the connection lasts. */
  bearer = "";
  /** @type {Set<string>} */
  capabilities = new Set();
  /** @type {Map<string, Buffer>} by folded name */
  buffers = new Map();
  /** @type {Buffer | null} */
  active = null;
  server = new Buffer("", "server");
  drafts = new Drafts();
  /** @type {{ state: "connecting" | "online" | "waiting" | "offline", text: string, until?: number }} */
  status = { state: "connecting", text: "Connecting…" };
  /** Why the server closed the connection, as it said. */
  lastError = "";
  #listeners = new Set();
  #changes = new Set();
  #isScheduled = false;

  /** @param {(changes: Set<unknown>) => void} listener gets what was given to ``changed``. */
  listen(listener) {
    this.#listeners.add(listener);
  }

  /** @param {unknown} what a buffer, an entry, or the name of a part such as "status". */
  changed(...what) {
    for (const each of what) this.#changes.add(each);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Pages in the background get no frames, and shall keep their title and counts all the same.
    const next = document.hidden ? (body) => setTimeout(body, 50) : requestAnimationFrame;
    next(() => {
      this.#isScheduled = false;
      const changes = this.#changes;
      this.#changes = new Set();
      for (const listener of this.#listeners) listener(changes);
    });
  }

  find(name) {
    return this.buffers.get(this.support.fold(name));
  }

  /** The conversation of this name, made when there is none. */
  open(name) {
    const key = this.support.fold(name);
    let buffer = this.buffers.get(key);
    if (!buffer) {
      buffer = new Buffer(name, this.support.isChannel(name) ? "channel" : "query");
      this.buffers.set(key, buffer);
      this.changed("buffers");
    }
    return buffer;
  }

  close(buffer) {
    this.buffers.delete(this.support.fold(buffer.name));
    if (this.active === buffer) this.show(this.ordered[0] ?? this.server);
    this.changed("buffers");
  }

  rename(buffer, name) {
    this.buffers.delete(this.support.fold(buffer.name));
    buffer.name = name;
    this.buffers.set(this.support.fold(name), buffer);
    this.changed("buffers", buffer);
  }

  show(buffer) {
    if (this.active === buffer) return;
    this.active = buffer;
    this.changed("active", "buffers");
  }

  /** Channels, then people, each by name. */
  get ordered() {
    return [...this.buffers.values()].sort((one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name));
  }

  isMe(nick) {
    return this.support.same(nick, this.nick);
  }

  /** Whether `text` calls the person by name. */
  mentions(text) {
    if (!this.nick) return false;
    const name = this.nick.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(^|[^\\p{L}\\p{N}_-])${name}($|[^\\p{L}\\p{N}_-])`, "iu").test(text);
  }

  /** Says something in a conversation that only this page sees. */
  note(text, buffer = this.active ?? this.server) {
    buffer.add({ id: `local:${crypto.randomUUID()}`, time: Date.now(), kind: "note", nick: "", text });
    this.changed(buffer);
  }
}
