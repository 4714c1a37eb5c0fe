/* The queue: when a row is dealt with, the next one has the focus; when the last is, the words for an empty queue show. */
(d => {
  let next = null;
  const rows = () => [...d.querySelectorAll('[data-queue] > article')];
  const heading = row => row && row.querySelector('h3 a, h3[tabindex]');
  d.addEventListener('htmx:before:request', e => {
    const row = e.target.closest && e.target.closest('[data-queue] > article');
    const all = rows(), place = all.indexOf(row);
    next = row ? { row, after: all[place + 1] || all[place - 1] || null } : null;
  });
  d.addEventListener('htmx:after:swap', () => {
    if (!next || next.row.isConnected) return;
    const wrong = d.querySelector('[data-queue] [aria-invalid=true]');
    if (wrong) wrong.focus();
    else if (heading(next.after)) heading(next.after).focus();
    next = null;
    const empty = d.querySelector('[data-when-empty]');
    if (empty) empty.hidden = rows().length > 0;
  });
})(document);
