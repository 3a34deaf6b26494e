// A token for the chat from the login that the server keeps for this browser. The token of the login itself is in a cookie that no script
// reads. Tabs take turns, and within a tab whoever asks while somebody is asking gets the same answer.

/**
 * @typedef {{ kind: "live", token: string, nick: string, did: string, handle: string }
 *   | { kind: "gone", reason: string }
 *   | { kind: "later", reason: string, seconds: number }} Answer
 */

const lock = "roost.session";
const limit = 30_000;
/** @type {Promise<Answer> | null} */
let underWay = null;

/** @returns {Promise<Answer>} never rejects: what goes wrong on the way is for later, only a 401 ends the login. */
export function ask(fetcher = fetch) {
  underWay ??= inTurn(() => request(fetcher)).finally(() => (underWay = null));
  return underWay;
}

/** Ends the login here and at the server of the account. @returns {Promise<boolean>} whether it is ended for sure. */
export async function logOut(fetcher = fetch) {
  try {
    const response = await fetcher("/auth/logout", { method: "POST", signal: AbortSignal.timeout(limit) });
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}

function inTurn(body) {
  return navigator.locks ? navigator.locks.request(lock, body) : body();
}

/** @returns {Promise<Answer>} */
async function request(fetcher) {
  try {
    const response = await fetcher("/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(limit),
    });
    if (response.ok) return { kind: "live", ...(await response.json()) };
    const reason = (await response.text()).trim();
    if (response.status === 401) return { kind: "gone", reason };
    return { kind: "later", reason: reason || `The server answers ${response.status}`, seconds: Number(response.headers.get("Retry-After")) || 0 };
  } catch {
    return { kind: "later", reason: navigator.onLine === false ? "You are offline" : "The server does not answer", seconds: 0 };
  }
}
