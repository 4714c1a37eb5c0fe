/* Sheets: a link marked data-sheet fills #sheet by HTMX and opens it as a modal dialog. Without
   JavaScript the same link leads to a page. */
(d => {
  const sheet = () => d.getElementById('sheet');
  const show = () => {
    const box = sheet();
    if (!box || !box.firstElementChild) return;
    const title = box.querySelector('h2');
    if (title) { title.id = title.id || 'sheet-title'; box.setAttribute('aria-labelledby', title.id); }
    if (!box.open) box.showModal();
    const first = box.querySelector('[aria-invalid=true],[autofocus]');
    if (first) first.focus();
    else if (title && !box.contains(d.activeElement)) { title.tabIndex = -1; title.focus(); }
  };
  d.addEventListener('htmx:after:swap', show);
  d.addEventListener('click', e => {
    const box = sheet();
    if (box && e.target === box) box.close();
    const closer = e.target.closest('[data-close]');
    if (closer && box && box.contains(closer)) { e.preventDefault(); box.close(); }
    if (e.target.closest('[data-reload]')) location.reload();
  });
  d.addEventListener('close', e => {
    const box = sheet();
    if (e.target !== box) return;
    const told = box.querySelector('[data-forget-draft]'), later = box.querySelector('[data-later]'), said = d.getElementById('toasts');
    /* Closed without an answer: it is not asked again. */
    if (later) fetch(later.dataset.later, { method: 'POST', headers: { 'HX-Request': 'true', 'X-CSRF-Token': said.dataset.token }, keepalive: true }).catch(() => {});
    box.replaceChildren();
    if (told) location.reload();
  }, true);
})(document);
