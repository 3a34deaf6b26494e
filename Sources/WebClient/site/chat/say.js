// What the person does to conversations: says, edits, deletes, reacts, reads, types.

/** Room that the server needs to pass a line on: the source and the command in front of it. */
const overhead = 150;

/** Says `text`; several lines are one message where the server knows such, as far as they fit. */
export function say(client, buffer, text, { replyTo, isAction = false } = {}) {
  const lines = text.replace(/\r/g, "").split("\n");
  while (lines.at(-1) === "") lines.pop();
  const limit = client.chat.support.number("LINELEN", 512) - overhead - bytes(buffer.name);
  const parts = lines.flatMap((line) => split(line, limit).map((part, index) => ({ text: part, goesOn: index > 0 })));
  const knowsBatches = client.has("draft/multiline") && !isAction;
  for (const group of groups(parts, knowsBatches ? client.limits("draft/multiline") : {})) {
    if (group.length > 1) sayTogether(client, buffer, group, replyTo);
    else sayLine(client, buffer, group[0].text, replyTo, isAction);
  }
}

function sayLine(client, buffer, text, replyTo, isAction = false) {
  if (!text) return;
  const label = expect(client, buffer, text, replyTo, isAction);
  client.send("PRIVMSG", [buffer.name, isAction ? `\x01ACTION ${text}\x01` : text], { label, "+reply": replyTo, "+draft/reply": replyTo });
}

/** One message in several lines (draft/multiline). */
function sayTogether(client, buffer, parts, replyTo) {
  const text = parts.map((part, index) => (index > 0 && !part.goesOn ? "\n" : "") + part.text).join("");
  const label = expect(client, buffer, text, replyTo);
  client.send("BATCH", [`+${label}`, "draft/multiline", buffer.name], { label, "+reply": replyTo, "+draft/reply": replyTo });
  for (const [index, part] of parts.entries()) {
    client.send("PRIVMSG", [buffer.name, part.text], { batch: label, "draft/multiline-concat": index > 0 && part.goesOn ? "" : undefined });
  }
  client.send("BATCH", [`-${label}`]);
}

/** Which parts make one message: as many as the server takes in a batch, and one each where it takes none. */
export function groups(parts, { "max-bytes": mostBytes = 0, "max-lines": mostLines = Infinity }) {
  const result = [];
  let size = Infinity;
  for (const part of parts) {
    const more = bytes(part.text) + 1;
    if (size + more > mostBytes || result.at(-1).length >= mostLines) {
      result.push([]);
      size = 0;
    }
    result.at(-1).push(part);
    size += more;
  }
  return result;
}

/** Shows the message at once, marked as being on its way. @returns the label by which its echo is known. */
function expect(client, buffer, text, replyTo, isAction) {
  const label = client.newLabel();
  if (!client.has("echo-message") || !client.has("labeled-response")) return label;
  buffer.add({
    id: `local:${label}`, time: Date.now(), kind: isAction ? "action" : "message", nick: client.chat.nick, text, isOwn: true, replyTo, label,
    state: client.isOnline ? "sending" : "failed",
  });
  client.chat.changed(buffer);
  return label;
}

/** Marks what was said under `label` as not sent, when `line` is the reason why. */
export function refused(client, label, line) {
  if (line.command !== "FAIL" && !/^[45]\d\d$/.test(line.command)) return;
  for (const buffer of client.chat.buffers.values()) {
    const entry = buffer.entries.findLast((each) => each.label === label && each.state === "sending");
    if (!entry) continue;
    entry.state = "failed";
    client.chat.changed(entry);
  }
}

/** Sends again what did not arrive. */
export function resend(client, buffer, entry) {
  buffer.remove(entry);
  say(client, buffer, entry.text, { replyTo: entry.replyTo, isAction: entry.kind === "action" });
}

export function edit(client, buffer, entry, text) {
  client.send("PRIVMSG", [buffer.name, text.replace(/\s*\n\s*/g, " ")], { "+draft/edit": entry.id });
}

export function erase(client, buffer, entry) {
  client.send("REDACT", [buffer.name, entry.id]);
}

/** Reacts, or takes a reaction back. */
export function react(client, buffer, entry, reaction) {
  const isMine = [...(entry.reactions?.get(reaction) ?? [])].some((nick) => client.chat.isMe(nick));
  const name = isMine ? "+draft/unreact" : "+draft/react";
  client.send("TAGMSG", [buffer.name], { [name]: reaction, "+draft/reply": entry.id });
}

/** Everything in `buffer` was seen. Tells the other devices. */
export function markRead(client, buffer) {
  const newest = buffer.newest;
  if (!newest || !buffer.markRead(newest.time)) return;
  client.chat.changed("buffers", "read");
  if (client.has("draft/read-marker") && client.isOnline) client.send("MARKREAD", [buffer.name, `timestamp=${new Date(newest.time).toISOString()}`]);
}

let lastTyping = 0;

/** @param {"active" | "paused" | "done"} state told at most every three seconds (IRCv3 typing) */
export function typing(client, buffer, state) {
  if (buffer.kind === "server" || !client.has("message-tags") || !client.isOnline) return;
  if (state === "active" && Date.now() - lastTyping < 3000) return;
  if (state !== "active" && lastTyping === 0) return;
  lastTyping = state === "active" ? Date.now() : 0;
  // Where one may not speak, that one types is refused too, and nobody needs to read that.
  client.request("TAGMSG", [buffer.name], { "+typing": state }).catch(() => {});
}

/** Cuts at spaces where there are any, never within a character; `limit` in bytes of UTF-8. */
export function split(text, limit) {
  const parts = [];
  let [from, at, size, space] = [0, 0, 0, -1];
  for (const character of text) {
    const more = bytes(character);
    if (size + more > limit) {
      const end = space > (from + at) / 2 ? space + 1 : at;
      parts.push(text.slice(from, end));
      size = bytes(text.slice(end, at));
      [from, space] = [end, -1];
    }
    if (character === " ") space = at;
    size += more;
    at += character.length;
  }
  return [...parts, text.slice(from)];
}

/** The length in UTF-8. */
function bytes(text) {
  let count = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return count;
}
