// Who is in the channel. Only the rows in sight are in the document, so that five thousand cost no more than fifty.

import { colour, h, isolated, watchSize } from "./dom.js";
import { menu } from "./menu.js";

const row = 32;
const ranks = { "~": "founder", "&": "admin", "@": "operator", "%": "half-operator", "+": "voice" };

export class Members {
  #client;
  #page;
  #buffer = null;
  /** @type {import("../chat/buffer.js").Member[]} */
  #sorted = [];
  #title = h("h2");
  #filter = h("input", { type: "search", placeholder: "Find somebody", "aria-label": "Find a member", oninput: () => this.#fill() });
  #room = h("div.member-room", { role: "list", "aria-label": "Members" });
  #scroller = h("div.member-scroll", { tabIndex: 0, onscroll: () => this.#render() }, this.#room);
  element = h("aside.members", { "aria-label": "Members" }, h("header", {}, this.#title, this.#filter), this.#scroller);

  constructor(client, page) {
    this.#client = client;
    this.#page = page;
    watchSize(this.#scroller, () => this.#render(), client.signal);
  }

  show(buffer) {
    this.#buffer = buffer;
    this.element.hidden = buffer.kind !== "channel";
    this.#filter.value = "";
    this.#scroller.scrollTop = 0;
    this.#fill();
  }

  #timer = 0;

  update(changes) {
    // Who comes and goes in a large channel comes in crowds: they are sorted once for all.
    if (changes.has("members") && !this.#timer) this.#timer = setTimeout(() => ((this.#timer = 0), this.#fill()), 100);
  }

  #fill() {
    if (!this.#buffer || this.element.hidden) return;
    const { prefixes } = this.#client.chat.support;
    const wanted = this.#filter.value.trim().toLowerCase();
    const rank = (member) => (member.prefixes ? prefixes.indexOf(member.prefixes[0]) : prefixes.length);
    const keyed = [];
    for (const [folded, member] of this.#buffer.members) if (folded.includes(wanted)) keyed.push([rank(member), folded, member]);
    keyed.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
    this.#sorted = keyed.map(([, , member]) => member);
    this.#title.textContent = `Members (${this.#buffer.members.size})`;
    this.#render();
  }

  #render() {
    const first = Math.max(0, Math.floor(this.#scroller.scrollTop / row) - 5);
    const count = Math.ceil(this.#scroller.clientHeight / row) + 10;
    this.#room.style.setProperty("--height", `${this.#sorted.length * row}px`);
    this.#room.replaceChildren(...this.#sorted.slice(first, first + count).map((member, index) => this.#row(member, first + index)));
  }

  #row(member, index) {
    const rank = ranks[member.prefixes?.[0]];
    const element = h(
      `div.member${member.isAway ? ".away" : ""}`, { role: "listitem", "aria-setsize": this.#sorted.length, "aria-posinset": index + 1 },
      h("button", { type: "button", "aria-haspopup": "menu", onclick: (event) => this.#menu(member, event.currentTarget) },
        rank && h("span.rank", { title: rank, "aria-label": rank, role: "img" }, member.prefixes[0]), h(`span.${colour(member.nick)}`, {}, isolated(member.nick)),
        member.account && h("span.badge", { title: `Signed in as ${member.account}`, "aria-label": "signed in", role: "img" }, "✓"), member.isAway && h("span.faint.small", {}, " away")),
    );
    element.style.setProperty("--y", `${index * row}px`);
    return element;
  }

  #menu(member, button) {
    const client = this.#client;
    const channel = this.#buffer.name;
    const mine = this.#buffer.members.get(client.chat.support.fold(client.chat.nick))?.prefixes ?? "";
    const mayRule = /[~&@%]/.test(mine);
    const mode = (letters) => client.send("MODE", [channel, letters, member.nick]);
    menu(button, [
      { icon: "send", label: "Write to them", run: () => this.#page.open(client.chat.open(member.nick)) },
      { icon: "person", label: "Who is this?", run: () => this.#page.showPerson(member.nick) },
      mayRule && { icon: "tower", label: member.prefixes.includes("@") ? "Take operator" : "Make operator", run: () => mode(member.prefixes.includes("@") ? "-o" : "+o") },
      mayRule && { icon: "check", label: member.prefixes.includes("+") ? "Take voice" : "Give voice", run: () => mode(member.prefixes.includes("+") ? "-v" : "+v") },
      mayRule && { icon: "close", label: "Throw out", run: () => client.send("KICK", [channel, member.nick]) },
    ].filter(Boolean));
  }
}
