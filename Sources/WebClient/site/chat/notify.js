// Tells of messages while nobody looks at them.

import { plain } from "../irc/format.js";
import { settings } from "./settings.js";

export function notify(client, buffer, entry) {
  if (!settings.get("notifications") || globalThis.Notification?.permission !== "granted") return;
  if (!document.hidden && document.hasFocus() && client.chat.active === buffer) return;
  const title = buffer.kind === "query" ? entry.nick : `${entry.nick} in ${buffer.name}`;
  const notification = new Notification(title, { body: plain(entry.text).slice(0, 200), tag: buffer.name, icon: "/icon.svg" });
  notification.onclick = () => {
    focus();
    client.chat.show(buffer);
    notification.close();
  };
}

/** @returns {Promise<boolean>} whether the browser allows it. */
export async function allow() {
  if (!("Notification" in globalThis)) return false;
  return (await Notification.requestPermission()) === "granted";
}

/** The unread count in the title of the tab. */
export function title(chat, name) {
  let unread = 0;
  for (const buffer of chat.buffers.values()) unread += buffer.mentions;
  document.title = (unread ? `(${unread}) ` : "") + (chat.active?.name ? `${chat.active.name} · ` : "") + name;
}
