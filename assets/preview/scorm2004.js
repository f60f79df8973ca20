/* SCORM 2004 4th Edition as a learning system speaks it. */
(function () {
  'use strict';
  const { clock } = window.LAPEL_HOST;
  const { run, seconds } = window.LAPEL_SCORM;
  const api = new window.Scorm2004API({ autocommit: false, logLevel: 5 });

  function comments(cmi) {
    const held = cmi.comments_from_learner;
    const list = Array.isArray(held) ? held : held && held.childArray ? held.childArray : Object.values(held || {});
    return list.filter((each) => each && each.comment).map((each) => each.comment).join('\n');
  }

  run({
    api,
    name: 'API_1484_11',
    names: ['Initialize', 'Terminate', 'GetValue', 'SetValue', 'Commit', 'GetLastError', 'GetErrorString', 'GetDiagnostic'],
    marks: ['Initialize', 'Commit', 'Terminate'],
    restore(cmi) {
      cmi.entry = 'resume';
      cmi.exit = '';
      api.loadFromJSON(cmi);
    },
    values: (cmi) => ({
      'cmi.completion_status': cmi.completion_status,
      'cmi.success_status': cmi.success_status,
      'cmi.progress_measure': cmi.progress_measure,
      'cmi.location': cmi.location,
      'cmi.session_time': cmi.session_time,
      'cmi.exit': cmi.exit,
      'cmi.suspend_data': cmi.suspend_data && cmi.suspend_data + ' (' + cmi.suspend_data.length + ')',
      'cmi.comments_from_learner': comments(cmi),
    }),
    facts: (cmi) => ({
      status: cmi.completion_status,
      position: cmi.location && clock(Number(cmi.location)),
      time: cmi.session_time && clock(seconds(cmi.session_time)),
      progress: cmi.progress_measure === '' || cmi.progress_measure === undefined ? '' : Math.round(100 * Number(cmi.progress_measure)) + ' %',
      said: comments(cmi),
    }),
  });
})();
