/* SCORM 1.2: the learning system's API object keeps state and completion.
   Clauses: SCORM 1.2 RTE, 3.3 (finding the API) and 3.4 (data model). */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const COMMENTS_LIMIT = 4096;

  function sessionTime(seconds) {
    const hundredths = Math.min(Math.round(seconds * 100), 9999 * 360000);
    const pad = (number, size) => String(number).padStart(size, '0');
    const hours = Math.floor(hundredths / 360000);
    const minutes = Math.floor(hundredths / 6000) % 60;
    return pad(hours, 4) + ':' + pad(minutes, 2) + ':' + pad(Math.floor(hundredths / 100) % 60, 2) + '.' + pad(hundredths % 100, 2);
  }

  function commentText(snapshot) {
    const text = lapel.scorm.commentLines(snapshot).join('\n');
    return Array.from(text).slice(0, COMMENTS_LIMIT / 2).join('').slice(0, COMMENTS_LIMIT);
  }

  function createAdapter() {
    let commented = '';
    return lapel.scorm.createSession({
      api: 'API',
      methods: { open: 'LMSInitialize', get: 'LMSGetValue', set: 'LMSSetValue', commit: 'LMSCommit', close: 'LMSFinish' },
      elements: {
        always: 'cmi.core._children',
        learner: 'cmi.core.student_id',
        mode: 'cmi.core.lesson_mode',
        status: 'cmi.core.lesson_status',
        exit: 'cmi.core.exit',
        place: 'cmi.core.lesson_location',
        time: 'cmi.core.session_time',
      },
      ended: ['completed', 'passed', 'failed'],
      time: sessionTime,
      begin() {},
      progress: () => true, /* it has no place for it */
      /* Optional in SCORM 1.2: a system without it has the answers in suspend_data all the same. */
      answers(snapshot, set) {
        const comments = commentText(snapshot);
        if (comments !== commented && set('cmi.comments', comments)) commented = comments;
      },
    });
  }

  lapel.createAdapter = createAdapter;
})();
