// What the person does to conversations: says, edits, deletes, reacts, reads, types.

import { format } from "../irc/message.js";

/** Room that the server needs to pass a line on: the source and the command in front of it. */
const overhead = 150;

/** Says `text`; several lines are one message where the server knows such. */
export function say(client, buffer, text, { replyTo, isAction = false } = {}) {
  const lines = text.replace(/\r/g, "").split("\n");
  while (lines.at(-1) === "") lines.pop();
  if (!lines.length) return;
  if (isAction || lines.length === 1) for (const line of lines) sayLine(client, buffer, line, replyTo, isAction);
  else if (client.has("draft/multiline")) sayLines(client, buffer, lines, replyTo);
  else for (const line of lines) if (line) sayLine(client, buffer, line, replyTo);
}

function sayLine(client, buffer, text, replyTo, isAction = false) {
  const limit = client.chat.support.number("LINELEN", 512) - overhead - new TextEncoder().encode(buffer.name).length;
  const parts = split(text, limit);
  if (parts.length > 1 && !isAction && client.has("draft/multiline")) return sayLines(client, buffer, [text], replyTo);
  for (const part of parts) {
    const label = expect(client, buffer, part, replyTo, isAction);
    client.send("PRIVMSG", [buffer.name, isAction ? `\x01ACTION ${part}\x01` : part], { label, "+reply": replyTo, "+draft/reply": replyTo });
  }
}

/** One message in several lines (draft/multiline); what is too long for one line goes on in the next. */
function sayLines(client, buffer, lines, replyTo) {
  const limit = client.chat.support.number("LINELEN", 512) - overhead - new TextEncoder().encode(buffer.name).length;
  const label = expect(client, buffer, lines.join("\n"), replyTo);
  const reference = label;
  client.send("BATCH", [`+${reference}`, "draft/multiline", buffer.name], { label, "+reply": replyTo, "+draft/reply": replyTo });
  for (const line of lines) {
    split(line, limit).forEach((part, index) => {
      client.send("PRIVMSG", [buffer.name, part], { batch: reference, "draft/multiline-concat": index > 0 ? "" : undefined });
    });
  }
  client.send("BATCH", [`-${reference}`]);
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
  client.send("TAGMSG", [buffer.name], { "+typing": state });
}

/** Cuts at spaces where there are any, never within a character; `limit` in bytes of UTF-8. */
export function split(text, limit) {
  const size = (part) => new TextEncoder().encode(part).length;
  const parts = [];
  let rest = text;
  while (size(rest) > limit) {
    let part = "";
    for (const character of rest) {
      if (size(part + character) > limit) break;
      part += character;
    }
    const space = part.lastIndexOf(" ");
    if (space > part.length / 2) part = part.slice(0, space + 1);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return [...parts, rest];
}
