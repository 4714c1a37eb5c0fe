/* Scripts that few pages need come when a page does: the composer's where something is written or waits, the desk's at a queue. */
(d => {
  const here = d.currentScript.src, needs = { composer: '[data-waits],[data-forget-draft],[data-copy]', desk: '[data-queue]' }, asked = {};
  const load = name => {
    if (asked[name]) return;
    asked[name] = d.createElement('script');
    asked[name].src = here.replace('app.js', name + '.js');
    d.head.append(asked[name]);
  };
  const look = () => {
    for (const name in needs) if (d.querySelector(needs[name])) load(name);
    try { if (localStorage.wrote) load('composer'); } catch { /* a browser that keeps nothing */ }
  };
  look();
  d.addEventListener('htmx:after:swap', look);
  d.addEventListener('pointerdown', e => { if (e.target.closest('[href$="/shares/new"]')) load('composer'); });
})(document);
