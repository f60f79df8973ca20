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

  function createAdapter(resource) {
    const api = lapel.scorm.connect('API_1484_11');
    const threshold = resource.completion / 100;
    const commented = []; /* what stands in each of the system's comments */
    let open = false;
    let learner = '';
    let mayReport = false; /* not while a teacher browses or reviews */
    let reported = '';

    const get = (element) => api.text('GetValue', element);
    const set = (element, value) => api.did('SetValue', element, value);

    function readComments() {
      const count = Math.min(COMMENTS_READ, Number(get('cmi.comments_from_learner._count')) || 0);
      for (let i = 0; i < count; i += 1) {
        commented.push(get('cmi.comments_from_learner.' + i + '.comment').replace(/^\{lang=[^}]*\}/, ''));
      }
    }

    function start() {
      if (!api) return null;
      /* After a reload some systems say no because the session is still open: then it can be used. */
      open = api.did('Initialize', '') || get('cmi._version') !== '';
      if (!open) return null;
      learner = get('cmi.learner_id');
      mayReport = !['browse', 'review'].includes(get('cmi.mode'));
      reported = get('cmi.completion_status') === 'completed' ? 'completed' : '';
      /* Said at once: a system may call it completed when the window closes and nothing was said. */
      if (mayReport && !reported && set('cmi.completion_status', 'incomplete')) reported = 'incomplete';
      /* Also at once: a tab that is killed says nothing more. Without it the next launch begins from nothing. */
      set('cmi.exit', 'suspend');
      readComments();
      return get('cmi.suspend_data');
    }

    /* The answer keeps its place when it is changed; comments are only ever added. */
    function putComments(snapshot) {
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

    function put(snapshot) {
      let well = set('cmi.suspend_data', snapshot.data);
      set('cmi.location', snapshot.position_s.toFixed(1));
      set('cmi.session_time', sessionTime(snapshot.session_s));
      if (mayReport) {
        well = set('cmi.progress_measure', String(progressOf(snapshot, threshold))) && well;
        const status = snapshot.completed ? 'completed' : 'incomplete';
        if (reported !== 'completed' && reported !== status) {
          if (set('cmi.completion_status', status)) reported = status;
          else well = false;
        }
      }
      putComments(snapshot);
      return well;
    }

    function save(snapshot) {
      if (!open) return true;
      const well = put(snapshot);
      return api.did('Commit', '') && well;
    }

    function finish(snapshot) {
      if (!open) return;
      put(snapshot);
      set('cmi.exit', 'suspend');
      api.call('Commit', '');
      open = false;
      api.call('Terminate', ''); /* whatever Commit said */
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
