// What can be typed behind a slash. One table: it makes the help and the completion too.

import { markRead, say } from "./say.js";

/** Refused with a sentence for the person. */
class Refused extends Error {}

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {string} [usage]
 * @property {string} help
 * @property {(context: { client: import("./client.js").Client, buffer: import("./buffer.js").Buffer, rest: string, words: string[], page: any }) => void} run
 */

/** @type {Command[]} */
export const commands = [
  { name: "help", usage: "[command]", help: "Lists the commands.", run: ({ client, words }) => help(client, words[0]) },
  { name: "join", usage: "<channel> [key]", help: "Enters a channel.", run: ({ client, words }) => {
    const [name, ...key] = need(words, 1, "join");
    const channel = client.chat.support.isChannel(name) ? name : `#${name}`;
    client.wanted = client.chat.support.fold(channel);
    client.send("JOIN", [channel, ...key.slice(0, 1)]);
  } },
  { name: "part", usage: "[reason]", help: "Leaves this channel.", run: ({ client, buffer, rest }) => leave(client, buffer, rest) },
  { name: "close", help: "Closes this conversation.", run: ({ client, buffer }) => leave(client, buffer, "") },
  { name: "msg", usage: "<nickname> <text>", help: "Writes to somebody.", run: ({ client, words, rest }) => {
    const [name] = need(words, 2, "msg");
    const target = client.chat.open(name);
    client.chat.show(target);
    say(client, target, rest.slice(rest.indexOf(" ") + 1));
  } },
  { name: "query", usage: "<nickname>", help: "Opens a conversation with somebody.", run: ({ client, words }) => client.chat.show(client.chat.open(need(words, 1, "query")[0])) },
  { name: "me", usage: "<does something>", help: "Says what you do.", run: ({ client, buffer, rest }) => say(client, conversation(buffer), needText(rest, "me"), { isAction: true }) },
  { name: "nick", usage: "<nickname>", help: "Changes your nickname.", run: ({ client, words }) => client.send("NICK", [need(words, 1, "nick")[0]]) },
  { name: "topic", usage: "[topic]", help: "Shows or sets the topic.", run: ({ client, buffer, rest }) => client.send("TOPIC", rest ? [channel(buffer).name, rest] : [channel(buffer).name]) },
  { name: "invite", usage: "<nickname>", help: "Invites somebody into this channel.", run: ({ client, buffer, words }) => client.send("INVITE", [need(words, 1, "invite")[0], channel(buffer).name]) },
  { name: "kick", usage: "<nickname> [reason]", help: "Throws somebody out.", run: ({ client, buffer, words }) => {
    const [nick, ...reason] = need(words, 1, "kick");
    client.send("KICK", [channel(buffer).name, nick, ...(reason.length ? [reason.join(" ")] : [])]);
  } },
  { name: "ban", usage: "<nickname or mask>", help: "Keeps somebody out.", run: ({ client, buffer, words }) => client.send("MODE", [channel(buffer).name, "+b", mask(need(words, 1, "ban")[0])]) },
  { name: "unban", usage: "<nickname or mask>", help: "Takes a ban away.", run: ({ client, buffer, words }) => client.send("MODE", [channel(buffer).name, "-b", mask(need(words, 1, "unban")[0])]) },
  ...[["op", "+o"], ["deop", "-o"], ["voice", "+v"], ["devoice", "-v"]].map(([name, mode]) => ({
    name, usage: "<nickname>", help: `Sets mode ${mode} for somebody.`,
    run: ({ client, buffer, words }) => client.send("MODE", [channel(buffer).name, mode, need(words, 1, name)[0]]),
  })),
  { name: "mode", usage: "[modes]", help: "Shows or changes the modes of this channel.", run: ({ client, buffer, words }) => client.send("MODE", [channel(buffer).name, ...words]) },
  { name: "whois", usage: "<nickname>", help: "Tells about somebody.", run: ({ words, page }) => page.showPerson(need(words, 1, "whois")[0]) },
  { name: "list", usage: "[mask]", help: "Lists the channels.", run: ({ client, words, page }) => page.showChannels(words[0]) },
  { name: "search", usage: "<words>", help: "Finds messages.", run: ({ rest, page }) => page.showSearch(rest) },
  { name: "pins", help: "Shows the pinned messages.", run: ({ page }) => page.showPins() },
  { name: "away", usage: "[message]", help: "Says that you are away.", run: ({ client, rest }) => client.send("AWAY", rest ? [rest] : []) },
  { name: "back", help: "Says that you are back.", run: ({ client }) => client.send("AWAY") },
  { name: "read", help: "Marks everything as read.", run: ({ client }) => client.chat.buffers.forEach((each) => markRead(client, each)) },
  { name: "account", help: "Opens your account.", run: ({ page }) => page.showAccount() },
  { name: "quote", usage: "<line>", help: "Sends a line to the server as it is.", run: ({ client, rest }) => {
    const [verb, ...params] = needText(rest, "quote").split(" ");
    const last = params.findIndex((param) => param.startsWith(":"));
    client.send(verb, last < 0 ? params : [...params.slice(0, last), params.slice(last).join(" ").slice(1)]);
  } },
  ...["ns", "cs", "hs"].map((name) => ({
    name, usage: "<command>", help: `The same as /msg ${{ ns: "NickServ", cs: "ChanServ", hs: "HistServ" }[name]}.`,
    run: ({ client, rest }) => client.send("PRIVMSG", [{ ns: "NickServ", cs: "ChanServ", hs: "HistServ" }[name], needText(rest, name)]),
  })),
];

/**
 * Does what was typed: a command, or something to say. Two slashes say one.
 * @returns {string | null} why not, as a sentence; null when it is done.
 */
export function run(text, client, buffer, page, options) {
  try {
    if (!text.startsWith("/") || text.startsWith("//")) {
      say(client, conversation(buffer), text.startsWith("//") ? text.slice(1) : text, options);
      return null;
    }
    const [, name, rest] = /^\/(\S*)\s*(.*)$/s.exec(text);
    const command = commands.find((each) => each.name === name.toLowerCase());
    if (!command) return `There is no command /${name}. Type /help for those that there are.`;
    command.run({ client, buffer, rest: rest.trim(), words: rest.split(/\s+/).filter(Boolean), page });
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** Leaves a channel, or closes a conversation. */
export function leave(client, buffer, reason) {
  if (buffer.kind === "server") throw new Refused("This is the server's own window.");
  if (buffer.isJoined) {
    client.leaving = buffer;
    client.send("PART", reason ? [buffer.name, reason] : [buffer.name]);
  } else client.chat.close(buffer);
}

function help(client, name) {
  const chosen = name ? commands.filter((each) => each.name === name.replace(/^\//, "").toLowerCase()) : commands;
  if (!chosen.length) throw new Refused(`There is no command /${name}.`);
  for (const { name: each, usage, help: text } of chosen) client.chat.note(`/${each}${usage ? ` ${usage}` : ""}: ${text}`);
}

function need(words, count, name) {
  if (words.length < count) throw new Refused(`Type /${name} ${commands.find((each) => each.name === name).usage}`);
  return words;
}

function needText(rest, name) {
  return need(rest ? [rest] : [], 1, name)[0];
}

function conversation(buffer) {
  if (buffer.kind === "server") throw new Refused("Nobody hears you here. Enter a channel with /join, or write to somebody with /msg.");
  return buffer;
}

function channel(buffer) {
  if (buffer.kind !== "channel") throw new Refused("That is for channels.");
  return buffer;
}

function mask(text) {
  return /[!@*:]/.test(text) ? text : `${text}!*@*`;
}
