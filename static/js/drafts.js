/* What is being written, and what waits for a network, in the browser's own database: for pages and for the service worker. */
const Drafts = (() => {
  const NAME = 'fortael', HOPELESS = [404, 409, 410, 413, 422], LATER = [429, 500, 502, 503, 504];
  const open = () => new Promise((yes, no) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore('drafts'); asked.result.createObjectStore('waiting', { keyPath: 'key' }); };
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  /* One transaction on a connection of its own, so that none stands in the way of wipe(). */
  const run = async (store, work) => {
    const db = await open();
    try {
      return await new Promise((yes, no) => {
        const all = db.transaction(store, 'readwrite'), asked = work(all.objectStore(store));
        all.oncomplete = () => yes(asked && asked.result);
        all.onabort = () => no(all.error);
      });
    } finally { db.close(); }
  };
  const each = (store, key, work) => { store.get(key).onsuccess = e => { if (e.target.result) work(e.target.result); }; };

  const draft = key => run('drafts', s => s.get(key));
  const keep = (key, written) => run('drafts', s => written ? s.put(written, key) : s.delete(key));
  const waiting = async () => (await run('waiting', s => s.getAll())).sort((one, other) => one.at - other.at);
  const drop = key => run('waiting', s => s.delete(key));
  const change = (key, what) => run('waiting', s => each(s, key, entry => s.put({ ...entry, ...what })));
  /* A newer text for the same place takes the place of one that has not been sent, unless that is said to be posted. */
  const wait = entry => run('waiting', s => {
    s.openCursor().onsuccess = e => {
      const at = e.target.result;
      if (!at) return void s.put(entry);
      const { person, url, where, said, stuck } = at.value;
      if (person === entry.person && url === entry.url && where === entry.where && (!said || stuck)) at.delete();
      at.continue();
    };
  });
  /* It has arrived. What was said of it in the meantime still waits; a told text is no draft any more. */
  const arrived = async entry => {
    await run('waiting', s => each(s, entry.key, now => { if (now.said === entry.said) s.delete(entry.key); }));
    if (entry.said) await run('drafts', s => each(s, entry.draft, now => { if (now.text === entry.text) s.delete(entry.draft); }));
  };
  const wipe = () => new Promise(done => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = done;
  });

  /* Send one: with the page's token, or the one that it was written under. Its key lets anyone try as often as they like. */
  const send = async (entry, token) => {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.append('person', entry.person);
    if (entry.said) body.append('said', '1');
    const answer = await fetch(entry.url, {
      method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(60000),
      headers: { 'HX-Request': 'true', 'X-CSRF-Token': token || entry.token },
    });
    if (answer.ok) await arrived(entry);
    else if (HOPELESS.includes(answer.status)) await change(entry.key, { stuck: answer.status });
    else await change(entry.key, { refused: answer.status });
    return answer;
  };
  /* Send all that waits, oldest first, for one person or for whoever wrote it; what has arrived. Throws when some must be tried again. */
  const flush = async (token, person) => {
    const sent = [];
    let again = 0;
    for (const entry of await waiting()) {
      if (entry.stuck || (person && entry.person !== person)) continue;
      const answer = await send(entry, token);
      if (answer.ok) sent.push(entry);
      again += LATER.includes(answer.status);
    }
    if (again) throw Error('busy');
    return sent;
  };
  return { draft, keep, waiting, drop, wait, arrived, wipe, send, flush };
})();
