/* What cmi5 and plain xAPI share: statements of a session in their order, and the small state beside them.
   Nothing that was watched is lost: what the store does not have yet waits in this browser. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const STATE_ID = 'lapel';
  const { statements } = lapel;

  function clone(value) {
    return JSON.parse(JSON.stringify(value || {}));
  }

  /* Add to a context without changing what the system has put there. */
  function joinContext(given, added) {
    const context = { ...added, ...clone(given) };
    context.extensions = { ...added.extensions, ...(given || {}).extensions };
    const ours = added.contextActivities || {};
    const theirs = clone((given || {}).contextActivities);
    context.contextActivities = theirs;
    Object.entries(ours).forEach(([kind, list]) => {
      const there = [].concat(theirs[kind] || []);
      const ids = there.map(({ id }) => id);
      context.contextActivities[kind] = there.concat(list.filter(({ id }) => !ids.includes(id)));
    });
    return context;
  }

  /**
   * @param {object} resource What data.js says.
   * @param {object} launch One way of being launched:
   *   ``here``      whether the page was launched at all
   *   ``endpoint``, ``actor``, ``registration``, ``activity``  who speaks of what, to whom
   *   ``open()``    resolves to what the system says, or null where it refuses: ``auth``, ``context`` (its
   *                 template), ``reports`` (false where nothing may be recorded), ``over`` (the session has
   *                 ended already), ``leaveTo`` (where to go afterwards), ``muted``, ``strict`` (what it
   *                 refuses of an earlier session it will never take)
   *   ``session``   the id of a session that goes on
   *   ``category(name)``  which categories a statement belongs to
   *   ``ended()``   told when the last statement is on its way
   */
  function createRecord(resource, launch) {
    const began_ms = Date.now();
    const session = launch.session || lapel.names.fresh(); /* the id of the first statement is that of the session */
    const place = [launch.registration, launch.activity, JSON.stringify(launch.actor)].join(' ');
    const scope = lapel.names.named(place);
    const door = { endpoint: launch.endpoint, auth: '' };
    const request = lapel.records.createRequest(door);
    const stateQuery = { activityId: launch.activity, agent: JSON.stringify(launch.actor), stateId: STATE_ID };
    if (launch.registration) stateQuery.registration = launch.registration;
    /* One name for ever: a second completed of this registration meets the first, wherever it comes from. */
    const completedId = launch.registration ? lapel.names.named('completed ' + scope) : lapel.names.fresh();
    const mirrorKey = 'lapel:state:' + scope;

    let opened = null;
    let waiting = []; /* said before the system let us in */
    let told = false; /* whether the store has the completion */
    let asked = false; /* whether it is on its way */
    let helped = null;
    let comments = 0;
    let following = null;
    let mute = () => {};
    let before_s = 0; /* spent in earlier sessions of this registration */
    let known = false; /* whether the store has said what it keeps */
    let latest = null;
    let saving = false;
    let tries = 0;
    let timer = 0;
    let ended = false;
    let lost = false;

    const outbox = lapel.records.createOutbox(request, 'lapel:out:' + scope + ':' + session, (ids) => {
      if (!ids.includes(completedId)) return;
      told = true;
      saveState();
    });

    function build(name, { id, at, result, extensions, object, extra = {} }) {
      const activities = { category: launch.category(name) };
      if (object) activities.parent = [statements.video(resource, launch.activity)];
      const context = joinContext(opened.context, {
        revision: String(resource.version),
        language: resource.language,
        ...extra,
        contextActivities: activities,
        extensions: { ...statements.frame({ resource, session }), ...extensions },
      });
      if (launch.registration) context.registration = launch.registration;
      const statement = {
        id: id || lapel.names.fresh(),
        actor: launch.actor,
        verb: statements.verb(name),
        object: object || statements.video(resource, launch.activity),
        context,
        timestamp: at,
      };
      if (result) statement.result = result;
      return statement;
    }

    const mayReport = () => opened && !opened.over;

    function say(name, parts = {}) {
      if (ended) return;
      const said = { at: new Date().toISOString(), ...parts };
      if (!opened) waiting.push([name, said]);
      else if (mayReport() && (opened.reports || name === 'initialized' || name === 'terminated')) {
        outbox.add(build(name, said));
      }
    }

    const spent_s = () => (Date.now() - began_ms) / 1000;

    function sayCompleted() {
      if (told || asked || (opened && !opened.reports)) return;
      asked = true;
      const duration = statements.duration(before_s + spent_s());
      const result = { completion: true, duration, extensions: following ? following.reached() : {} };
      say('completed', { id: completedId, result });
    }

    function sayFeedback(snapshot) {
      if (snapshot.helped !== helped) {
        helped = snapshot.helped;
        say('responded', { result: { response: String(helped) }, object: statements.question(resource) });
      }
      snapshot.comments.slice(comments).forEach(({ at, text }) => {
        say('commented', { result: { response: text, extensions: statements.extended({ time: at / 10 }) } });
      });
      comments = snapshot.comments.length;
    }

    const document_ = () => JSON.stringify({ state: latest, told, spent_s: Math.round(before_s + spent_s()) });

    /* Kept here first, and taken away only when the store has it. */
    async function saveState(last = false) {
      if (!latest || (opened && !opened.reports)) return;
      lapel.records.shelf.write(mirrorKey, document_());
      if (!known || (saving && !last)) return;
      saving = true;
      clearTimeout(timer);
      const sent = latest + told;
      const { status } = await request('PUT', 'activities/state', { query: stateQuery, body: document_(), last: true });
      saving = false;
      if (lapel.records.went(status)) {
        tries = 0;
        if (sent === latest + told) lapel.records.shelf.write(mirrorKey, null);
        else saveState();
      } else if (![401, 403].includes(status) && !ended) {
        timer = setTimeout(saveState, lapel.records.RETRY_MS[Math.min(tries, 3)]);
        tries += 1;
      }
    }

    function readKept(text) {
      try {
        const kept = JSON.parse(text) || {};
        const state = typeof kept.state === 'string' ? kept.state : null;
        return { state, told: kept.told === true, spent_s: Number(kept.spent_s) || 0 };
      } catch (error) {
        return { state: null, told: false, spent_s: 0 };
      }
    }

    /* Ask until somebody answers: without knowing the state, nothing may be put in its place. */
    async function readState() {
      for (let i = 0; ; i += 1) {
        const { status, text } = await request('GET', 'activities/state', { query: stateQuery });
        if (lapel.records.went(status)) return readKept(text);
        if (status === 404) return readKept('');
        if ([401, 403].includes(status)) return null;
        await new Promise((resolve) => {
          const again = setTimeout(resolve, lapel.records.RETRY_MS[Math.min(i, 3)]);
          window.addEventListener('online', () => (clearTimeout(again), resolve()), { once: true });
        });
      }
    }

    /* What earlier sessions of this learner could not say before their page went away. */
    async function sendLeftovers() {
      const start = 'lapel:out:' + scope + ':';
      for (const key of lapel.records.shelf.keys(start)) {
        if (key === start + session || !(await lapel.records.hold(key))) continue;
        const left = lapel.records.createOutbox(request, key, (ids) => {
          if (ids.includes(completedId)) told = true;
        });
        await left.open();
        if (left.isRefused && opened.strict) left.drop();
      }
    }

    async function start() {
      if (!launch.here) return null;
      lapel.records.hold('lapel:out:' + scope + ':' + session);
      const answer = await launch.open();
      lost = !answer;
      if (lost) return null;
      door.auth = answer.auth;
      opened = answer;
      if (answer.muted) mute();
      await sendLeftovers();
      if (mayReport() && !answer.resumed) {
        outbox.add(build('initialized', { id: session, at: new Date(began_ms).toISOString(), extensions: atStart() }));
      }
      waiting.forEach(([name, said]) => {
        if (mayReport() && opened.reports) outbox.add(build(name, said));
      });
      waiting = [];
      outbox.open();
      const kept = await readState();
      if (!kept) {
        lost = true;
        return null;
      }
      const mirror = readKept(lapel.records.shelf.read(mirrorKey));
      told = told || kept.told || mirror.told;
      before_s = Math.max(kept.spent_s, mirror.spent_s);
      known = true;
      const state = lapel.codec.join(kept.state, mirror.state);
      const before = lapel.codec.decode(state);
      if (before) {
        helped = before.helped;
        comments = before.comments.length;
        if (before.version === resource.version) following.remember(before.segments);
      }
      return state;
    }

    let atStart = () => ({});

    function save(snapshot) {
      if (!launch.here) return true;
      latest = snapshot.data;
      if (lost) return saveState(), true;
      sayFeedback(snapshot);
      if (snapshot.completed) sayCompleted();
      saveState();
      return true;
    }

    function finish(snapshot) {
      if (!launch.here || lost || ended) return;
      latest = snapshot.data;
      outbox.close();
      if (following) following.pause();
      if (snapshot.completed) sayCompleted();
      const result = { duration: statements.duration(spent_s()), extensions: following ? following.reached() : {} };
      say('terminated', { result });
      ended = true;
      launch.ended();
      saveState(true);
      outbox.last();
    }

    return {
      start,
      save,
      finish,
      scope,
      follow({ video, player, tracker }) {
        if (!launch.here) return;
        atStart = () => statements.setting({ resource, video, player });
        following = statements.follow({ resource, video, player, tracker, say });
        mute = () => (video.muted = true);
      },
      get keeps() {
        return launch.here && !lost ? 'system' : 'page';
      },
      get connected() {
        return launch.here && !lost;
      },
      get over() {
        return Boolean(opened && opened.over);
      },
      get leaveTo() {
        return (opened && opened.leaveTo) || '';
      },
    };
  }

  /* Old launches write agents as lists (xAPI 0.90): the first of each is meant. */
  function readActor(text) {
    try {
      const given = JSON.parse(text);
      const first = (value) => (Array.isArray(value) ? value[0] : value);
      const actor = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, first(value)]));
      if (actor.objectType !== 'Group') actor.objectType = 'Agent';
      const account = actor.account;
      if (account && account.accountName) {
        actor.account = { homePage: account.accountServiceHomePage, name: account.accountName };
      }
      return actor;
    } catch (error) {
      return null;
    }
  }

  lapel.record = { createRecord, readActor };
})();
