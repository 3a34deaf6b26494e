// One entry of a conversation as elements.

import { pieces } from "../irc/format.js";
import { settings } from "../chat/settings.js";
import { colour, dateAndTime, h, iconButton, isolated, time } from "./dom.js";

const pictures = /\.(png|jpe?g|gif|webp|avif)$/i;

/** The text with its formatting and links. */
export function body(text) {
  return h("span.text", { dir: "auto" }, ...text.split("\n").flatMap((line, index) => [index > 0 && h("br"), ...pieces(line).map(piece)]));
}

function piece({ text, styles, href }) {
  const node = href
    ? h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text)
    : styles.length ? h("span", {}, text) : document.createTextNode(text);
  if (styles.length) node.className = styles.join(" ");
  return node;
}

/** Pictures of other servers are shown only to those who asked for that: their servers see who looks. */
function previews(text) {
  if (!settings.get("images")) return [];
  const addresses = pieces(text).flatMap(({ href }) => (href?.startsWith("https:") && pictures.test(new URL(href).pathname) ? [href] : []));
  return addresses.slice(0, 4).map((src) => h("img.preview", { src, alt: "", loading: "lazy", referrerPolicy: "no-referrer" }));
}

/**
 * @param {import("../chat/buffer.js").Entry} entry
 * @param {{ isFirst: boolean, isAfterRead: boolean, parent?: import("../chat/buffer.js").Entry, actions(entry: any, button: HTMLElement): void,
 *   react(entry: any, reaction: string): void, resend(entry: any): void, show(id: string): void, isMe(nick: string): boolean, verified?: string }} context
 *   `isFirst`: the name is shown; otherwise the entry goes on from the one before.
 */
export function message(entry, context) {
  if (entry.kind === "event" || entry.kind === "note") {
    return h(`div.entry.${entry.kind}`, { "data-id": entry.id }, h("time.stamp", { title: dateAndTime(entry.time) }, time(entry.time)), h("span.text", { dir: "auto" }, entry.kind === "note" ? entry.text : isolated(entry.text)));
  }
  const classes = ["entry", entry.kind, context.isFirst && "first", entry.isMention && "mention", entry.state, entry.isDeleted && "deleted"].filter(Boolean);
  const stamp = h("time.stamp", { title: dateAndTime(entry.time), dateTime: new Date(entry.time).toISOString() }, time(entry.time));
  const name = h(`span.nick.${colour(entry.nick)}`, { title: entry.account ? `Account: ${entry.account}` : "No account" }, isolated(entry.nick));
  const text = entry.isDeleted ? h("span.text.faint", {}, "This message was deleted.") : body(entry.text);
  return h(
    `div.${classes.join(".")}`, { "data-id": entry.id },
    context.parent && h("button.quote", { type: "button", onclick: () => context.show(entry.replyTo) }, isolated(`${context.parent.nick}: ${context.parent.isDeleted ? "a deleted message" : context.parent.text.slice(0, 120)}`)),
    h("div.line", {},
      context.isFirst || entry.kind === "action" ? h("span.who", {}, name, entry.account && h("span.badge", { title: "Signed in", "aria-label": "signed in", role: "img" }, "✓")) : null,
      stamp, h("div.content", {}, text, entry.isEdited && !entry.isDeleted && h("span.faint.small", {}, " (edited)"), ...(entry.isDeleted ? [] : previews(entry.text)), entry.state === "failed" && failure(entry, context)),
      !entry.isDeleted && !entry.state && iconButton("more", `Actions for the message of ${entry.nick}`, (event) => context.actions(entry, event.currentTarget), { className: "icon-button entry-actions", tabIndex: -1, "data-key": "actions" }),
    ),
    reactions(entry, context),
  );
}

function failure(entry, context) {
  return h("span.error.small", {}, " Not sent. ", h("button.link", { type: "button", onclick: () => context.resend(entry) }, "Send again"));
}

function reactions(entry, context) {
  if (!entry.reactions?.size) return null;
  const buttons = [...entry.reactions].map(([reaction, nicks]) => {
    const isMine = [...nicks].some(context.isMe);
    const names = [...nicks].join(", ");
    return h("button.reaction", { type: "button", "data-key": reaction, "aria-pressed": isMine, "aria-label": `${reaction}, ${nicks.size}: ${names}`, title: names, onclick: () => context.react(entry, reaction) }, isolated(reaction.slice(0, 32)), ` ${nicks.size}`);
  });
  return h("div.reactions", {}, ...buttons);
}
