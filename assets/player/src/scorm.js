/* What both editions of SCORM share: finding the learning system's API object, asking it carefully, and one session
   with it: status at the start, few values at once, a finish whatever Commit said. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const SEARCH_LIMIT = 500;

  function climb(start, name) {
    let frame = start;
    for (let i = 0; frame && i < SEARCH_LIMIT; i += 1) {
      try {
        if (frame[name]) return frame[name];
        if (frame.parent === frame) return null;
        frame = frame.parent;
      } catch (error) {
        return null; /* another origin: no API to be had above it */
      }
    }
    return null;
  }

  function opener(frame) {
    try {
      return frame.opener;
    } catch (error) {
      return null;
    }
  }

  /** Return what calls the API object of that name, or null where there is none above or behind this page. */
  function connect(name) {
    const api = climb(window, name) || climb(opener(window), name) || climb(opener(window.top), name);
    if (!api) return null;

    /* Learning systems throw, return nothing, or return booleans: only a clear yes is a yes. */
    function call(method, ...values) {
      try {
        return api[method](...values);
      } catch (error) {
        return null;
      }
    }
    return {
      call,
      did: (method, ...values) => String(call(method, ...values)) === 'true',
      text(method, ...values) {
        const answer = call(method, ...values);
        return answer === null || answer === undefined ? '' : String(answer);
      },
    };
  }

  /** What was answered and said, a line each, as a person at the learning system reads it. */
  function commentLines(snapshot) {
    const lines = snapshot.comments.map(({ at, text }) => '[' + lapel.clock(at / 10) + '] ' + text);
    if (snapshot.helped !== null) {
      lines.unshift(lapel.text('helped') + ' ' + lapel.text(snapshot.helped ? 'yes' : 'not_yet'));
    }
    return lines;
  }

  /**
   * A session with the learning system, in the words of one edition.
   * @param {object} edition
   *   ``api``       name of the system's object
   *   ``methods``   its ``open``, ``get``, ``set``, ``commit`` and ``close``
   *   ``elements``  ``always`` (one that every system answers), ``learner``, ``mode``, ``status``, ``exit``,
   *                 ``place`` and ``time``
   *   ``ended``     statuses that stay as they are
   *   ``time(seconds)``  time spent, as it is written
   *   ``begin(get)``     told once it is open
   *   ``progress(snapshot, set)``  says how far the learner is; false where it was not taken
   *   ``answers(snapshot, set)``   says what the learner answered and wrote
   */
  function createSession({ api: name, methods, elements, ended, time, begin, progress, answers }) {
    const api = connect(name);
    let open = false;
    let learner = '';
    let mayReport = false; /* not while a teacher browses or reviews */
    let reported = '';
    let suspends = false;

    const get = (element) => api.text(methods.get, element);
    const set = (element, value) => api.did(methods.set, element, value);

    function start() {
      if (!api) return null;
      /* After a reload some systems say no because the session is still open: then it can be used. */
      open = api.did(methods.open, '') || get(elements.always) !== '';
      if (!open) return null;
      learner = get(elements.learner);
      mayReport = !['browse', 'review'].includes(get(elements.mode));
      const status = get(elements.status);
      reported = ended.includes(status) ? status : '';
      /* Said at once: a system may make it completed when the window closes and nothing was said. */
      if (mayReport && !reported && set(elements.status, 'incomplete')) reported = 'incomplete';
      /* Also at once: a tab that is killed says nothing more, and without it some systems forget the state. */
      suspends = set(elements.exit, 'suspend');
      begin(get);
      return get('cmi.suspend_data');
    }

    function report(snapshot) {
      const well = progress(snapshot, set);
      const status = snapshot.completed ? 'completed' : 'incomplete';
      if (ended.includes(reported) || reported === status) return well;
      if (!set(elements.status, status)) return false;
      reported = status;
      return well;
    }

    function put(snapshot) {
      const kept = set('cmi.suspend_data', snapshot.data);
      set(elements.place, snapshot.position_s.toFixed(1));
      set(elements.time, time(snapshot.session_s));
      const well = !mayReport || report(snapshot);
      answers(snapshot, set);
      return kept && well;
    }

    function save(snapshot) {
      if (!open) return true;
      const well = put(snapshot);
      return api.did(methods.commit, '') && well;
    }

    function finish(snapshot) {
      if (!open) return;
      put(snapshot);
      if (!suspends) set(elements.exit, 'suspend');
      api.call(methods.commit, '');
      open = false;
      api.call(methods.close, ''); /* whatever Commit said */
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

  lapel.scorm = { createSession, commentLines };
})();
