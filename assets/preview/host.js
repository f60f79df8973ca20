/* A learning system in one page: scorm-again answers the package, every call is written down, and the state
   is kept in this tab so that "Open again" resumes. */
(function () {
  'use strict';
  const KEPT = 'lapel:preview';
  const calls = (window.LAPEL_CALLS = []);
  const log = document.getElementById('log');
  const frame = document.getElementById('sco');
  const started_ms = Date.now();

  const api = new window.Scorm12API({ autocommit: false, logLevel: 5 });
  const kept = JSON.parse(window.sessionStorage.getItem(KEPT) || 'null');
  if (kept) {
    kept.core.entry = 'resume';
    kept.core.exit = '';
    api.loadFromJSON(kept);
  }

  function clock() {
    const seconds = Math.floor((Date.now() - started_ms) / 1000);
    return Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
  }

  function write(name, values, answer) {
    calls.push({ name, values, answer: String(answer) });
    if (name === 'LMSGetLastError') return;
    const line = document.createElement('li');
    const time = document.createElement('span');
    const words = document.createElement('span');
    time.className = 'time';
    time.textContent = clock();
    words.textContent = name + '(' + values.filter((each) => each !== '').join(', ') + ') → ' + (answer === '' ? '“”' : answer);
    if (['LMSInitialize', 'LMSCommit', 'LMSFinish'].includes(name)) line.className = 'commit';
    if (String(answer) === 'false') line.className = 'failed';
    line.append(time, words);
    log.append(line);
    log.scrollTop = log.scrollHeight;
  }

  function showValues() {
    const cmi = api.renderCMIToJSONObject().cmi;
    const read = { 'cmi.core.session_time': cmi.core.session_time, 'cmi.core.exit': cmi.core.exit };
    document.querySelectorAll('[data-value]').forEach((each) => {
      const [, first, second] = each.dataset.value.split('.');
      const value = read[each.dataset.value] ?? (second ? cmi[first][second] : cmi[first]);
      each.textContent = first === 'suspend_data' ? value + (value ? ' (' + value.length + ')' : '') : value;
    });
    return cmi;
  }

  const watched = {};
  [
    'LMSInitialize', 'LMSFinish', 'LMSGetValue', 'LMSSetValue', 'LMSCommit', 'LMSGetLastError',
    'LMSGetErrorString', 'LMSGetDiagnostic',
  ].forEach((name) => {
    watched[name] = (...values) => {
      const answer = api[name](...values);
      write(name, values, answer);
      const cmi = showValues();
      if (name === 'LMSCommit' || name === 'LMSFinish') window.sessionStorage.setItem(KEPT, JSON.stringify(cmi));
      return answer;
    };
  });
  window.API = watched;
  window.LAPEL_RUNTIME = api;

  document.getElementById('leave').addEventListener('click', () => {
    frame.src = 'about:blank';
  });
  document.getElementById('again').addEventListener('click', () => {
    frame.src = 'about:blank';
    setTimeout(() => window.location.reload(), 300);
  });
  document.getElementById('reset').addEventListener('click', () => {
    frame.src = 'about:blank';
    setTimeout(() => {
      window.sessionStorage.removeItem(KEPT);
      window.location.reload();
    }, 300);
  });
  showValues();
  frame.src = '/package/index.html';
})();
