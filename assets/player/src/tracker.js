/* One completion rule for every target: unique seconds watched reach the set share.
   Seeking over something is not watching it. An adapter (web, scorm12) keeps what comes of it. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const TENTHS = 10;
  const SAVE_EVERY = 15 * TENTHS; /* of watching */
  const RETRY_MS = [5000, 15000, 60000];

  /**
   * @param {{version: number, duration_s: number, completion: number}} rule ``completion`` is a percentage;
   *   0 means that opening is enough.
   * @param {object} adapter ``start() -> text|null``, ``save(snapshot) -> boolean``, ``finish(snapshot)``.
   */
  function createTracker(rule, adapter) {
    const length = Math.round(rule.duration_s * TENTHS);
    const state = {
      version: rule.version,
      length,
      position: 0,
      segments: [],
      completed: false,
      helped: null,
      comments: [],
    };
    const opened_ms = Date.now();
    const listeners = [];
    const savers = [];
    let unsaved = 0;
    let step = 0;
    let dirty = false;
    let tries = 0;
    let timer = 0;
    let finished = false;
    let started = false;

    /* The last second may be out of reach of a player's clock, so 100 % asks for all but that. */
    const slack = Math.min(TENTHS, Math.round(length / 50));
    const needed = Math.min(Math.ceil((length * rule.completion) / 100), Math.max(0, length - slack));

    const share = () => (length ? Math.min(1, lapel.segments.total(state.segments) / length) : 1);

    function snapshot() {
      return {
        data: lapel.codec.encode(state),
        position_s: state.position / TENTHS,
        share: share(),
        completed: state.completed,
        session_s: Math.max(0, (Date.now() - opened_ms) / 1000),
        helped: state.helped,
        comments: state.comments,
      };
    }

    function save() {
      if (finished) return;
      dirty = true;
      if (!started) return; /* what the system keeps is not known yet, and must not be overwritten */
      clearTimeout(timer);
      const known = snapshot();
      savers.forEach((saver) => saver(known.data));
      if (adapter.save(known)) {
        dirty = false;
        unsaved = 0;
        tries = 0;
        return;
      }
      timer = setTimeout(save, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    }

    function tell() {
      listeners.forEach((listener) => listener(state));
    }

    function judge() {
      if (state.completed || lapel.segments.total(state.segments) < needed) return false;
      state.completed = true;
      return true;
    }

    /** Take in that from_s to to_s was played. */
    function watch(from_s, to_s) {
      const from = Math.max(0, Math.round(from_s * TENTHS));
      const to = Math.min(length, Math.round(to_s * TENTHS));
      state.position = Math.max(0, to);
      if (to <= from) return;
      state.segments = lapel.segments.add(state.segments, from, to);
      dirty = true;
      unsaved += to - from;
      const now = Math.floor((10 * lapel.segments.total(state.segments)) / Math.max(1, length));
      const due = judge() || now > step || unsaved >= SAVE_EVERY;
      step = Math.max(step, now);
      if (due) save();
      tell();
    }

    /* Add what was watched and said elsewhere: before, on another device, in another tab. */
    function absorb(text) {
      const other = lapel.codec.decode(text);
      if (!other) return null;
      if (state.helped === null) state.helped = other.helped;
      const said = state.comments.map(({ at, text: words }) => at + words);
      const news = other.comments.filter(({ at, text: words }) => !said.includes(at + words));
      state.comments = news.concat(state.comments);
      state.completed = state.completed || other.completed;
      /* Another version is another film: what was watched of the old one says nothing of this one. */
      if (other.version !== rule.version) return null;
      const parts = other.segments.map(([from, to]) => [from, Math.min(to, length)]);
      state.segments = lapel.segments.union(state.segments, parts);
      step = Math.max(step, Math.floor((10 * lapel.segments.total(state.segments)) / Math.max(1, length)));
      return other;
    }

    function begin(text) {
      const before = absorb(text);
      if (before && !state.position) state.position = Math.min(before.position, length);
      started = true;
      judge();
      save();
      tell();
    }

    /** Begin where the learner left; returns a promise where the system takes its time to say where that was. */
    function start() {
      const kept = adapter.start();
      if (kept && typeof kept.then === 'function') return kept.then(begin, () => begin(null));
      begin(kept);
      return null;
    }

    lapel.tracker = {
      state,
      start,
      watch,
      /** Take in what another tab has seen. It reaches the learning system with this one's next save. */
      absorb(text) {
        const was = share();
        absorb(text);
        dirty = dirty || share() > was;
        if (judge()) save();
        tell();
      },
      text: () => lapel.codec.encode(state),
      onSave(saver) {
        savers.push(saver);
      },
      share,
      seen: (from_s, to_s) =>
        lapel.segments.within(state.segments, from_s * TENTHS, to_s * TENTHS) / TENTHS / Math.max(0.1, to_s - from_s),
      moveTo(position_s) {
        state.position = Math.min(length, Math.max(0, Math.round(position_s * TENTHS)));
        dirty = true;
      },
      answer(helped) {
        state.helped = helped;
        save();
        tell();
      },
      comment(at_s, text) {
        state.comments = state.comments.concat([{ at: Math.round(at_s * TENTHS), text }]);
        save();
        tell();
      },
      /** Save what is not saved yet: on pause, and when the page is hidden. */
      flush() {
        if (dirty) save();
      },
      /** The page goes away: say everything once more, then goodbye, exactly once. */
      leave() {
        if (finished) return;
        clearTimeout(timer);
        adapter.finish(snapshot());
        finished = true;
      },
      onChange(listener) {
        listeners.push(listener);
      },
    };
    return lapel.tracker;
  }

  lapel.createTracker = createTracker;
})();
