// One connection to the chat for one login: connects, comes back, sends, and gives what comes in to the handlers.

import { Batches } from "../irc/batches.js";
import { format, parse } from "../irc/message.js";
import { Registration } from "../irc/registration.js";
import { Socket } from "../irc/socket.js";
import { Support } from "../irc/support.js";
import * as session from "../session/session.js";
import { fillGaps } from "./history.js";
import { subscribe } from "./notify.js";
import { receive, receiveBatch } from "./receive.js";
import { refused } from "./say.js";

const answerLimit = 20_000;

export class Client {
  /** The folded name of the channel that the person wants to see as soon as it is in it. */
  wanted = "";
  /** @type {import("./buffer.js").Buffer | null} the channel whose window closes when it is left */
  leaving = null;
  #life = new AbortController();
  /** Aborted when the person leaves for good: whatever listens or ticks for this login ends with it. */
  signal = this.#life.signal;
  #socket;
  #batches = new Batches();
  /** @type {Registration | null} null once the server has said welcome */
  #registration = null;
  #waiting = new Map();
  #timer = 0;
  #labels = 0;
  #wasRefused = false;
  #token = "";
  #limits = {};
  #tries = 0;

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {import("../session/login.js").Login} login
   * @param {{ ended(reason: string): void, renamed(nick: string): void, channels(): string[], joined(names: string[]): void, welcomed(): void }} page
   *   `ended`: the login does not count any more; `channels`: where to go after a connect; `welcomed`: it does count.
   */
  constructor(chat, login, page) {
    this.chat = chat;
    this.login = login;
    this.page = page;
    this.#socket = new Socket(location.origin.replace(/^http/, "ws") + "/irc", {
      opened: () => this.#opened(),
      line: (text) => this.#line(text),
      closed: (wait) => this.#closed(wait),
      silent: () => this.send("PING", ["alive"]),
    }, this.signal);
  }

  start() {
    return this.#connect();
  }

  /** Leaves for good. */
  stop(reason = "") {
    clearTimeout(this.#timer);
    if (this.isOnline) this.send("QUIT", reason ? [reason] : []);
    this.#socket.close();
    this.#forgetWaiting();
    this.#life.abort();
  }

  /** Tries again at once. */
  retry() {
    clearTimeout(this.#timer);
    if (this.login.kind === "identity" && !this.#token && !this.#socket.isOpen) this.#connect();
    else this.#socket.retry();
  }

  get isOnline() {
    return this.chat.status.state === "online";
  }

  has(capability) {
    return this.chat.capabilities.has(capability);
  }

  /** The numbers that the server names for a capability, by their names; those that it does not name are absent. */
  limits(capability) {
    return this.#limits[capability] ?? {};
  }

  /** @param {string} command */
  send(command, params = [], tags = {}) {
    this.#socket.send(format(command, params, tags));
  }

  /**
   * Sends a command and waits for all that it is answered with (IRCv3 labeled-response).
   * @returns {Promise<import("../irc/message.js").Message[]>} rejects when there is no connection or no answer.
   */
  request(command, params = [], tags = {}) {
    if (!this.isOnline) return Promise.reject(new Error("You are not connected."));
    const label = `r${++this.#labels}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(label);
        reject(new Error("The server did not answer."));
      }, answerLimit);
      this.#waiting.set(label, { resolve, reject, timer });
      this.send(command, params, { ...tags, label });
    });
  }

  newLabel() {
    return `m${++this.#labels}`;
  }

  async #connect() {
    if (this.login.kind === "identity" && !this.#token) {
      this.#status("connecting", "Signing in…");
      const answer = await session.ask();
      if (this.signal.aborted) return;
      if (answer.kind === "gone") return this.page.ended(answer.reason);
      if (answer.kind === "later") {
        const wait = Math.max(answer.seconds, Math.min(60, 2 ** Math.min(++this.#tries, 6))) * 1000;
        this.#status("waiting", `${answer.reason}.`, wait);
        this.#timer = setTimeout(() => this.#connect(), wait);
        return;
      }
      this.#tries = 0;
      this.#token = answer.token;
      this.login = { ...this.login, nick: answer.nick || this.login.nick, did: answer.did, handle: answer.handle };
    }
    this.#status("connecting", "Connecting…");
    this.#socket.open();
  }

  #opened() {
    const { login } = this;
    const credential =
      login.kind === "identity"
        ? { kind: "identity", did: login.did, token: this.#token }
        : login.kind === "password"
          ? { kind: "password", account: login.account, password: login.password }
          : { kind: "guest" };
    this.#token = "";
    this.#batches.clear();
    this.chat.support = new Support();
    this.chat.capabilities = new Set();
    this.chat.bearer = "";
    this.chat.isOperator = false;
    this.#registration = new Registration(this.chat.nick || login.nick, credential);
    for (const line of this.#registration.begin()) this.#socket.send(line);
  }

  #closed(wait) {
    this.#registration = null;
    this.#forgetWaiting();
    for (const buffer of this.chat.buffers.values()) {
      buffer.isJoined = false;
      for (const entry of buffer.entries) {
        if (entry.state !== "sending") continue;
        entry.state = "failed";
        this.chat.changed(entry);
      }
      this.chat.changed(buffer);
    }
    if (this.login.kind === "identity") {
      // The token for the chat counts once: the next connection needs another one.
      this.#socket.close();
      this.#timer = setTimeout(() => this.#connect(), wait);
    }
    this.#status("waiting", this.chat.lastError || "The connection was lost.", wait);
    this.chat.lastError = "";
  }

  #line(text) {
    const message = parse(text);
    if (!message) return;
    if (message.command === "PING") return this.send("PONG", message.params);
    if (message.command === "ERROR") this.chat.lastError = message.params[0] ?? "";
    if (this.#registration) this.#register(message);
    const label = message.tags.get("label");
    const { line, batch } = this.#batches.receive(message);
    if (batch) {
      // Several lines that answer one command; what answers in a batch of its own is that batch.
      if (this.#answer(batch.tags.get("label"), batch.lines)) return;
      return receiveBatch(this, batch);
    }
    if (line && label) refused(this, label, line);
    if (line && !(label && this.#answer(label, line.command === "ACK" ? [] : [line]))) receive(this, line);
  }

  /** @returns {boolean} whether somebody waited for it; then nobody else gets it. */
  #answer(label, lines) {
    const waiting = this.#waiting.get(label);
    if (!waiting) return false;
    this.#waiting.delete(label);
    clearTimeout(waiting.timer);
    waiting.resolve(lines.length === 1 && lines[0].batch ? lines[0].batch.lines : lines);
    return true;
  }

  #register(message) {
    if (message.command === "001") return this.#welcome(message);
    const { send, failed, refused } = this.#registration.receive(message);
    for (const line of send) this.#socket.send(line);
    if (failed) this.#refusedLogin(failed);
    if (refused) this.page.ended(refused);
  }

  /** A token can have grown too old on the way, so it is tried a second time; a password cannot. */
  #refusedLogin(reason) {
    const isFirst = !this.#wasRefused;
    this.#wasRefused = true;
    if (this.login.kind === "identity" && isFirst) return this.#socket.renew();
    this.page.ended(reason);
  }

  #welcome(message) {
    const { chat } = this;
    this.#wasRefused = false;
    this.#socket.settle();
    chat.nick = message.params[0];
    chat.capabilities = this.#registration.capabilities;
    this.#limits = { "draft/multiline": this.#registration.limits("draft/multiline") };
    this.#registration = null;
    this.#status("online", "");
    this.page.welcomed();
  }

  /** The server has said all of its welcome. */
  async ready() {
    subscribe(this);
    this.send("MODE", [this.chat.nick]);
    for (const name of this.page.channels()) this.send("JOIN", [name]);
    await fillGaps(this);
  }

  #forgetWaiting() {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error("The connection was lost."));
    }
    this.#waiting.clear();
  }

  #status(state, text, wait) {
    this.chat.status = { state, text, until: wait ? Date.now() + wait : undefined };
    this.chat.changed("status");
  }
}
