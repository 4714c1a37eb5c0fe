/* htmx comes from the CDN; when that fails or hangs, our own copy of the same bytes is loaded instead. */
(d => {
  const script = d.querySelector('script[data-local]');
  if (!script) return;
  const local = () => {
    if (window.htmx || d.querySelector('script[data-fallback]')) return;
    const own = d.createElement('script');
    own.src = script.dataset.local;
    own.dataset.fallback = '1';
    script.remove();
    d.head.append(own);
  };
  script.addEventListener('error', local);
  setTimeout(local, 2500);
  if (script.dataset.failed) local();
})(document);
