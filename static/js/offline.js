/* The service worker, the bar that says one is offline, and the install button where the browser offers one. */
(d => {
  if ('serviceWorker' in navigator) addEventListener('load', () => navigator.serviceWorker.register('/service-worker.js').catch(() => {}));
  const bar = () => d.getElementById('offline');
  const say = () => { if (bar()) bar().hidden = navigator.onLine && !d.body.dataset.kept; };
  addEventListener('online', say);
  addEventListener('offline', say);
  d.addEventListener('DOMContentLoaded', say);
  /* After a sign-out, or where a sign-in is asked for, nothing that was written is left here. */
  const forget = () => {
    try { localStorage.clear(); indexedDB.deleteDatabase('fortael'); } catch { /* a browser that keeps nothing */ }
    if (navigator.serviceWorker && navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage('signed-out');
  };
  d.addEventListener('submit', e => { if (e.target.matches('[data-sign-out]')) forget(); });
  if (location.pathname === '/sign-in') forget();
  let prompt;
  addEventListener('beforeinstallprompt', e => {
    e.preventDefault();
    prompt = e;
    for (const b of d.querySelectorAll('[data-install]')) b.hidden = false;
  });
  d.addEventListener('click', e => { if (e.target.closest('[data-install]') && prompt) prompt.prompt(); });
})(document);
