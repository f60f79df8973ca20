/* A web page opened by double click: what was watched and said stays in this browser. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  function createAdapter(resource) {
    const key = 'lapel:' + resource.id;

    function read() {
      try {
        return window.localStorage.getItem(key);
      } catch (error) {
        return null; /* storage switched off: the page works, it only forgets */
      }
    }

    /* Two tabs of one resource: neither may undo what the other has seen. */
    function merged(data) {
      const stored = lapel.codec.decode(read());
      const own = lapel.codec.decode(data);
      if (!stored || !own) return data;
      own.completed = own.completed || stored.completed;
      own.length = Math.round(resource.duration_s * 10);
      if (stored.version === own.version) own.segments = lapel.segments.union(own.segments, stored.segments);
      return lapel.codec.encode(own);
    }

    function save(snapshot) {
      try {
        window.localStorage.setItem(key, merged(snapshot.data));
      } catch (error) {
        /* nothing to retry: a full or forbidden storage stays so */
      }
      return true;
    }

    return { start: read, save, finish: save, keeps: 'browser', connected: true };
  }

  lapel.createAdapter = createAdapter;
})();
