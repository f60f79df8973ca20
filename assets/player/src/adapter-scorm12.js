/* SCORM 1.2: the learning system's API object keeps state and completion.
   Clauses: SCORM 1.2 RTE, 3.3 (finding the API) and 3.4 (data model). */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const COMMENTS_LIMIT = 4096;
  const ENDED = ['completed', 'passed', 'failed'];

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
    const api = lapel.scorm.connect('API');
    let open = false;
    let learner = '';
    let mayReport = false; /* not while a teacher browses or reviews */
    let reported = '';
    let commented = '';
    let suspends = false;

    const get = (element) => api.text('LMSGetValue', element);
    const set = (element, value) => api.did('LMSSetValue', element, value);

    function start() {
      if (!api) return null;
      /* After a reload some systems say no because the session is still open: then it can be used. */
      open = api.did('LMSInitialize', '') || get('cmi.core._children') !== '';
      if (!open) return null;
      learner = get('cmi.core.student_id');
      mayReport = !['browse', 'review'].includes(get('cmi.core.lesson_mode'));
      const status = get('cmi.core.lesson_status');
      reported = ENDED.includes(status) ? status : '';
      /* Said at once: a system may turn "not attempted" into completed when the window closes. */
      if (mayReport && !reported && set('cmi.core.lesson_status', 'incomplete')) reported = 'incomplete';
      /* Also at once: a tab that is killed says nothing more, and without it some systems forget the state. */
      suspends = set('cmi.core.exit', 'suspend');
      return get('cmi.suspend_data');
    }

    function put(snapshot) {
      let well = set('cmi.suspend_data', snapshot.data);
      set('cmi.core.lesson_location', snapshot.position_s.toFixed(1));
      set('cmi.core.session_time', sessionTime(snapshot.session_s));
      const status = snapshot.completed ? 'completed' : 'incomplete';
      if (mayReport && !ENDED.includes(reported) && reported !== status) {
        if (set('cmi.core.lesson_status', status)) reported = status;
        else well = false;
      }
      const comments = commentText(snapshot);
      /* Optional in SCORM 1.2: a system without it has the answers in suspend_data all the same. */
      if (comments !== commented && set('cmi.comments', comments)) commented = comments;
      return well;
    }

    function save(snapshot) {
      if (!open) return true;
      const well = put(snapshot);
      return api.did('LMSCommit', '') && well;
    }

    function finish(snapshot) {
      if (!open) return;
      put(snapshot);
      if (!suspends) set('cmi.core.exit', 'suspend');
      api.call('LMSCommit', '');
      open = false;
      api.call('LMSFinish', ''); /* whatever Commit said */
    }

    return {
      start,
      save,
      finish,
      get scope() {
        return learner;
      },
      get keeps() {
        return open ? 'system' : 'page';
      },
      get connected() {
        return open;
      },
    };
  }

  lapel.createAdapter = createAdapter;
})();
