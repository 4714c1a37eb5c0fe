/* Fortæl's service worker. The frame is precached under its build; of signed-in pages only the last Today and the
   composers that were opened last are kept, under the sign-in they belong to, and they are gone with that sign-in. */
importScripts('{{ drafts }}');
const BUILD = 'frame-{{ assets }}', PICTURES = 'pictures', KEPT = 'today-';
const PRECACHE = {{ precache|tojson }}, HTMX = {{ htmx|tojson }};
const ICONS = {{ icons|tojson }}, UNREADABLE = {{ unreadable|tojson }};

self.addEventListener('install', e => e.waitUntil(
  caches.open(BUILD).then(c => c.addAll(PRECACHE)).then(() => self.skipWaiting())));

self.addEventListener('activate', e => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('frame-') && name !== BUILD) await caches.delete(name);
  await self.clients.claim();
})()));

/* After a sign-out nothing of the person's is left here: no pages, no subscription, no number on the icon. */
const forget = async () => {
  for (const name of await caches.keys()) if (name.startsWith(KEPT) || name === PICTURES) await caches.delete(name);
  const subscription = await registration.pushManager?.getSubscription();
  if (subscription) await subscription.unsubscribe();
  await Drafts.wipe();
  await count(0);
};

self.addEventListener('message', e => { if (e.data === 'signed-out') e.waitUntil(forget()); });

/* Keep a good Today for its own sign-in only; any other answer to / means that one is over. */
const keep = async answer => {
  const tag = answer.headers.get('X-Sign-In'), name = KEPT + tag;
  for (const other of await caches.keys()) if (other.startsWith(KEPT) && (!tag || other !== name)) await caches.delete(other);
  if (!tag || !answer.ok || answer.redirected) return;
  const text = (await answer.text()).replace('<body ', '<body data-kept="1" ').replace('id="offline" role="status" hidden', 'id="offline" role="status"');
  const cache = await caches.open(name);
  await cache.put('/', new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': answer.headers.get('Content-Security-Policy') || '' } }));
};

/* A composer that was opened can be opened again without a connection; each time with a key of its own. */
const COMPOSER = /^\/stories\/\d+\/shares\/new$/, COMPOSERS = 20;
const composer = async (e, url) => {
  const address = url.pathname + (e.request.headers.has('HX-Request') ? '?part' : '');
  try {
    const answer = await fetch(e.request);
    if (answer.ok && !answer.redirected) e.waitUntil(keepComposer(address, answer.clone()));
    return answer;
  } catch (reason) {
    for (const name of await caches.keys()) if (name.startsWith(KEPT)) {
      const kept = await (await caches.open(name)).match(address);
      if (kept) return new Response((await kept.text()).replace(/(name="key" value=")[^"]*/, '$1' + crypto.randomUUID()), { headers: kept.headers });
    }
    if (e.request.mode === 'navigate') return (await caches.match('/offline')) || Response.error();
    throw reason;
  }
};

const keepComposer = async (address, answer) => {
  const tag = answer.headers.get('X-Sign-In');
  if (!tag) return;
  for (const other of await caches.keys()) if (other.startsWith(KEPT) && other !== KEPT + tag) await caches.delete(other);
  const cache = await caches.open(KEPT + tag), all = (await cache.keys()).filter(one => COMPOSER.test(new URL(one.url).pathname));
  for (const old of all.slice(0, Math.max(0, all.length - COMPOSERS + 1))) await cache.delete(old);
  await cache.put(address, new Response(await answer.text(), { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': answer.headers.get('Content-Security-Policy') || '' } }));
};

const page = async (e, url) => {
  const today = url.pathname === '/';
  try {
    const answer = await fetch(e.request);
    if (today) e.waitUntil(keep(answer.clone()));
    if (url.pathname === '/sign-in' && answer.ok) e.waitUntil(forget());
    return answer;
  } catch {
    if (today) for (const name of await caches.keys()) if (name.startsWith(KEPT)) {
      const kept = await (await caches.open(name)).match('/');
      if (kept) return kept;
    }
    return (await caches.match('/offline')) || Response.error();
  }
};

const first = async (request, name) => {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && name) (await caches.open(name)).put(request, answer.clone());
  return answer;
};

self.addEventListener('fetch', e => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET') {
    if (url.pathname.startsWith('/sign-out')) e.waitUntil(forget());
    return;
  }
  if (e.request.url === HTMX.cdn) { e.respondWith(caches.match(HTMX.local).then(kept => kept || fetch(e.request))); return; }
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) e.respondWith(first(e.request, BUILD));
  else if (url.pathname.startsWith('/pictures/')) e.respondWith(first(e.request, PICTURES));
  else if (COMPOSER.test(url.pathname)) e.respondWith(composer(e, url));
  else if (e.request.mode === 'navigate') e.respondWith(page(e, url));
});

/* What waits for a network is sent as soon as there is one, with no page open; what is refused is left to the next page. */
self.addEventListener('sync', e => {
  if (e.tag === 'waiting') e.waitUntil(Drafts.flush().then(sent => tell({ sent: sent.map(({ key, title }) => ({ key, title })) })));
});

/* A push is always shown, before anything else and also when it cannot be read: a browser takes the permission
   from who stays silent. */
self.addEventListener('push', e => e.waitUntil((async () => {
  const { notification: n, app_badge: waiting } = read(e.data);
  await registration.showNotification(n.title, { body: n.body, tag: n.tag, lang: n.lang, dir: 'auto', ...ICONS, data: n.navigate });
  if (waiting !== undefined) await count(+waiting);
  await tell('told');
})()));

const read = data => {
  try {
    const said = data.json();
    if ((said.notification || said).title) return { ...said, notification: said.notification || said };
  } catch { /* then these: */ }
  const lang = navigator.language.startsWith('da') ? 'da' : 'en';
  return { notification: { title: 'Fortæl', body: UNREADABLE[lang], lang } };
};

const count = async waiting => { try { await (waiting ? navigator.setAppBadge(waiting) : navigator.clearAppBadge()); } catch { /* no icon to count on */ } };

const tell = async news => { for (const one of await clients.matchAll({ type: 'window' })) one.postMessage(news); };

self.addEventListener('notificationclick', e => {
  e.notification.close();
  e.waitUntil((async () => {
    const page = ours(e.notification.data);
    const windows = await clients.matchAll({ type: 'window' });
    const open = windows.find(one => one.focused) || windows[0];
    if (!open) return clients.openWindow(page);
    await open.focus();
    return open.navigate(page);
  })());
});

/* Only a page of our own is ever opened. */
const ours = address => {
  try { const asked = new URL(address || '/', location.origin); return asked.origin === location.origin ? asked.href : '/'; } catch { return '/'; }
};

/* The browser has changed its subscription: take it up again, and let the next page tell the server. */
self.addEventListener('pushsubscriptionchange', e => e.waitUntil((async () => {
  const options = e.oldSubscription && e.oldSubscription.options;
  if (!e.newSubscription && options) await registration.pushManager.subscribe(options);
  await tell('changed');
})()));
