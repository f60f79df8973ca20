/* Speak to the laptop; know whether it is there, and what time it has. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const TIMEOUT_MS = 15000;
  const WAIT_MS = 30000;

  const link = {
    up: false,
    expired: false,
    changed: phone.bell(),
    /* Laptop's clock minus ours, in µs, from the quickest answer so far. */
    clock_us: null,
    quickest_ms: Infinity,
  };

  const base = window.location.pathname.replace(/[^/]*$/, '');

  function set(up, expired) {
    if (link.up === up && link.expired === expired) return;
    link.up = up;
    link.expired = expired;
    link.changed.tell();
  }

  /** Return the laptop's answer; throws TypeError or AbortError when there is none. */
  link.ask = async (path, options, timeout_ms) => {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), timeout_ms || TIMEOUT_MS);
    try {
      const answer = await fetch(base + path, {
        ...options,
        headers: { 'X-Lapel': '1', ...((options && options.headers) || {}) },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: aborter.signal,
      });
      set(answer.status !== 404, answer.status === 404);
      return answer;
    } catch (error) {
      set(false, link.expired);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  link.post = (path, value) =>
    link.ask(path, {
      method: 'POST',
      body: JSON.stringify(value),
      headers: { 'Content-Type': 'application/json' },
    });

  link.wait = (path) => link.ask(path, {}, WAIT_MS);

  link.hearClock = (now_us, sent_ms, took_ms) => {
    if (took_ms > link.quickest_ms) return;
    link.quickest_ms = took_ms;
    link.clock_us = Math.round(now_us - (sent_ms + took_ms / 2) * 1000);
  };

  link.laptopTime = () => (link.clock_us === null ? 0 : Math.round(performance.now() * 1000 + link.clock_us));

  phone.link = link;
})();
