/* Messages on this device: turned on by a tap alone, told to the server anew when the browser has changed
   something (looked at once a day), and gone with the sign-in. What is said of it stands in the page. */
(d => {
  const worker = navigator.serviceWorker, can = worker && window.PushManager && window.Notification;
  const devices = '/me/messages/devices', kept = () => JSON.parse(localStorage.push || 'null');
  const tail = s => s.toJSON().keys.p256dh.slice(-16), day = () => new Date().toDateString();
  const text = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const within = (seconds, work) => Promise.race([work, new Promise((_, fail) => setTimeout(fail, seconds * 1000, Error('slow')))]);
  const current = async () => (await worker.ready).pushManager.getSubscription();
  const subscribe = async key => {
    const old = await current();
    if (old && text(old.options.applicationServerKey) !== key) await old.unsubscribe();
    return (await worker.ready).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  };
  const remember = (s, key) => { localStorage.push = JSON.stringify({ day: day(), tail: tail(s), key }); };
  const drop = async () => {
    localStorage.removeItem('push');
    const s = can && await within(5, current()).catch(() => {});
    if (s) await s.unsubscribe();
  };
  const filled = (s, why) => {
    const form = d.getElementById('act').cloneNode(true), { endpoint, keys } = s.toJSON();
    const given = { endpoint, ...keys, key: text(s.options.applicationServerKey), why, next: location.pathname };
    for (const name in given) { const field = d.createElement('input'); field.name = name; field.value = given[name]; form.append(field); }
    form.action = devices;
    return form;
  };
  const post = (url, form) => fetch(url, { method: 'POST', body: new URLSearchParams(new FormData(form)) });

  const say = state => { for (const one of d.querySelectorAll('[data-push]')) one.hidden = one.dataset.push !== state; };
  const turnOn = async tap => {
    say('busy');
    const key = tap.dataset.pushKey;
    let state = 'failed';
    try {
      const allowed = await Notification.requestPermission();
      if (allowed === 'granted') {
        const s = await within(20, subscribe(key)), form = filled(s, 'tap');
        remember(s, key);
        d.body.append(form);
        return form.submit();
      }
      state = allowed === 'denied' ? 'denied' : 'off';
    } catch { /* said by the state */ }
    if (tap.href) location = tap.href; else say(state);
  };

  const look = async () => {
    const page = d.querySelector('[data-push-page]'), known = kept();
    if (location.pathname === '/sign-in') return drop();
    if (page) {
      const s = can && await within(5, current()).catch(() => {}), ours = s && tail(s) === page.dataset.pushPage;
      if (s && !ours) drop();
      return say(ours ? 'on' : can ? (Notification.permission === 'denied' ? 'denied' : 'off') : /iPhone|iPad/.test(navigator.userAgent) ? 'home' : 'cannot');
    }
    if (!known || !can) return;
    let s = await current();
    if (!s && Notification.permission === 'granted') s = await subscribe(known.key);
    if (!s) return drop();
    const same = tail(s) === known.tail;
    if (same && known.day === day()) return;
    let answer = await post(devices, filled(s, same ? 'again' : 'changed')), key = known.key;
    if (answer.status === 409) answer = await post(devices, filled(s = await subscribe(key = await answer.text()), 'changed'));
    if (answer.ok) remember(s, key); else if (answer.status === 410) drop();
  };

  /* The number on the icon and the dot on the tab; asked for once a minute, and at once where it changes. */
  const count = async now => {
    const dot = d.querySelector('[data-waiting]'), kept = sessionStorage;
    const show = () => { if (dot) dot.hidden = !+kept.waiting; };
    show();
    if (!now && !location.pathname.startsWith('/shoutouts') && (!dot || Date.now() - kept.counted < 6e4)) return;
    kept.removeItem('counted');
    const answer = await fetch('/badge', { redirect: 'manual' });
    if (!answer.ok) return;
    kept.waiting = +await answer.text();
    kept.counted = Date.now();
    show();
    if (navigator.setAppBadge) navigator.setAppBadge(+kept.waiting);
  };

  d.addEventListener('click', e => {
    const tap = e.target.closest('[data-push-key]');
    if (tap && can && Notification.permission !== 'denied') { e.preventDefault(); turnOn(tap); }
  });
  d.addEventListener('submit', e => {
    const off = e.target.matches('[data-push-off]');
    if (off) { e.preventDefault(); drop().finally(() => e.target.submit()); }
  });
  const start = () => { look().catch(() => {}); count().catch(() => {}); };
  addEventListener('load', start);
  d.addEventListener('visibilitychange', () => { if (!d.hidden) count().catch(() => {}); });
  if (worker) worker.addEventListener('message', e => { if (e.data === 'told') count(true).catch(() => {}); else if (e.data === 'changed') start(); });
})(document);
