// Messages from before: the newest page of a conversation, older ones, and what was missed while the connection was gone (CHATHISTORY).

import { keep } from "./buffer.js";
import { recall } from "./entries.js";

const page = 100;
/** Pages that are fetched to close a gap; behind that the gap stays, and scrolling back starts from the newest again. */
const mostPages = 10;

/** Fetches the newest page, once. */
export async function loadNewest(client, buffer) {
  if (buffer.isLoaded || buffer.isLoading || !client.has("draft/chathistory")) return;
  client.send("MARKREAD", [buffer.name]);
  const lines = await fetchPage(client, buffer, ["LATEST", buffer.name, "*", String(page)]);
  if (!lines) return;
  buffer.isLoaded = true;
  buffer.hasOlder = lines.length >= page;
  // What was said in a channel before one came there for the first time is nobody's debt.
  if (buffer.kind === "channel" && buffer.readUntil === 0 && buffer.newest) buffer.markRead(buffer.newest.time);
  client.chat.changed(buffer, "buffers");
}

/** Fetches the page before the oldest message. What is older than the page can hold is found by a search. */
export async function loadOlder(client, buffer) {
  if (!buffer.hasOlder || buffer.isLoading || buffer.entries.length >= keep || !client.has("draft/chathistory")) return;
  const oldest = buffer.oldest;
  if (!oldest) return loadNewest(client, buffer);
  const lines = await fetchPage(client, buffer, ["BEFORE", buffer.name, `msgid=${oldest.id}`, String(page)]);
  if (!lines) return;
  buffer.hasOlder = lines.length >= page;
  client.chat.changed(buffer);
}

/** After a connection came back: what was written to the person meanwhile, and who wrote for the first time. */
export async function fillGaps(client) {
  if (!client.has("draft/chathistory")) return;
  for (const buffer of client.chat.buffers.values()) {
    // Those of channels are filled when one is back in them.
    if (buffer.isLoaded && buffer.kind === "query") await fillGap(client, buffer);
  }
  if (!client.chat.account) return;
  const since = new Date(Date.now() - 30 * 86_400_000).toISOString();
  try {
    for (const line of await client.request("CHATHISTORY", ["TARGETS", `timestamp=${new Date().toISOString()}`, `timestamp=${since}`, "50"])) {
      const [, name] = line.params;
      if (line.command !== "CHATHISTORY" || !name || client.chat.support.isChannel(name)) continue;
      await loadNewest(client, client.chat.open(name));
    }
  } catch {
    // The connection went: the next one asks again.
  }
}

/** What came after the newest message that is known. */
export async function fillGap(client, buffer) {
  // What is said meanwhile is newer than the gap, so the way through it goes from page to page and not by the newest message.
  let from = buffer.newest?.id;
  for (let count = 0; from && count < mostPages; count++) {
    const lines = await fetchPage(client, buffer, ["AFTER", buffer.name, `msgid=${from}`, String(page)], true);
    if (!lines) break;
    if (lines.length < page) return;
    from = idOf(lines.at(-1));
  }
  if (!client.isOnline) return;
  buffer.clear();
  buffer.isLoaded = false;
  await loadNewest(client, buffer);
}

function idOf({ batch, tags }) {
  return (batch?.tags ?? tags).get("msgid");
}

/** @returns {Promise<import("../irc/message.js").Message[] | undefined>} undefined when it did not work, which is said unless `isQuiet`. */
async function fetchPage(client, buffer, params, isQuiet = false) {
  buffer.isLoading = true;
  try {
    const lines = await client.request("CHATHISTORY", params);
    if (lines[0]?.command === "FAIL") {
      if (!isQuiet) client.chat.note(lines[0].params.at(-1), buffer);
      return undefined;
    }
    for (const line of lines) recall(client, buffer, line);
    // What came later and changes them is sent along, and is no part of the page.
    return lines.filter((line) => !(line.batch?.tags ?? line.tags).has("draft/chathistory-context"));
  } catch {
    return undefined;
  } finally {
    buffer.isLoading = false;
    client.chat.changed(buffer);
  }
}
