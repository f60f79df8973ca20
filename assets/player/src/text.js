/* Words and times as people read them, and small things kept in this browser. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const PREFERENCES = 'lapel:preferences';

  lapel.el = (id) => document.getElementById(id);

  /** Return the text of a key with its {placeholders} filled in. */
  lapel.text = (key, values) =>
    String(window.LAPEL.strings[key] || key).replace(/\{(\w+)\}/g, (whole, name) =>
      values && name in values ? values[name] : whole
    );

  /** 83.4 -> "1:23", 3683 -> "1:01:23". */
  lapel.clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds + 0.001));
    const pad = (number) => String(number).padStart(2, '0');
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return hours ? hours + ':' + pad(minutes) + ':' + pad(whole % 60) : minutes + ':' + pad(whole % 60);
  };

  /** Return where `seconds` lies in a sorted list of starts, or -1 before the first. */
  lapel.indexAt = (starts, seconds) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= seconds + 0.05) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  lapel.preferences = (() => {
    let kept = {};
    try {
      kept = JSON.parse(window.localStorage.getItem(PREFERENCES)) || {};
    } catch (error) {
      kept = {}; /* no storage, or not ours: the defaults hold */
    }
    return {
      get: (name, otherwise) => (name in kept ? kept[name] : otherwise),
      set(name, value) {
        kept[name] = value;
        try {
          window.localStorage.setItem(PREFERENCES, JSON.stringify(kept));
        } catch (error) {
          /* it still holds until the page closes */
        }
      },
    };
  })();

  /** Let a screen reader say something that sighted people see anyway. */
  lapel.say = (words) => {
    lapel.el('say').textContent = words;
  };
})();
