// What was begun and not sent, kept in this tab over a reload. It goes when the person signs out.

const key = "roost.drafts";
/** So many conversations, the latest; a draft that is longer lasts until a reload. */
const most = 50;
const longest = 10_000;

export class Drafts {
  /** @type {Map<string, string>} by folded name */
  #texts = new Map();
  #storage;

  constructor(storage = sessionStorage) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage.getItem(key) ?? "[]");
      for (const [name, text] of kept.slice(-most)) if (typeof name === "string" && typeof text === "string") this.#texts.set(name, text);
    } catch {
      // What does not read as it should counts as none.
    }
  }

  get(name) {
    return this.#texts.get(name) ?? "";
  }

  set(name, text) {
    this.#texts.delete(name);
    if (text) this.#texts.set(name, text);
    if (this.#texts.size > most) this.#texts.delete(this.#texts.keys().next().value);
    try {
      this.#storage.setItem(key, JSON.stringify([...this.#texts].filter(([, each]) => each.length <= longest)));
    } catch {
      // It lasts as long as the page.
    }
  }

  clear() {
    this.#texts.clear();
    try {
      this.#storage.removeItem(key);
    } catch {
      // Nothing was kept there.
    }
  }
}
