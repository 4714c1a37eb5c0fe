/* Toasts: short messages, with an undo for ten seconds where there is one. Errors stay. */
(d => {
  const box = d.getElementById('toasts');
  const token = () => (box.dataset.token || '');
  const post = url => fetch(url, { method: 'POST', headers: { 'X-CSRF-Token': token() }, redirect: 'manual' });
  /* Everything outside an open sheet is out of reach, so they are shown inside it. */
  const home = () => (d.querySelector('dialog[open]') || d.body).append(box);
  d.addEventListener('htmx:before:swap', () => d.body.append(box));
  d.addEventListener('htmx:after:swap', () => { if (box.firstElementChild) home(); });
  d.addEventListener('close', home, true);
  const add = (text, undo, bad) => {
    const toast = d.createElement('div'), span = d.createElement('span'), button = d.createElement('button');
    toast.className = 'toast' + (bad ? ' bad' : '');
    if (bad) toast.setAttribute('role', 'alert');
    span.textContent = text;
    button.type = 'button';
    button.textContent = undo ? undo.label : 'OK';
    button.onclick = async () => {
      toast.remove();
      if (!undo) return;
      try { await post(undo.url); location.reload(); } catch { add(box.dataset.offline, null, true); }
    };
    toast.append(span, button);
    box.append(toast);
    home();
    if (!bad) setTimeout(() => toast.remove(), undo ? 10000 : 6000);
  };
  d.addEventListener('toast', e => add(e.detail.text, e.detail.undo, e.detail.bad));
  const asked = e => { const ctx = e.detail && e.detail.ctx; return (ctx && ctx.request && ctx.request.method || 'POST').toUpperCase() === 'GET'; };
  d.addEventListener('htmx:error', e => add(box.dataset[asked(e) ? 'unreached' : 'offline'], null, true));
  d.addEventListener('htmx:response:error', e => {
    const status = e.detail.ctx && e.detail.ctx.response ? e.detail.ctx.response.status : 500;
    if (status !== 422 && status !== 401) add(box.dataset[status === 429 ? 'busy' : 'broken'], null, true);
  });
  for (const flashed of d.querySelectorAll('[data-flashed]')) {
    setTimeout(() => flashed.remove(), flashed.querySelector('form') ? 10000 : 6000);
  }
  d.addEventListener('click', e => { const b = e.target.closest('[data-dismiss]'); if (b) b.closest('.toast').remove(); });
})(document);
