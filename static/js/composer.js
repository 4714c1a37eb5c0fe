/* The composer: angles' starters, a draft kept on this phone only, and copy-and-open in one tap. */
(d => {
  const form = () => d.querySelector('[data-composer]');
  const key = f => f.dataset.draft;
  const restore = () => {
    const f = form();
    if (!f || f.dataset.ready) return;
    f.dataset.ready = '1';
    const kept = localStorage.getItem(key(f));
    if (kept && !f.text.value) { f.text.value = kept; f.text.dispatchEvent(new Event('input', { bubbles: true })); }
    const share = f.querySelector('[data-native]');
    if (share && navigator.share) share.hidden = false;
    name(f);
  };
  const name = f => {
    const label = f.querySelector('[data-copy-label]'), net = f.querySelector('[name=network]:checked');
    if (label && net) label.textContent = net.dataset.says;
  };
  const told = f => {
    const line = f.disclosed.checked ? '\n\n' + f.dataset.disclosure : '';
    const net = f.querySelector('[name=network]:checked');
    return { text: f.text.value.trim() + line, net, link: net.dataset.link };
  };
  const copy = async text => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = d.createElement('textarea');
      area.value = text; area.className = 'vh'; form().append(area); area.select(); d.execCommand('copy'); area.remove();
    }
  };
  d.addEventListener('DOMContentLoaded', restore);
  d.addEventListener('htmx:after:swap', restore);
  const mend = area => { if (area.getAttribute('aria-invalid') && area.value.trim()) { area.removeAttribute('aria-invalid'); for (const said of area.form.querySelectorAll('.err')) said.remove(); } };
  d.addEventListener('input', e => { if (e.target.matches('textarea')) mend(e.target); const f = form(); if (f && e.target === f.text) localStorage.setItem(key(f), f.text.value); });
  d.addEventListener('change', e => {
    const f = form();
    if (!f || !f.contains(e.target)) return;
    if (e.target.name === 'angle') f.text.placeholder = e.target.dataset.ph || '';
    if (e.target.name === 'network') name(f);
  });
  d.addEventListener('click', e => { if (e.detail && e.target.closest('.ang .opt')) setTimeout(() => form() && form().text.focus()); });
  d.addEventListener('submit', e => {
    const f = form();
    if (e.target !== f || !f.text.value.trim()) return;
    const { text, net, link } = told(f);
    if (e.submitter && e.submitter.hasAttribute('data-native')) { navigator.share({ text, url: link }).catch(() => {}); return; }
    copy(net.dataset.open && net.value === 'linkedin' ? text : text + '\n' + link);
    if (net.dataset.open) window.open(net.dataset.open, '_blank', 'noopener');
  }, true);
  d.addEventListener('click', e => {
    const again = e.target.closest('[data-copy]');
    if (again) { e.preventDefault(); navigator.clipboard.writeText(again.dataset.copy).then(() => d.dispatchEvent(new CustomEvent('toast', { detail: { text: again.dataset.copied } })), () => {}); }
  });
  const forget = () => { for (const told of d.querySelectorAll('[data-forget-draft]')) localStorage.removeItem(told.dataset.forgetDraft); };
  d.addEventListener('DOMContentLoaded', forget);
  d.addEventListener('htmx:after:swap', forget);
  d.addEventListener('submit', e => {
    if (!e.target.matches('[data-sign-out]')) return;
    for (const name of Object.keys(localStorage)) if (name.startsWith('draft:')) localStorage.removeItem(name);
    if (navigator.serviceWorker && navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage('signed-out');
  });
})(document);
