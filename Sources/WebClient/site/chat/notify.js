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

/** Has the server wake this browser while no page is open (draft/webpush), for those who are signed in and want to be notified. */
export async function subscribe(client) {
  const key = client.chat.support.get("VAPID");
  if (!settings.get("notifications") || !client.chat.account || !client.has("draft/webpush") || !key) return;
  try {
    const registration = await navigator.serviceWorker?.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key };
    const subscription = await registration?.pushManager?.subscribe(options);
    const keys = subscription?.toJSON().keys;
    if (keys) client.send("WEBPUSH", ["REGISTER", subscription.endpoint, `p256dh=${keys.p256dh};auth=${keys.auth}`]);
  } catch {
    // This browser has no push service, or its key is of another server: notifications come while a page is open.
  }
}

/** Takes that back. */
export async function unsubscribe(client) {
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    if (!subscription) return;
    if (client.has("draft/webpush")) client.send("WEBPUSH", ["UNREGISTER", subscription.endpoint]);
    await subscription.unsubscribe();
  } catch {
    // The server finds out when it sends the next one.
  }
}

/** The unread count in the title of the tab. */
export function title(chat, name) {
  let unread = 0;
  for (const buffer of chat.buffers.values()) unread += buffer.mentions;
  document.title = (unread ? `(${unread}) ` : "") + (chat.active?.name ? `${chat.active.name} · ` : "") + name;
}
