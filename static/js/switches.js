/* Switches: the change shows at once and is taken back when it could not be sent. In a long row of places, the current one is in view. */
(d => {
  const toggled = b => b.setAttribute('aria-pressed', b.getAttribute('aria-pressed') !== 'true');
  d.addEventListener('click', e => {
    const toggle = e.target.closest('[data-toggle]');
    if (toggle && window.htmx) { toggled(toggle); toggle.dataset.sent = '1'; }
    const theme = e.target.closest('[data-theme-set]');
    if (theme) {
      const chosen = theme.dataset.themeSet;
      if (chosen) d.documentElement.dataset.theme = chosen; else delete d.documentElement.dataset.theme;
      for (const b of theme.parentNode.querySelectorAll('[data-theme-set]')) b.setAttribute('aria-pressed', String(b === theme));
    }
  });
  const back = e => { const b = e.target.closest && e.target.closest('[data-toggle]'); if (b && b.dataset.sent) { toggled(b); delete b.dataset.sent; } };
  d.addEventListener('htmx:error', back);
  d.addEventListener('htmx:response:error', back);
  d.addEventListener('change', e => { if (e.target.matches('[data-submit]') && !e.target.hasAttribute('hx-post')) e.target.form.requestSubmit(); });
  d.addEventListener('DOMContentLoaded', () => { const here = d.querySelector('.side [aria-current]'); if (here) here.scrollIntoView({ block: 'nearest', inline: 'center' }); });
})(document);
