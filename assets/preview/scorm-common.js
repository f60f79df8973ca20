/* What both editions of SCORM share: scorm-again answers the package, every call is written down, and the
   state is kept in this tab so that "Open again" resumes. */
(function () {
  'use strict';
  const host = window.LAPEL_HOST;

  /** @param {object} options ``api``, ``names`` of its calls, ``marks`` (those that save), ``read(cmi)``. */
  function run({ api, name, names, marks, restore, values, facts }) {
    const KEPT = 'lapel:preview:' + name;
    const kept = JSON.parse(window.sessionStorage.getItem(KEPT) || 'null');
    if (kept) restore(kept);

    function show() {
      const cmi = api.renderCMIToJSONObject().cmi;
      host.showValues(values(cmi, api));
      host.showFacts(facts(cmi, api));
      return cmi;
    }

    const watched = {};
    names.forEach((call) => {
      watched[call] = (...given) => {
        const answer = api[call](...given);
        host.calls.push({ name: call, values: given, answer: String(answer) });
        if (!call.endsWith('GetLastError')) {
          host.write({
            text: call + '(' + given.filter((each) => each !== '').join(', ') + ')',
            answer: answer === '' ? '“”' : String(answer),
            kind: String(answer) === 'false' ? 'failed' : marks.includes(call) ? 'commit' : '',
          });
        }
        const cmi = show();
        if (marks.includes(call)) window.sessionStorage.setItem(KEPT, JSON.stringify(cmi));
        return answer;
      };
    });
    window.LAPEL_RUNTIME = api;
    window[name] = watched;
    show();
    host.start({
      again: () => window.location.reload(),
      forget: () => window.sessionStorage.removeItem(KEPT),
    });
  }

  /** "0000:01:02.50" or "PT1M2.5S" -> seconds */
  function seconds(text) {
    const clock = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text || '');
    if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
    const period = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text || '');
    if (!period) return 0;
    const [days, hours, minutes, rest] = period.slice(1).map((each) => Number(each || 0));
    return days * 86400 + hours * 3600 + minutes * 60 + rest;
  }

  window.LAPEL_SCORM = { run, seconds };
})();
