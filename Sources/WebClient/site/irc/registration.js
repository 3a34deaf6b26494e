// From the first line to the welcome: capabilities, login, nickname. A state machine: lines go in, lines to send come out.

import { format } from "./message.js";

const wanted = [
  "message-tags", "server-time", "batch", "echo-message", "labeled-response", "account-tag", "account-notify", "away-notify", "chghost",
  "extended-join", "invite-notify", "multi-prefix", "setname", "standard-replies", "cap-notify", "draft/chathistory",
  "draft/event-playback", "draft/message-redaction", "draft/multiline", "draft/read-marker", "draft/channel-rename", "draft/webpush",
  "draft/oper-tag", "soju.im/search",
];

/**
 * @typedef {{ kind: "guest" } | { kind: "identity", did: string, token: string } | { kind: "password", account: string, password: string }} Credential
 */

export class Registration {
  /** @type {Set<string>} */
  capabilities = new Set();
  nick;
  #credential;
  #offered = new Map();
  #challenge = "";
  #hasEnded = false;

  /**
   * @param {string} nick to ask for
   * @param {Credential} credential
   */
  constructor(nick, credential) {
    this.nick = nick;
    this.#credential = credential;
  }

  /** The lines that open a connection. */
  begin() {
    return ["CAP LS 302", format("NICK", [this.nick]), format("USER", ["web", "0", "*", this.nick])];
  }

  /**
   * @param {import("./message.js").Message} message
   * @returns {{ send: string[], failed?: string, refused?: string }} `failed`: the login did not work; `refused`: no such nickname.
   */
  receive(message) {
    switch (message.command) {
      case "CAP":
        return this.#capability(message.params);
      case "AUTHENTICATE":
        return this.#authenticate(message.params[0] ?? "+");
      case "903":
        return this.#end();
      case "902":
      case "904":
      case "905":
      case "906":
        return { send: [], failed: message.params.at(-1) };
      case "432":
      case "433":
      case "436":
      case "437":
        return this.#otherNick(message);
      default:
        return { send: [] };
    }
  }

  /** The numbers that the server names for a capability, as in `draft/multiline=max-bytes=4096,max-lines=100`. */
  limits(name) {
    const pairs = (this.#offered.get(name) ?? "").split(",").map((pair) => pair.split("="));
    return Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)]).filter(([, value]) => value > 0));
  }

  #capability([, verb, ...rest]) {
    const names = rest.at(-1).split(" ").filter(Boolean);
    if (verb === "LS") {
      for (const name of names) {
        const at = name.indexOf("=");
        this.#offered.set(at < 0 ? name : name.slice(0, at), at < 0 ? "" : name.slice(at + 1));
      }
      return rest[0] === "*" ? { send: [] } : this.#request();
    }
    if (verb === "ACK") {
      for (const name of names) this.capabilities.add(name);
      return this.capabilities.has("sasl") ? { send: [format("AUTHENTICATE", [this.#mechanism])] } : this.#end();
    }
    return verb === "NAK" ? this.#end() : { send: [] };
  }

  #request() {
    const names = wanted.filter((name) => this.#offered.has(name));
    if (this.#credential.kind !== "guest") {
      const mechanisms = this.#offered.get("sasl")?.split(",") ?? [];
      if (!mechanisms.includes(this.#mechanism)) return { send: [], failed: "This server takes no such login" };
      names.push("sasl");
    }
    return names.length ? { send: [format("CAP", ["REQ", names.join(" ")])] } : this.#end();
  }

  get #mechanism() {
    return this.#credential.kind === "identity" ? "ATPROTO-CHALLENGE" : "PLAIN";
  }

  #authenticate(part) {
    if (this.#credential.kind === "password") {
      const { account, password } = this.#credential;
      return { send: chunks(base64(`\0${account}\0${password}`)) };
    }
    this.#challenge += part === "+" ? "" : part;
    if (part.length === 400) return { send: [] };
    const { did, token } = this.#credential;
    return { send: chunks(base64(JSON.stringify({ did, method: "web-token", signature: token }), true)) };
  }

  #otherNick(message) {
    if (this.#credential.kind !== "guest") {
      // Somebody else has the name: an account that is logged in gets another one and can take its own back.
      if (message.command === "432" || this.nick.length > 28) return { send: [], refused: message.params.at(-1) };
      this.nick += "_";
      return { send: [format("NICK", [this.nick])] };
    }
    return { send: [], refused: message.params.at(-1) };
  }

  #end() {
    if (this.#hasEnded) return { send: [] };
    this.#hasEnded = true;
    return { send: ["CAP END"] };
  }
}

/** Of UTF-8. */
export function base64(text, isForURLs = false) {
  const bytes = new TextEncoder().encode(text);
  const encoded = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return isForURLs ? encoded.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : encoded;
}

/** AUTHENTICATE lines carry 400 bytes at most; one that is full is not the last (IRCv3 SASL 3.1). */
export function chunks(payload) {
  const lines = payload.match(/.{1,400}/g) ?? [];
  if (payload.length % 400 === 0) lines.push("+");
  return lines.map((line) => `AUTHENTICATE ${line}`);
}
