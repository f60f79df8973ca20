/* SCORM 1.2 as a learning system speaks it. */
(function () {
  'use strict';
  const { clock } = window.LAPEL_HOST;
  const { run, seconds } = window.LAPEL_SCORM;
  const api = new window.Scorm12API({ autocommit: false, logLevel: 5 });
  run({
    api,
    name: 'API',
    names: ['LMSInitialize', 'LMSFinish', 'LMSGetValue', 'LMSSetValue', 'LMSCommit', 'LMSGetLastError', 'LMSGetErrorString', 'LMSGetDiagnostic'],
    marks: ['LMSInitialize', 'LMSCommit', 'LMSFinish'],
    restore(cmi) {
      cmi.core.entry = 'resume';
      cmi.core.exit = '';
      api.loadFromJSON(cmi);
    },
    /* What is write-only for the package still interests the producer. */
    values: (cmi) => ({
      'cmi.core.lesson_status': cmi.core.lesson_status,
      'cmi.core.lesson_location': cmi.core.lesson_location,
      'cmi.core.session_time': cmi.core.session_time,
      'cmi.core.exit': cmi.core.exit,
      'cmi.suspend_data': cmi.suspend_data && cmi.suspend_data + ' (' + cmi.suspend_data.length + ')',
      'cmi.comments': cmi.comments,
    }),
    facts: (cmi) => ({
      status: cmi.core.lesson_status,
      position: cmi.core.lesson_location && clock(Number(cmi.core.lesson_location)),
      time: cmi.core.session_time && clock(seconds(cmi.core.session_time)),
      said: cmi.comments,
    }),
  });
})();
