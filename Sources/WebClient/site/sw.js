// Keeps the page so that it opens without a connection. The files of one version are kept and used together: the page names its version in
// every address, and what is under such an address never changes.

const cacheName = "roost-{{version}}";
const files = {{files}};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(["/", "/icon.svg", ...files])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("roost-") && name !== cacheName).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/client/") || pathname === "/icon.svg") {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  } else if (pathname === "/" && event.request.mode === "navigate") {
    // The page of the server where there is one, so that an upgrade is seen at once.
    event.respondWith(fetch(event.request).catch(() => caches.match("/")));
  }
});

self.addEventListener("push", (event) => {
  // A line of IRC (draft/webpush): who said what.
  const line = event.data?.text() ?? "";
  const [, nick = "New message", target = "", text = ""] = /^(?:@\S+ )?:([^!\s]+)\S* PRIVMSG (\S+) :?(.*)/s.exec(line) ?? [];
  const title = target.startsWith("#") ? `${nick} in ${target}` : nick;
  event.waitUntil(self.registration.showNotification(title, { body: text.replace(/[\x00-\x1F]/g, "").slice(0, 200), icon: "/icon.svg", tag: target || "push" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(([first]) => first?.focus() ?? self.clients.openWindow("/")));
});
