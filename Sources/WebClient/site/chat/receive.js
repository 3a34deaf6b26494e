// What each command of the server does to what the page knows.

import { joined } from "../irc/batches.js";
import { erase, event, happening, react, recall, say } from "./entries.js";
import { fillGap, loadNewest } from "./history.js";
import { notify } from "./notify.js";

/** A line outside of history: it happens now. */
export function receive(client, message) {
  (handlers[message.command] ?? unknown)(client, message);
}

export function receiveBatch(client, batch) {
  if (batch.type === "draft/multiline") {
    const line = joined(batch);
    if (line) receive(client, line);
    return;
  }
  // History that nobody asked for, as for clients without CHATHISTORY; and what the network groups for other reasons.
  const isHistory = batch.type === "chathistory";
  for (const line of batch.lines) {
    if (line.batch) receiveBatch(client, line.batch);
    else if (isHistory) recall(client, client.chat.open(batch.params[0]), line);
    else receive(client, line);
  }
}

const handlers = {
  "001": () => {},
  "005": (client, { params }) => {
    client.chat.support.learn(params.slice(1, -1));
    client.chat.network = client.chat.support.get("NETWORK") ?? "";
    client.chat.changed("status", "buffers");
  },
  "376": (client) => client.ready(),
  "422": (client) => client.ready(),
  "900": ({ chat }, { params }) => {
    chat.account = params[2];
    chat.changed("status");
  },
  "901": ({ chat }) => {
    chat.account = "";
    chat.changed("status");
  },
  "221": ({ chat }, { params }) => {
    chat.isOperator = params[1]?.includes("o") ?? false;
    chat.changed("status");
  },
  "381": (client, message) => {
    client.chat.isOperator = true;
    client.chat.changed("status");
    unknown(client, message);
  },
  "332": ({ chat }, { params: [, name, topic] }) => topicIs(chat, name, topic),
  "331": ({ chat }, { params: [, name] }) => topicIs(chat, name, ""),
  "353": ({ chat }, { params: [, , name, names] }) => {
    const buffer = chat.open(name);
    for (const word of names.split(" ").filter(Boolean)) {
      const at = [...word].findIndex((c) => !chat.support.prefixes.includes(c));
      const nick = word.slice(at).split("!")[0];
      buffer.members.set(chat.support.fold(nick), { ...buffer.members.get(chat.support.fold(nick)), nick, prefixes: word.slice(0, at) });
    }
    chat.changed("members");
  },
  "366": ({ chat }) => chat.changed("members"),
  "352": () => {},
  "315": () => {},
  "354": ({ chat }, { params }) => {
    // WHOX as asked for after a JOIN: nickname, flags, account.
    for (const buffer of chat.buffers.values()) {
      const member = buffer.members.get(chat.support.fold(params[2]));
      if (!member) continue;
      member.isAway = params[3].startsWith("G");
      member.account = params[4] === "0" ? "" : params[4];
    }
    chat.changed("members");
  },
  ACCOUNT: ({ chat }, { nick, params: [account] }) => everywhere(chat, nick, (member) => (member.account = account === "*" ? "" : account)),
  AWAY: ({ chat }, { nick, params: [text] }) => everywhere(chat, nick, (member) => (member.isAway = Boolean(text))),
  JOIN: (client, message) => {
    const { chat } = client;
    const [name, account] = message.params;
    const buffer = chat.open(name);
    buffer.members.set(chat.support.fold(message.nick), { nick: message.nick, prefixes: "", account: account && account !== "*" ? account : "" });
    if (chat.isMe(message.nick)) {
      buffer.isJoined = true;
      buffer.members = new Map();
      client.page.joined(joinedNames(chat));
      if (!chat.active || chat.active.kind === "server" || client.wanted === chat.support.fold(name)) chat.show(buffer);
      client.wanted = "";
      client.send("WHO", [name, "%tnfa,7"]);
      buffer.isLoaded ? fillGap(client, buffer) : loadNewest(client, buffer);
    } else event(client, buffer, message, happening(chat, message));
    chat.changed("members", "buffers", buffer);
  },
  PART: (client, message) => leaves(client, message.params[0], message.nick, message),
  KICK: (client, message) => leaves(client, message.params[0], message.params[1], message),
  QUIT: (client, message) => {
    for (const buffer of client.chat.buffers.values()) {
      if (buffer.members.delete(client.chat.support.fold(message.nick))) event(client, buffer, message, happening(client.chat, message));
    }
    client.chat.changed("members");
  },
  NICK: (client, message) => {
    const { chat } = client;
    const [nick] = message.params;
    const isMe = chat.isMe(message.nick);
    for (const buffer of chat.buffers.values()) {
      const member = buffer.members.get(chat.support.fold(message.nick));
      if (!member) continue;
      buffer.members.delete(chat.support.fold(message.nick));
      buffer.members.set(chat.support.fold(nick), { ...member, nick });
      event(client, buffer, message, happening(chat, message));
    }
    const query = chat.find(message.nick);
    if (query?.kind === "query" && !chat.find(nick)) chat.rename(query, nick);
    if (isMe) {
      chat.nick = nick;
      client.page.renamed(nick);
    }
    chat.changed("members", "status");
  },
  MODE: (client, message) => {
    const { chat } = client;
    const [target, modes, ...params] = message.params;
    if (!chat.support.isChannel(target)) {
      if (/\+[^-]*o/.test(modes)) chat.isOperator = true;
      if (/-[^+]*o/.test(modes)) chat.isOperator = false;
      chat.changed("status");
      return;
    }
    const buffer = chat.open(target);
    for (const { adds, prefix, nick } of chat.support.prefixChanges(modes, params)) {
      const member = buffer.members.get(chat.support.fold(nick));
      if (!member) continue;
      const others = [...chat.support.prefixes].filter((each) => (each === prefix ? adds : member.prefixes.includes(each)));
      member.prefixes = others.join("");
    }
    event(client, buffer, message, happening(chat, message));
    chat.changed("members");
  },
  TOPIC: (client, message) => {
    topicIs(client.chat, message.params[0], message.params[1] ?? "");
    event(client, client.chat.open(message.params[0]), message, happening(client.chat, message));
  },
  RENAME: (client, message) => {
    const buffer = client.chat.find(message.params[0]);
    if (!buffer) return;
    client.chat.rename(buffer, message.params[1]);
    event(client, buffer, message, happening(client.chat, message));
    client.page.joined(joinedNames(client.chat));
  },
  INVITE: ({ chat }, { nick, params: [target, channel] }) => {
    if (chat.isMe(target)) chat.note(`${nick} invites you to ${channel}. Type /join ${channel} to go there.`);
  },
  PRIVMSG: (client, message) => heard(client, message),
  NOTICE: (client, message) => heard(client, message),
  TAGMSG: (client, message) => {
    const buffer = client.chat.find(partner(client.chat, message));
    if (!buffer) return;
    const typing = message.tags.get("+typing") ?? message.tags.get("+draft/typing");
    if (typing && !client.chat.isMe(message.nick)) {
      if (typing === "active") buffer.typing.set(message.nick, Date.now() + 6000);
      else if (typing === "paused") buffer.typing.set(message.nick, Date.now() + 30_000);
      else buffer.typing.delete(message.nick);
      client.chat.changed("typing");
    } else react(client, buffer, message);
  },
  REDACT: (client, message) => {
    const buffer = client.chat.find(partner(client.chat, message));
    if (buffer) erase(client, buffer, message);
  },
  MARKREAD: ({ chat }, { params: [target, stamp] }) => {
    const time = Date.parse(stamp?.replace("timestamp=", "") ?? "");
    const buffer = chat.find(target);
    if (buffer && time && buffer.markRead(time)) chat.changed("buffers", buffer);
  },
  FAIL: (client, { params }) => client.chat.note(params.at(-1)),
  WARN: (client, { params }) => client.chat.note(params.at(-1)),
  NOTE: (client, { params }) => client.chat.note(params.at(-1)),
};

/** Numerics without a meaning for the page are shown where the person looks, so that no answer is lost. */
function unknown(client, { command, params }) {
  if (!/^\d{3}$/.test(command)) return;
  const text = params.slice(1).join(" ");
  if (Number(command) < 300 || command === "372" || command === "375") {
    client.chat.note(text, client.chat.server);
  } else if (!["329", "333", "324", "761", "762", "903"].includes(command)) client.chat.note(text);
}

function heard(client, message) {
  const { chat } = client;
  const [target, text] = message.params;
  const bearer = /^API-BEARER (\S+)/.exec(text);
  if (message.command === "NOTICE" && bearer && !message.user) {
    chat.bearer = bearer[1];
    chat.changed("status");
    return;
  }
  const isService = !message.user && !message.host;
  if (message.command === "NOTICE" && isService && !chat.support.isChannel(target)) return chat.note(text, chat.server);
  const pin = message.tags.get("+freeq.at/pin");
  const unpin = message.tags.get("+freeq.at/unpin");
  const name = partner(chat, message);
  const isNew = !chat.find(name);
  // Services answer with notices; these belong where the question was asked.
  const buffer = message.command === "NOTICE" && !chat.support.isChannel(target) && isNew ? (chat.active ?? chat.server) : chat.open(name);
  if (pin || unpin) buffer.pins = [...buffer.pins.filter(({ id }) => id !== (pin ?? unpin)), ...(pin ? [{ id: pin }] : [])];
  buffer.typing.delete(message.nick);
  const entry = say(client, buffer, message);
  if (entry && !entry.isOwn && (entry.isMention || buffer.kind === "query") && entry.kind !== "notice") notify(client, buffer, entry);
  if (isNew && buffer.kind === "query" && client.has("draft/chathistory")) loadNewest(client, buffer);
}

/** With whom a message is exchanged: the channel, or the other one of the two. */
function partner(chat, { nick, params: [target] }) {
  const bare = target.replace(new RegExp(`^[${chat.support.prefixes.replace(/[\]\\^-]/g, "\\$&")}]+(?=[${chat.support.get("CHANTYPES") ?? "#"}])`), "");
  return chat.support.isChannel(bare) || chat.isMe(nick) ? bare : nick;
}

function leaves(client, name, nick, message) {
  const { chat } = client;
  const buffer = chat.find(name);
  if (!buffer) return;
  buffer.members.delete(chat.support.fold(nick));
  event(client, buffer, message, happening(chat, message));
  if (chat.isMe(nick)) {
    buffer.isJoined = false;
    buffer.members.clear();
    client.page.joined(joinedNames(chat));
    if (message.command === "PART" && client.leaving === buffer) chat.close(buffer);
  }
  chat.changed("members", "buffers", buffer);
}

function topicIs(chat, name, topic) {
  const buffer = chat.open(name);
  buffer.topic = topic;
  chat.changed("topic");
}

function everywhere(chat, nick, change) {
  for (const buffer of chat.buffers.values()) {
    const member = buffer.members.get(chat.support.fold(nick));
    if (member) change(member);
  }
  chat.changed("members");
}

function joinedNames(chat) {
  return [...chat.buffers.values()].filter((buffer) => buffer.kind === "channel" && buffer.isJoined).map((buffer) => buffer.name);
}
