/* What both editions of SCORM share: finding the learning system's API object, and asking it carefully. */
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

  lapel.scorm = { connect, commentLines };
})();
