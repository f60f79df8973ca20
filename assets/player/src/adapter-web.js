/* A web page opened by double click: what was watched and said stays in this browser. Where the producer gave an
   address for answers, these are sent there too, kept until they arrived. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  const RETRY_MS = [5000, 15000, 60000];

  function createAdapter(resource) {
    const key = 'lapel:' + resource.id;

    function read() {
      try {
        return window.localStorage.getItem(key);
      } catch (error) {
        return null; /* storage switched off: the page works, it only forgets */
      }
    }

    const { feedback_url: address } = resource;
    let unsent = '';
    let tries = 0;
    let timer = 0;

    /* Plain text and no answer read: an address elsewhere then needs to be no more than one that takes a POST. */
    async function send() {
      clearTimeout(timer);
      const sent = unsent;
      if (!sent) return;
      try {
        await fetch(address, { method: 'POST', mode: 'no-cors', body: sent, keepalive: true, referrerPolicy: 'no-referrer' });
        tries = 0;
        if (unsent === sent) keepUnsent('');
      } catch (error) {
        timer = setTimeout(send, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
        tries += 1;
      }
    }

    function keepUnsent(text) {
      unsent = text;
      try {
        if (text) window.localStorage.setItem(key + ':unsent', text);
        else window.localStorage.removeItem(key + ':unsent');
      } catch (error) {
        /* it is sent all the same while the page is open */
      }
    }

    function sayFeedback({ helped, comments }) {
      const said = JSON.stringify([helped, comments]);
      if (told === null) told = said; /* as it was when the page opened */
      if (said === told) return;
      told = said;
      keepUnsent(JSON.stringify(lapel.said({ helped, comments })));
      send();
    }

    let told = null;
    if (address) {
      try {
        unsent = window.localStorage.getItem(key + ':unsent') || '';
      } catch (error) {
        unsent = '';
      }
      window.addEventListener('online', send);
      send();
    }

    function save(snapshot) {
      if (address) sayFeedback(snapshot);
      try {
        /* Two tabs of one resource: neither may undo what the other has seen. */
        window.localStorage.setItem(key, lapel.codec.join(snapshot.data, read()));
      } catch (error) {
        /* nothing to retry: a full or forbidden storage stays so */
      }
      return true;
    }

    return { start: read, save, finish: save, keeps: address ? 'producer' : 'browser', connected: true };
  }

  lapel.createAdapter = createAdapter;
})();
