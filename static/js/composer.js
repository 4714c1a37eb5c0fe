/* The composer: angles' starters, a draft kept on this phone only, and copy-and-open in one tap. */
(d => {
  const form = () => d.querySelector('[data-composer]');
  const chosen = (f, name) => f.querySelector(`[name=${name}]:checked`);
  const choose = (f, name, value) => { for (const one of f.querySelectorAll(`[name=${name}]`)) if (one.value === value) one.checked = true; };
  const bad = text => d.dispatchEvent(new CustomEvent('toast', { detail: { text, bad: true } }));
  /* Saves come one after the other, so that the last one stands. */
  let saved = Promise.resolve();
  const save = f => {
    const { draft } = f.dataset, text = f.text.value, at = Date.now();
    if (localStorage.wrote !== draft.split(':')[1]) return;
    const written = text.trim() && { text, angle: (chosen(f, 'angle') || {}).value, network: (chosen(f, 'network') || {}).value, disclosed: f.disclosed.checked, at };
    saved = saved.then(() => Drafts.keep(draft, written)).catch(() => {});
  };
  const restore = async f => {
    localStorage.wrote = f.dataset.draft.split(':')[1];
    const kept = await Drafts.draft(f.dataset.draft).catch(() => {}), untouched = f.text.value === f.text.defaultValue;
    if (!kept || !untouched || f.text.getAttribute('aria-invalid')) return;
    f.text.value = kept.text;
    f.disclosed.checked = kept.disclosed !== false;
    choose(f, 'angle', kept.angle);
    choose(f, 'network', kept.network);
    starter(f);
    f.text.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const start = () => {
    for (const told of d.querySelectorAll('[data-forget-draft]')) Drafts.keep(told.dataset.forgetDraft).catch(() => {});
    const f = form();
    if (!f || f.dataset.ready) return;
    f.dataset.ready = '1';
    const share = f.querySelector('[data-native]');
    if (share && navigator.share) share.hidden = false;
    restore(f).then(() => name(f));
  };
  const starter = f => { const angle = chosen(f, 'angle'); if (angle) f.text.placeholder = angle.dataset.ph || ''; };
  const name = f => {
    const label = f.querySelector('[data-copy-label]'), net = chosen(f, 'network');
    if (label && net) label.textContent = net.dataset.says;
  };
  const told = f => {
    const line = f.disclosed.checked ? '\n\n' + f.dataset.disclosure : '', net = chosen(f, 'network');
    return { text: f.text.value.trim() + line, net, link: net.dataset.link };
  };
  const copy = async (f, text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = d.createElement('textarea');
      area.value = text; area.className = 'vh'; f.append(area); area.select();
      if (!d.execCommand('copy')) bad(f.dataset.uncopied);
      area.remove();
    }
  };
  /* The share sheet takes text, link and, where it can, the person's own picture; the text is on the clipboard too, for some apps drop it. */
  const hand = (f, text, url) => {
    const file = f.photo && f.photo.files[0], all = { text, url, files: file ? [file] : [] };
    if (!file || !navigator.canShare || !navigator.canShare(all)) delete all.files;
    navigator.share(all).catch(() => {});
  };
  const mend = area => { if (area.getAttribute('aria-invalid') && area.value.trim()) { area.removeAttribute('aria-invalid'); for (const said of area.form.querySelectorAll('.err')) said.remove(); } };
  d.addEventListener('htmx:after:swap', start);
  d.addEventListener('input', e => { if (e.target.matches('textarea') && e.target.form) mend(e.target); const f = form(); if (f && f.contains(e.target)) save(f); });
  d.addEventListener('change', e => {
    const f = form();
    if (!f || !f.contains(e.target)) return;
    if (e.target.name === 'angle') starter(f);
    if (e.target.name === 'network') name(f);
  });
  d.addEventListener('click', e => { if (e.detail && e.target.closest('.ang .opt')) setTimeout(() => form() && form().text.focus()); });
  d.addEventListener('submit', e => {
    const f = form();
    if (e.target !== f || !f.text.value.trim()) return;
    const { text, net, link } = told(f), native = e.submitter && e.submitter.hasAttribute('data-native');
    copy(f, !native && net.dataset.open && net.value === 'linkedin' ? text : text + '\n' + link);
    if (native) hand(f, text, link);
    else if (net.dataset.open) window.open(net.dataset.open, '_blank', 'noopener');
  }, true);
  d.addEventListener('click', e => {
    const again = e.target.closest('[data-copy]');
    if (again) { e.preventDefault(); navigator.clipboard.writeText(again.dataset.copy).then(() => d.dispatchEvent(new CustomEvent('toast', { detail: { text: again.dataset.copied } })), () => {}); }
  });
  /* Drafts of before stood in localStorage. */
  for (const key of Object.keys(localStorage)) if (key.startsWith('draft:')) {
    const text = localStorage[key];
    localStorage.removeItem(key);
    saved = saved.then(async () => { if (!await Drafts.draft(key)) await Drafts.keep(key, { text, at: Date.now() }); }).catch(() => {});
  }
  saved.then(start);
})(document);
