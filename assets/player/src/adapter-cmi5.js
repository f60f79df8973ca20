/* cmi5: the launch says where to fetch a token, once; the system's launch data says the rest.
   Clauses: cmi5 specification (Quartz, 1st edition). */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const CATEGORY = 'https://w3id.org/xapi/cmi5/context/categories/';
  const DEFINED = ['initialized', 'completed', 'terminated'];
  const LAUNCH_DATA = 'LMS.LaunchData';
  const PREFERENCES = 'cmi5LearnerPreferences';

  /* What this tab knows of its session, over a reload. */
  function createTab(key) {
    let known = {};
    try {
      known = JSON.parse(window.sessionStorage.getItem(key)) || {};
    } catch (error) {
      known = {};
    }
    return {
      get: () => known,
      set(more) {
        known = { ...known, ...more };
        try {
          window.sessionStorage.setItem(key, JSON.stringify(known));
        } catch (error) {
          /* a reload then ends the session */
        }
      },
    };
  }

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /* 8.2: POST, once. Asked again only while nobody has answered. Null where the system refuses. */
  async function fetchToken(address) {
    for (let i = 0; ; i += 1) {
      let answer = null;
      try {
        answer = await fetch(address, { method: 'POST', cache: 'no-store', referrerPolicy: 'no-referrer' });
      } catch (error) {
        await wait(lapel.records.RETRY_MS[Math.min(i, 3)]);
      }
      if (!answer) continue;
      try {
        return (await answer.json())['auth-token'] || null;
      } catch (error) {
        return null;
      }
    }
  }

  async function read(request, path, query) {
    for (let i = 0; ; i += 1) {
      const { status, text } = await request('GET', path, { query });
      if (status && status < 500 && status !== 429) {
        try {
          return lapel.records.went(status) ? JSON.parse(text) : null;
        } catch (error) {
          return null;
        }
      }
      await wait(lapel.records.RETRY_MS[Math.min(i, 3)]);
    }
  }

  function createAdapter(resource) {
    const query = new URLSearchParams(window.location.search);
    const actor = lapel.record.readActor(query.get('actor'));
    const launch = {
      endpoint: query.get('endpoint') || '',
      registration: query.get('registration') || '',
      activity: query.get('activityId') || '',
    };
    const fetchUrl = query.get('fetch') || '';
    const tab = createTab('lapel:cmi5:' + lapel.names.named(fetchUrl));

    const session = tab.get().session || lapel.names.fresh();

    async function open() {
      /* A reload has the token already; a copy of this tab has it too, but not the session. */
      const before = tab.get();
      const alone = await lapel.records.hold('lapel:cmi5:' + fetchUrl);
      const token = before.token || (await fetchToken(fetchUrl));
      if (!token) return null;
      tab.set({ token });
      const auth = 'Basic ' + token;
      const request = lapel.records.createRequest({ endpoint: launch.endpoint, auth });
      const agent = JSON.stringify(actor);
      const { activity: activityId, registration } = launch;
      const data = await read(request, 'activities/state', { activityId, agent, registration, stateId: LAUNCH_DATA });
      if (!data) return null;
      /* 11: read on every start. Without one the page keeps its own sound. */
      const wishes = (await read(request, 'agents/profile', { agent, profileId: PREFERENCES })) || {};
      const over = Boolean(before.over) || !alone;
      const resumed = Boolean(before.begun);
      if (!over) tab.set({ begun: true, session });
      const leaveTo = /^https?:\/\//i.test(data.returnURL || '') ? data.returnURL : '';
      return {
        auth,
        context: data.contextTemplate,
        reports: (data.launchMode || 'Normal') === 'Normal', /* 10.2.2 */
        over,
        resumed,
        strict: true,
        leaveTo,
        muted: wishes.audioPreference === 'off',
      };
    }

    return lapel.record.createRecord(resource, {
      ...launch,
      session,
      here: Boolean(launch.endpoint && fetchUrl && actor && launch.activity),
      actor: actor || {},
      open,
      /* 9.6.2.1 and 9.6.2.2; what else is said is "cmi5 allowed" (7.1.3) and carries neither. */
      category(name) {
        const ids = lapel.statements.categories(name);
        if (DEFINED.includes(name)) ids.push(CATEGORY + 'cmi5');
        if (name === 'completed') ids.push(CATEGORY + 'moveon');
        return ids.map((id) => ({ id }));
      },
      ended: () => tab.set({ over: true }),
    });
  }

  lapel.createAdapter = createAdapter;
})();
