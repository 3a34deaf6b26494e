// Lines over a WebSocket, one in each message (ircv3.net/specs/extensions/websocket). No subprotocol is named, because then lines may be
// longer (LINELEN). Comes back by itself when it breaks.

/** Milliseconds between two tries: doubled each time, with a random part so that not everybody comes at once. */
export function backoff(tries, random = Math.random()) {
  return Math.min(60_000, 1000 * 2 ** Math.min(tries, 6)) * (0.5 + random / 2);
}

const silence = 90_000;

export class Socket {
  #address;
  #handlers;
  #socket = null;
  #timer = 0;
  #watch = 0;
  #tries = 0;
  #heard = 0;
  #isWanted = false;

  /**
   * @param {string} address `wss://…`
   * @param {{ opened(): void, line(text: string): void, closed(milliseconds: number): void, silent(): void }} handlers
   *   `closed` gets the time until the next try; `silent` is called when nothing was heard for a while and a PING is due.
   * @param {AbortSignal} signal nothing is tried again after it
   */
  constructor(address, handlers, signal) {
    this.#address = address;
    this.#handlers = handlers;
    globalThis.addEventListener("online", () => this.retry(), { signal });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    this.#isWanted = true;
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#heard = Date.now();
      this.#watch = setInterval(() => this.#check(), 15_000);
      this.#handlers.opened();
    };
    socket.onmessage = (event) => {
      this.#heard = Date.now();
      for (const line of String(event.data).split(/\r?\n/)) if (line) this.#handlers.line(line);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  /** The connection serves: the next failure is the first one again. */
  settle() {
    this.#tries = 0;
  }

  send(line) {
    if (this.isOpen) this.#socket.send(line);
  }

  /** Tries now instead of later. */
  retry() {
    if (this.#isWanted && !this.#socket) this.open();
  }

  close() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  /** Gives this connection up and makes another one. */
  renew() {
    const socket = this.#socket;
    this.#lost();
    socket?.close();
  }

  #check() {
    const quiet = Date.now() - this.#heard;
    if (quiet > 2 * silence) this.renew();
    else if (quiet > silence) this.#handlers.silent();
  }

  #lost() {
    clearInterval(this.#watch);
    this.#socket = null;
    if (!this.#isWanted) return;
    const wait = backoff(this.#tries++);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.retry(), wait);
    this.#handlers.closed(wait);
  }
}
