/* A learning system in one page: every call of the package is written down, and what it means is shown in
   plain words. A runtime (scorm-*.js, record-store.js) answers the package and calls `start`. */
(function () {
  'use strict';
  const words = window.LAPEL_WORDS;
  const calls = (window.LAPEL_CALLS = []);
  const log = document.getElementById('log');
  const frame = document.getElementById('sco');
  const started_ms = Date.now();
  const MOST_LINES = 2000;

  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const pad = (number) => String(number).padStart(2, '0');
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return hours ? hours + ':' + pad(minutes) + ':' + pad(whole % 60) : minutes + ':' + pad(whole % 60);
  }

  function span(className, text) {
    const made = document.createElement('span');
    made.className = className;
    made.textContent = text;
    return made;
  }

  /** Write a call down: `kind` is '', 'commit' or 'failed'; `more` is shown when asked for. */
  function write({ text, answer, kind, more }) {
    const line = document.createElement('li');
    line.className = kind || '';
    line.append(span('time', clock((Date.now() - started_ms) / 1000)), span('call', text), span('answer', answer));
    if (more) {
      const details = document.createElement('details');
      const summary = document.createElement('summary');
      const content = document.createElement('pre');
      summary.textContent = words.more;
      content.textContent = more;
      details.append(summary, content);
      line.append(details);
    }
    const follows = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
    log.append(line);
    if (log.childElementCount > MOST_LINES) log.firstElementChild.remove();
    if (follows) log.scrollTop = log.scrollHeight;
    document.getElementById('count').textContent = String(calls.length);
  }

  /** Show what is known by now; a fact that is empty stays as it is not known yet. */
  function showFacts(facts) {
    Object.entries(facts).forEach(([name, value]) => {
      const shown = document.querySelector('[data-fact="' + name + '"]');
      if (shown) shown.textContent = value === '' || value === undefined || value === null ? words.nothing : value;
    });
    document.getElementById('fact-status').classList.toggle('done', /^(completed|passed)/.test(facts.status || ''));
  }

  function showValues(values) {
    document.querySelectorAll('[data-value]').forEach((each) => {
      const value = values[each.dataset.value];
      each.textContent = value === undefined || value === null ? '' : String(value);
    });
  }

  function close(then) {
    frame.src = 'about:blank';
    if (then) setTimeout(then, 300);
  }

  async function launch(path) {
    const answer = await fetch(path, { method: 'POST' });
    frame.src = (await answer.json()).address;
  }

  /** @param {{forget: function(): void, again: function(): void}} runtime what only it can do */
  function start(runtime) {
    document.getElementById('leave').addEventListener('click', () => close());
    document.getElementById('again').addEventListener('click', () => close(() => runtime.again()));
    document.getElementById('reset').addEventListener('click', () =>
      close(() => {
        runtime.forget();
        fetch('/host/start-over', { method: 'POST' }).then(() => window.location.reload());
      })
    );
    launch('/host/launch');
  }

  window.LAPEL_HOST = { calls, clock, write, showFacts, showValues, start, words };
})();
