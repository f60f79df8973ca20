/* SCORM 2004 4th Edition: the learning system's API_1484_11 keeps state, progress and completion.
   Clauses: SCORM 2004 4th Edition RTE, 3 (API) and 4.2 (data model). */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const COMMENT_LIMIT = 4000; /* characters a system must keep of a comment */
  const COMMENTS_READ = 250; /* as many as it must keep */

  /* timeinterval (second,10,2): PT1H2M3.45S */
  function sessionTime(seconds) {
    const hundredths = Math.round(seconds * 100);
    const hours = Math.floor(hundredths / 360000);
    const minutes = Math.floor(hundredths / 6000) % 60;
    return 'PT' + (hours ? hours + 'H' : '') + (minutes ? minutes + 'M' : '') + ((hundredths % 6000) / 100).toFixed(2) + 'S';
  }

  /* Rounded down, so that a share just short of the threshold never reaches it; and never below it once
     completed, since the system compares for itself. */
  function progressOf({ share, completed }, threshold) {
    const measure = Math.floor(share * 10000) / 10000;
    return completed ? Math.max(measure, threshold) : measure;
  }

  /* The answer keeps its place when it is changed; comments are only ever added. */
  function createComments() {
    const commented = []; /* what stands in each of the system's comments */

    function read(get) {
      const count = Math.min(COMMENTS_READ, Number(get('cmi.comments_from_learner._count')) || 0);
      for (let i = 0; i < count; i += 1) {
        commented.push(get('cmi.comments_from_learner.' + i + '.comment').replace(/^\{lang=[^}]*\}/, ''));
      }
    }

    function put(snapshot, set) {
      const question = lapel.text('helped');
      lapel.scorm.commentLines(snapshot).forEach((line) => {
        const text = Array.from(line).slice(0, COMMENT_LIMIT / 2).join('');
        if (commented.includes(text)) return;
        const before = text.startsWith(question) ? commented.findIndex((each) => each.startsWith(question)) : -1;
        const at = before < 0 ? commented.length : before;
        const place = 'cmi.comments_from_learner.' + at;
        if (!set(place + '.comment', text)) return;
        commented[at] = text;
        const found = /^\[([\d:]+)\]/.exec(text);
        if (found) set(place + '.location', found[1]);
        /* time (second,10,0): a zone may only follow a fraction */
        set(place + '.timestamp', new Date().toISOString().slice(0, 19) + '.0Z');
      });
    }
    return { read, put };
  }

  function createAdapter(resource) {
    const threshold = resource.completion / 100;
    const comments = createComments();
    return lapel.scorm.createSession({
      api: 'API_1484_11',
      methods: { open: 'Initialize', get: 'GetValue', set: 'SetValue', commit: 'Commit', close: 'Terminate' },
      elements: {
        always: 'cmi._version',
        learner: 'cmi.learner_id',
        mode: 'cmi.mode',
        status: 'cmi.completion_status',
        exit: 'cmi.exit',
        place: 'cmi.location',
        time: 'cmi.session_time',
      },
      ended: ['completed'],
      time: sessionTime,
      begin: comments.read,
      progress: (snapshot, set) => set('cmi.progress_measure', String(progressOf(snapshot, threshold))),
      answers: comments.put,
    });
  }

  lapel.createAdapter = createAdapter;
})();
