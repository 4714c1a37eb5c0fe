/* What is sent without a network waits: it is listed, may be said to be posted, and is sent once when the network is back. */
(d => {
  const who = () => localStorage.wrote, token = () => d.getElementById('toasts').dataset.token;
  const words = {}, toast = text => d.dispatchEvent(new CustomEvent('toast', { detail: { text } }));
  const learn = () => { for (const one of d.querySelectorAll('template[data-sheet-for]')) words[one.dataset.sheetFor] = one.innerHTML; };
  const heard = new Set();
  let shown = null, going = 0;

  const fill = html => {
    const box = d.getElementById('sheet');
    d.dispatchEvent(new Event('htmx:before:swap'));
    box.innerHTML = html;
    if (window.htmx) htmx.process(box);
    d.dispatchEvent(new Event('htmx:after:swap'));
  };
  const show = async answer => {
    const elsewhere = answer.headers.get('HX-Redirect');
    if (elsewhere) location = elsewhere; else fill(await answer.text());
  };
  const entryOf = f => {
    const [, person] = f.dataset.draft.split(':'), net = f.querySelector('[name=network]:checked');
    const fields = [...new FormData(f)].filter(([name]) => name !== 'csrf_token');
    return {
      key: f.elements.key.value, person, fields, draft: f.dataset.draft, url: f.getAttribute('action'), title: f.dataset.waits,
      where: net ? net.dataset.name : f.dataset.where, text: f.elements.text ? f.elements.text.value.trim() : '', said: f.elements.text ? '' : '1', at: Date.now(), token: token(),
    };
  };
  const later = async () => {
    try { await (await navigator.serviceWorker.ready).sync.register('waiting'); } catch { /* then on reconnect, or with the next page */ }
  };
  /* Keep a form's request until it has been answered. Without an answer, the sheet says that it waits. */
  const deliver = async (f, go) => {
    const entry = entryOf(f);
    /* A page that was left open after a sign-out keeps no text here any more. */
    const mine = !f.elements.text || who() === entry.person;
    if (mine) localStorage.wrote = entry.person;
    const kept = mine && await Drafts.wait(entry).then(() => true, () => false);
    let answer;
    going += 1;
    try { answer = await go(); } catch (reason) { if (!kept) throw reason; } finally { going -= 1; }
    if (answer && ![502, 503, 504].includes(answer.status)) {
      const status = answer.url.includes('/sign-in') ? 401 : answer.status;
      if (kept) await (answer.ok && status < 400 ? Drafts.arrived(entry) : Drafts.drop(entry.key));
      return words[status] ? sheet(status) : answer;
    }
    if (!kept) return answer;
    shown = entry;
    later();
    draw();
    return sheet(entry.said ? 'said' : 'wait');
  };
  const sheet = name => new Response(words[name], { headers: { 'X-Sheet': '1' } });
  const say = async () => {
    const entry = shown = { ...shown, said: '1', at: Date.now() };
    let answer = null;
    try { await Drafts.wait(entry); answer = await Drafts.send(entry, token()); } catch { later(); }
    if (answer && answer.ok) await show(answer);
    else fill(words[answer && answer.status] || words.said);
    draw();
  };
  /* When the sheet still waits for what has arrived, ask as one would have been asked: a replay is answered. */
  const news = async all => {
    const sent = all.filter(one => !heard.has(one.key) && heard.add(one.key));
    const open = d.querySelector('#sheet[open] [data-said]');
    if (open && shown && sent.some(one => one.key === shown.key)) {
      const answer = await Drafts.send(shown, token());
      if (answer.ok) await show(answer);
    } else for (const one of sent) toast(d.getElementById('toasts').dataset.sent.replace('{title}', () => one.title));
  };
  const flush = async () => {
    if (!who() || going) return;
    try { await news(await Drafts.flush(token(), who())); } catch { later(); }
    draw();
  };
  const draw = async () => {
    const box = d.querySelector('[data-unsent]');
    if (!box || !who()) return;
    const entries = (await Drafts.waiting()).filter(one => one.person === who()), rows = entries.map(one => {
      const row = box.querySelector('template').content.cloneNode(true), why = box.dataset['w' + (one.stuck || one.refused)] || box.dataset.w;
      row.querySelector('[data-title]').textContent = one.title;
      row.querySelector('[data-why]').textContent = one.where + ' · ' + why;
      row.querySelector('[data-copy]').dataset.copy = one.text;
      row.querySelector('[data-copy]').hidden = !one.text || !(one.stuck || one.refused === 401);
      row.querySelector('[data-drop]').dataset.drop = one.key;
      return row;
    });
    box.querySelector('.list').replaceChildren(...rows);
    box.hidden = !rows.length;
  };

  d.addEventListener('htmx:before:request', e => {
    const { ctx } = e.detail, f = ctx.sourceElement;
    if (f.matches('form[data-waits]')) ctx.fetch = (url, request) => deliver(f, () => fetch(url, request));
  });
  d.addEventListener('submit', async e => {
    const f = e.target, by = e.submitter;
    if (e.defaultPrevented || !f.matches('form[data-waits]:not([hx-post])') || (by && by.hasAttribute('formaction'))) return;
    if (f.elements.text && !f.elements.text.value.trim()) return;
    e.preventDefault();
    const body = new FormData(f), answer = await deliver(f, () => fetch(f.action, { method: 'POST', body, signal: AbortSignal.timeout(8000) })).catch(() => null);
    if (answer && answer.headers.has('X-Sheet')) fill(await answer.text());
    else if (answer && answer.redirected) location = answer.url;
    else f.submit();
  });
  d.addEventListener('click', async e => {
    if (e.target.closest('[data-said]')) say();
    const gone = e.target.closest('[data-drop]');
    if (!gone) return;
    await Drafts.drop(gone.dataset.drop);
    toast(gone.dataset.dropped);
    draw();
  });
  const start = () => { learn(); flush(); };
  addEventListener('online', flush);
  d.addEventListener('visibilitychange', () => { if (!d.hidden) flush(); });
  d.addEventListener('htmx:after:swap', learn);
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener('message', e => { if (e.data.sent) { news(e.data.sent); draw(); } });
  start();
})(document);
