// A conversation: a channel or somebody to write to. Messages are in the order of their time and known by their id.

/**
 * @typedef {object} Entry
 * @property {string} id of the message; made up while the server has not told one
 * @property {number} time milliseconds since 1970
 * @property {"message" | "notice" | "action" | "event" | "note"} kind `note` is of this page, for this page
 * @property {string} nick
 * @property {string} text
 * @property {string} [account]
 * @property {string} [replyTo] id of another message
 * @property {boolean} [isOwn]
 * @property {boolean} [isMention]
 * @property {boolean} [isEdited]
 * @property {boolean} [isDeleted]
 * @property {"sending" | "failed"} [state]
 * @property {string} [label]
 * @property {Map<string, Set<string>>} [reactions] nicknames by reaction
 */

/** More than this is forgotten from the far end; history brings it back. */
export const keep = 10_000;

export class Buffer {
  /** @type {Entry[]} */
  entries = [];
  /** @type {Map<string, Member>} by folded nickname */
  members = new Map();
  topic = "";
  isJoined = false;
  /** Whether older messages may be on the server. */
  hasOlder = true;
  /** Whether the newest page was asked for. */
  isLoaded = false;
  isLoading = false;
  /** Milliseconds since 1970 up to which it was read, on any device. */
  readUntil = 0;
  unread = 0;
  mentions = 0;
  /** @type {Map<string, number>} who types, and until when this counts */
  typing = new Map();
  /** @type {{ id: string }[]} as far as the page has heard of them */
  pins = [];
  #byID = new Map();

  /**
   * @param {string} name
   * @param {"channel" | "query" | "server"} kind
   */
  constructor(name, kind) {
    this.name = name;
    this.kind = kind;
  }

  find(id) {
    return this.#byID.get(id);
  }

  /**
   * Puts an entry where its time says.
   * @param {Entry} entry
   * @returns {boolean} false when it is there already.
   */
  add(entry) {
    if (this.#byID.has(entry.id)) return false;
    this.#byID.set(entry.id, entry);
    const at = this.#place(entry.time);
    if (at === this.entries.length) this.entries.push(entry);
    else this.entries.splice(at, 0, entry);
    this.#count(entry);
    if (this.entries.length > keep + 500) {
      for (const old of this.entries.splice(0, 500)) this.#byID.delete(old.id);
      this.hasOlder = true;
    }
    return true;
  }

  /** Behind all that is not newer. */
  #place(time) {
    let [low, high] = [0, this.entries.length];
    if (high === 0 || this.entries[high - 1].time <= time) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].time <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The server has told the id and time of what was sent. */
  confirm(entry, id, time) {
    this.#byID.delete(entry.id);
    const at = this.entries.indexOf(entry);
    if (at >= 0) this.entries.splice(at, 1);
    entry.id = id;
    entry.time = time;
    delete entry.state;
    return this.add(entry);
  }

  remove(entry) {
    this.#byID.delete(entry.id);
    const at = this.entries.indexOf(entry);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** Forgets all messages: there is a gap before what comes now. */
  clear() {
    this.entries = [];
    this.#byID.clear();
    this.hasOlder = true;
    this.unread = this.mentions = 0;
  }

  /** The oldest and the newest message that the server knows by an id. */
  get oldest() {
    return this.entries.find(isOfServer);
  }

  get newest() {
    return this.entries.findLast(isOfServer);
  }

  /** @returns {boolean} whether that was news. */
  markRead(time) {
    if (time <= this.readUntil) return false;
    this.readUntil = time;
    this.unread = this.mentions = 0;
    for (const entry of this.entries) this.#count(entry);
    return true;
  }

  #count(entry) {
    if (entry.isOwn || entry.time <= this.readUntil || !["message", "action", "notice"].includes(entry.kind)) return;
    this.unread++;
    if (entry.isMention || this.kind === "query") this.mentions++;
  }
}

/**
 * @typedef {object} Member
 * @property {string} nick
 * @property {string} prefixes as in `@+`
 * @property {string} [account]
 * @property {boolean} [isAway]
 */

function isOfServer(entry) {
  return entry.kind !== "note" && !entry.id.startsWith("local:");
}
