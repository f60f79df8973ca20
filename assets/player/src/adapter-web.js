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

    function save(snapshot) {
      try {
        /* Two tabs of one resource: neither may undo what the other has seen. */
        window.localStorage.setItem(key, lapel.codec.join(snapshot.data, read()));
      } catch (error) {
        /* nothing to retry: a full or forbidden storage stays so */
      }
      return true;
    }

    return { start: read, save, finish: save, keeps: 'browser', connected: true };
  }

  lapel.createAdapter = createAdapter;
})();
