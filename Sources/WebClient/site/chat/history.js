// Messages from before: the newest page of a conversation, older ones, and what was missed while the connection was gone (CHATHISTORY).

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
  buffer.hasOlder = lines >= page;
  client.chat.changed(buffer, "buffers");
}

/** Fetches the page before the oldest message. */
export async function loadOlder(client, buffer) {
  if (!buffer.hasOlder || buffer.isLoading || !client.has("draft/chathistory")) return;
  const oldest = buffer.oldest;
  if (!oldest) return loadNewest(client, buffer);
  const lines = await fetchPage(client, buffer, ["BEFORE", buffer.name, `msgid=${oldest.id}`, String(page)]);
  if (lines === undefined) return;
  buffer.hasOlder = lines >= page;
  client.chat.changed(buffer);
}

/** After a connection came back: what was said meanwhile, and who wrote for the first time. */
export async function fillGaps(client) {
  if (!client.has("draft/chathistory")) return;
  for (const buffer of client.chat.buffers.values()) {
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
  for (let count = 0; count < mostPages; count++) {
    const newest = buffer.newest;
    if (!newest) break;
    const lines = await fetchPage(client, buffer, ["AFTER", buffer.name, `msgid=${newest.id}`, String(page)]);
    if (lines === undefined) return;
    if (lines < page) return;
  }
  buffer.clear();
  buffer.isLoaded = false;
  await loadNewest(client, buffer);
}

/** @returns {Promise<number | undefined>} how many lines there were; undefined when it did not work. */
async function fetchPage(client, buffer, params) {
  buffer.isLoading = true;
  try {
    const lines = await client.request("CHATHISTORY", params);
    if (lines[0]?.command === "FAIL") {
      client.chat.note(lines[0].params.at(-1), buffer);
      return undefined;
    }
    for (const line of lines) recall(client, buffer, line);
    return lines.length;
  } catch {
    return undefined;
  } finally {
    buffer.isLoading = false;
    client.chat.changed(buffer);
  }
}
