/* Speak to a record store (xAPI 1.0.3, part three), and keep what it does not have yet until it has it:
   statements go in their order, over reloads and lost networks, each once. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const VERSION = '1.0.3';
  const RETRY_MS = [2000, 5000, 15000, 60000];
  const BATCH_BYTES = 20000;
  const LAST_BYTES = 44000; /* browsers carry 64 KiB in all when a page goes away; the state needs some of it */
  const REFUSED = [401, 403];
  const MOST_KEPT = 2000;

  const memory = {};
  const shelf = {
    read(key) {
      try {
        return window.localStorage.getItem(key);
      } catch (error) {
        return key in memory ? memory[key] : null;
      }
    },
    write(key, text) {
      memory[key] = text;
      try {
        if (text === null) window.localStorage.removeItem(key);
        else window.localStorage.setItem(key, text);
      } catch (error) {
        /* no storage, or full: it still holds until the page closes */
      }
      if (text === null) delete memory[key];
    },
    keys(start) {
      try {
        return Object.keys(window.localStorage).filter((key) => key.startsWith(start));
      } catch (error) {
        return [];
      }
    },
  };

  /**
   * @param {{endpoint: string, auth: string}} door Where the store is, and what opens it.
   * @returns {(method: string, path: string, options?: object) => Promise<{status: number, text: string}>}
   *   Status 0 means that nobody answered.
   */
  function createRequest(door) {
    const endpoint = door.endpoint.endsWith('/') ? door.endpoint : door.endpoint + '/';

    return async function request(method, path, { query = {}, body, type, last = false } = {}) {
      const asked = new URLSearchParams(query).toString();
      const headers = { 'X-Experience-API-Version': VERSION };
      if (door.auth) headers.Authorization = door.auth;
      if (body !== undefined) headers['Content-Type'] = type || 'application/json';
      try {
        const answer = await fetch(endpoint + path + (asked ? '?' + asked : ''), {
          method, headers, body, keepalive: last, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
        });
        return { status: answer.status, text: await answer.text() };
      } catch (error) {
        return { status: 0, text: '' };
      }
    };
  }

  const went = (status) => status >= 200 && status < 300;

  /**
   * The statements of one session that the store does not have yet.
   * @param {Function} request As from createRequest.
   * @param {string} key Where they are kept over a reload.
   * @param {(ids: string[]) => void} onTaken Told which the store has now.
   */
  function createOutbox(request, key, onTaken) {
    let items = [];
    let flying = [];
    let tries = 0;
    let timer = 0;
    let open = false;
    let refused = false;
    let closing = false;

    try {
      items = JSON.parse(shelf.read(key)) || [];
    } catch (error) {
      items = []; /* damaged: nothing can be made of it */
    }

    const keep = () => shelf.write(key, items.length ? JSON.stringify(items.slice(0, MOST_KEPT)) : null);

    function head(most) {
      const batch = [];
      let bytes = 0;
      for (const item of items) {
        bytes += JSON.stringify(item).length * 1.1;
        if (batch.length && bytes > most) break;
        batch.push(item);
      }
      return batch;
    }

    function take(batch) {
      const ids = batch.map(({ id }) => id);
      items = items.filter(({ id }) => !ids.includes(id));
      keep();
      onTaken(ids);
    }

    /* A store that has one of a batch already may refuse the batch (xAPI 1.0.3 part three, 2.1.2): one by one
       then. What it has is delivered; what it will never take is dropped, or it would hold up all that follows. */
    async function oneByOne(batch) {
      for (const item of batch) {
        const { status } = await request('PUT', 'statements', { query: { statementId: item.id }, body: JSON.stringify(item) });
        if (went(status) || [400, 409, 413].includes(status)) take([item]);
        else return status;
      }
      return 204;
    }

    async function send() {
      clearTimeout(timer);
      timer = 0;
      if (!open || refused || flying.length || !items.length) return;
      flying = head(BATCH_BYTES);
      /* Kept alive: were the page to go away now, what follows could overtake it. */
      let { status } = await request('POST', 'statements', { body: JSON.stringify(flying), last: true });
      if (went(status)) take(flying);
      else if ([400, 409, 413].includes(status)) status = await oneByOne(flying);
      flying = [];
      if (went(status)) {
        tries = 0;
        send();
      } else if (REFUSED.includes(status)) refused = true;
      else {
        timer = setTimeout(send, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
        tries += 1;
      }
    }

    window.addEventListener('online', () => {
      tries = 0;
      send();
    });

    return {
      get isEmpty() {
        return !items.length;
      },
      get isRefused() {
        return refused;
      },
      add(statement) {
        if (items.length < MOST_KEPT) items.push(statement);
        keep();
        if (!timer && !closing) send(); /* else the next try takes it along */
      },
      open() {
        open = true;
        return send();
      },
      /** What is added from now on goes together: two requests at once could overtake each other. */
      close() {
        closing = true;
      },
      /** The page goes away: say what there is room for, without waiting for an answer. */
      last() {
        clearTimeout(timer);
        const ids = flying.map(({ id }) => id);
        const rest = head(LAST_BYTES).filter(({ id }) => !ids.includes(id));
        if (open && !refused && rest.length) {
          request('POST', 'statements', { body: JSON.stringify(rest), last: true }).then(({ status }) => {
            if (went(status)) take(rest);
          });
        }
      },
      drop() {
        items = [];
        keep();
      },
    };
  }

  /* Hold a name for as long as this page lives; false while another tab holds it. */
  function hold(name) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      navigator.locks
        .request(name, { ifAvailable: true }, (lock) => {
          resolve(Boolean(lock));
          return lock ? new Promise(() => {}) : undefined;
        })
        .catch(() => resolve(true));
    });
  }

  lapel.records = { shelf, createRequest, createOutbox, hold, went, RETRY_MS };
})();
