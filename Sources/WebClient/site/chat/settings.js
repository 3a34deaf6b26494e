// What the person chose for this browser. Unknown and broken values count as the default.

const key = "roost.settings";
const defaults = { notifications: false, images: false, events: true, theme: "system", enterSends: true };

class Settings {
  #values = { ...defaults };
  #listeners = new Set();

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
      for (const name of Object.keys(defaults)) if (typeof kept?.[name] === typeof defaults[name]) this.#values[name] = kept[name];
    } catch {
      // The defaults stay.
    }
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(key, JSON.stringify(this.#values));
    } catch {
      // It counts as long as the page is open.
    }
    for (const listener of this.#listeners) listener(name, value);
  }

  /** @param {AbortSignal} [signal] ends it */
  listen(listener, signal) {
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }
}

export const settings = new Settings();
