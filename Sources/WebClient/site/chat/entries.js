// Entries of conversations from lines of the server: the same whether they come now or out of history.

import { joined } from "../irc/batches.js";
import { plain } from "../irc/format.js";

/** One line of history for `buffer`: what was said is shown again, who comes and goes changes nothing now. */
export function recall(client, buffer, line) {
  if (line.batch) {
    const whole = line.batch.type === "draft/multiline" ? joined(line.batch) : null;
    if (whole) recall(client, buffer, whole);
    return;
  }
  switch (line.command) {
    case "PRIVMSG":
    case "NOTICE":
      say(client, buffer, line);
      break;
    case "TAGMSG":
      react(client, buffer, line);
      break;
    case "REDACT":
      erase(client, buffer, line);
      break;
    default: {
      const text = happening(client.chat, line);
      if (text) event(client, buffer, line, text);
    }
  }
}

/** Puts what was said into `buffer`. @returns the entry, or undefined when it was there or changed another one. */
export function say(client, buffer, message) {
  const { chat } = client;
  const { tags, nick } = message;
  let text = message.params[1] ?? "";
  const time = Date.parse(tags.get("time") ?? "") || Date.now();
  const edited = tags.get("+draft/edit");
  if (edited) {
    const entry = buffer.find(edited);
    if (!entry || !chat.support.same(entry.nick, nick)) return;
    entry.text = text;
    entry.isEdited = true;
    chat.changed(entry);
    return;
  }
  let kind = message.command === "NOTICE" ? "notice" : "message";
  const action = /^\x01ACTION ([^\x01]*)\x01?$/s.exec(text);
  if (action) [kind, text] = ["action", action[1]];
  else if (text.startsWith("\x01")) return;
  const isOwn = chat.isMe(nick);
  const id = tags.get("msgid") ?? `local:${crypto.randomUUID()}`;
  const label = tags.get("label");
  const sent = isOwn && label ? buffer.entries.find((entry) => entry.label === label) : undefined;
  if (sent) {
    sent.account = tags.get("account");
    buffer.confirm(sent, id, time);
    chat.changed(sent, buffer);
    return;
  }
  const entry = {
    id, time, kind, nick, text, isOwn, account: tags.get("account"), replyTo: tags.get("+reply") ?? tags.get("+draft/reply"),
    isMention: !isOwn && chat.mentions(plain(text)), isEdited: tags.has("+freeq.at/edited"),
  };
  const summary = tags.get("+freeq.at/reactions");
  if (summary) entry.reactions = new Map(summary.split(";").map((part) => part.split(/:(?=[^:]*$)/)).map(([reaction, nicks]) => [reaction, new Set(nicks?.split(","))]));
  if (!buffer.add(entry)) return;
  chat.changed(buffer, "buffers");
  return entry;
}

export function react(client, buffer, { tags, nick }) {
  const entry = buffer.find(tags.get("+reply") ?? tags.get("+draft/reply") ?? "");
  const added = tags.get("+react") ?? tags.get("+draft/react");
  const removed = tags.get("+unreact") ?? tags.get("+draft/unreact") ?? tags.get("+freeq.at/unreact");
  const deleted = buffer.find(tags.get("+draft/delete") ?? "");
  if (deleted && client.chat.support.same(deleted.nick, nick)) strike(client, deleted);
  if (!entry || !(added ?? removed)) return;
  entry.reactions ??= new Map();
  const nicks = entry.reactions.get(added ?? removed) ?? new Set();
  added ? nicks.add(nick) : nicks.delete(nick);
  nicks.size ? entry.reactions.set(added ?? removed, nicks) : entry.reactions.delete(added ?? removed);
  client.chat.changed(entry);
}

export function erase(client, buffer, { params: [, id] }) {
  const entry = buffer.find(id);
  if (entry) strike(client, entry);
}

function strike(client, entry) {
  Object.assign(entry, { isDeleted: true, text: "", reactions: undefined });
  client.chat.changed(entry);
}

export function event(client, buffer, message, text) {
  const { tags, nick } = message;
  const id = tags.get("msgid") ?? `local:${crypto.randomUUID()}`;
  // One QUIT or NICK is an event in several channels, and has one id.
  if (buffer.add({ id, time: Date.parse(tags.get("time") ?? "") || Date.now(), kind: "event", nick, text, verb: message.command })) client.chat.changed(buffer);
}

/** What somebody did, as a sentence; empty when it is nothing to tell. */
export function happening(chat, { command, nick, params }) {
  const because = (reason) => (reason ? ` (${plain(reason)})` : "");
  switch (command) {
    case "JOIN":
      return `${nick} joined`;
    case "PART":
      return `${nick} left${because(params[1])}`;
    case "QUIT":
      return `${nick} left the chat${because(params[0])}`;
    case "KICK":
      return `${nick} threw ${params[1]} out${because(params[2])}`;
    case "NICK":
      return `${nick} is now ${params[0]}`;
    case "TOPIC":
      return params[1] ? `${nick} set the topic: ${plain(params[1])}` : `${nick} removed the topic`;
    case "MODE":
      return chat.support.isChannel(params[0]) ? `${nick} set ${params.slice(1).join(" ")}` : "";
    case "RENAME":
      return `${nick} renamed the channel: it is ${params[1]} now${because(params[2])}`;
    default:
      return "";
  }
}
