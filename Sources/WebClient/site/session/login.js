// Who uses this page, remembered over reloads. What a browser has of somebody else's making (old settings, other versions) is not trusted:
// whatever does not read as it should counts as absent, and never as "guest".

const key = "roost.login";
/** In the storage of the tab from when it goes to log in until it comes back. */
const begunKey = "roost.login-begun";

/**
 * @typedef {object} Login
 * @property {"identity" | "password" | "guest"} kind
 * @property {string} nick to ask for
 * @property {string} [did] identity
 * @property {string} [handle] identity
 * @property {string} [account] password
 * @property {string} [password] of this device, which the account can revoke; not the one that the person typed
 */

/** @returns {Login | null} */
export function remembered(storage = localStorage) {
  try {
    const login = JSON.parse(storage.getItem(key));
    const texts = { identity: ["nick", "did"], password: ["nick", "account", "password"], guest: ["nick"] }[login?.kind];
    return texts?.every((name) => typeof login[name] === "string" && login[name] !== "") ? login : null;
  } catch {
    return null;
  }
}

/** @param {Login} login */
export function remember(login, storage = localStorage) {
  try {
    storage.setItem(key, JSON.stringify(login));
  } catch {
    // Without storage the login lasts as long as the page.
  }
}

export function forget(storage = localStorage) {
  try {
    storage.removeItem(key);
  } catch {
    // Nothing was kept there.
  }
}

/** Calls `changed` when another tab logs in or out, until `signal` is aborted. */
export function watch(changed, signal) {
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) changed(remembered());
  }, { signal });
}

/**
 * The result that the way back from a login leaves behind the `#`, taken out of the address bar at once.
 * @returns {{ nick: string, did: string, handle: string } | null} the token is in a cookie that no script reads
 */
export function takeResult(location = globalThis.location, history = globalThis.history, begun = globalThis.sessionStorage) {
  const encoded = /^#oauth=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
  if (!encoded) return null;
  history.replaceState(null, "", location.pathname + location.search);
  // A link that somebody made up is no way back.
  if (!begun.getItem(begunKey)) return null;
  begun.removeItem(begunKey);
  try {
    const bytes = Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const result = JSON.parse(new TextDecoder().decode(bytes));
    return ["nick", "did"].every((name) => typeof result[name] === "string" && result[name]) ? result : null;
  } catch {
    return null;
  }
}

/** Where the browser goes to log in, and comes back from to this page; notes that it does. */
export function loginAddress(handle, begun = globalThis.sessionStorage) {
  begun.setItem(begunKey, "1");
  return `/auth/login?${new URLSearchParams({ handle, return_to: "/", keep: "cookie" })}`;
}

/**
 * What is wrong with a typed handle, or null. DIDs and addresses of servers are taken as they are.
 * @returns {string | null}
 */
export function fault(typed) {
  if (typed === "") return "Type your handle, such as you.bsky.social.";
  if (/^did:[a-z]+:[A-Za-z0-9._:%-]+$/.test(typed) || /^https:\/\/[^\s/]+\/?$/.test(typed)) return null;
  if (typed.includes("@")) return "That looks like an email address. Your handle is what others see, such as you.bsky.social.";
  if (!typed.includes(".")) return `A handle has a dot in it. Did you mean ${typed}.bsky.social?`;
  if (typed.length > 253 || !/^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(typed)) return "That is no handle: letters, digits and hyphens, with dots between them.";
  return null;
}

/** Takes away what people put around a handle. */
export function tidy(typed) {
  return typed.trim().replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, "").replace(/^@/, "").replace(/^https:\/\/bsky\.app\/profile\//, "");
}
