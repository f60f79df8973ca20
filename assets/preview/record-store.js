/* cmi5 and xAPI: the record store of the preview answers the package; this page asks it what it received. */
(function () {
  'use strict';
  const host = window.LAPEL_HOST;
  const EVERY_MS = 400;
  const VIDEO = 'https://w3id.org/xapi/video/extensions/';
  const facts = { status: '', position: '', time: '', progress: '', said: '' };
  let seen = 0;

  const verb = (statement) => {
    const shown = statement.verb.display;
    return (shown && Object.values(shown)[0]) || statement.verb.id.split('/').pop();
  };

  function learn(statement) {
    const id = statement.verb.id;
    const result = statement.result || {};
    const held = result.extensions || {};
    const at = held[VIDEO + 'time'] ?? held[VIDEO + 'time-to'];
    if (at !== undefined) facts.position = host.clock(Number(at));
    if (held[VIDEO + 'progress'] !== undefined) facts.progress = Math.round(100 * Number(held[VIDEO + 'progress'])) + ' %';
    if (/\/(initialized)$/.test(id) && !facts.status) facts.status = 'initialized';
    if (/\/(completed|passed)$/.test(id)) facts.status = 'completed';
    const spent = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(result.duration || '');
    if (spent) facts.time = host.clock(Number(spent[1] || 0) * 3600 + Number(spent[2] || 0) * 60 + Number(spent[3] || 0));
    const response = result.response || (/\/(responded|commented|answered)$/.test(id) ? JSON.stringify(result) : '');
    const said = { true: host.words.helped, false: host.words.not_helped }[response] || response;
    if (said) facts.said = (facts.said ? facts.said + '\n' : '') + said;
  }

  function listOf(text) {
    try {
      return [].concat(JSON.parse(text));
    } catch (error) {
      return []; /* longer than what is shown */
    }
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 1);
    } catch (error) {
      return text;
    }
  }

  function take(call) {
    seen = call.number;
    host.calls.push({ name: call.name, values: [call.target, call.content], answer: String(call.status) });
    const failed = call.status >= 400 && call.status !== 404;
    let text = call.name + (call.target ? ' ' + call.target : '');
    let kind = failed ? 'failed' : '';
    if (/^(POST|PUT) statements$/.test(call.name) && !failed) {
      const statements = listOf(call.content);
      statements.forEach(learn);
      text = statements.map(verb).join(', ');
      kind = 'commit';
    }
    host.write({ text, answer: String(call.status), kind, more: call.content ? pretty(call.content) : '' });
  }

  async function ask() {
    try {
      const answer = await fetch('/host/received?after=' + seen);
      const found = await answer.json();
      found.forEach(take);
      if (found.length) host.showFacts(facts);
    } catch (error) {
      /* the preview was ended, or is not there yet */
    }
    setTimeout(ask, EVERY_MS);
  }

  host.start({ again: () => window.location.reload(), forget: () => {} });
  ask();
})();
