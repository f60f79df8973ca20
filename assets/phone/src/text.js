/* Words, times and sizes as people read them. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});

  phone.el = (id) => document.getElementById(id);

  /** Return the text of a key with its {placeholders} filled in. */
  phone.text = (key, values) =>
    String(window.LAPEL.strings[key] || key).replace(/\{(\w+)\}/g, (whole, name) =>
      values && name in values ? values[name] : whole
    );

  /** 83.4 -> "1:23". */
  phone.clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const pad = (number) => String(number).padStart(2, '0');
    const minutes = Math.floor(whole / 60) % 60;
    const hours = Math.floor(whole / 3600);
    return hours ? hours + ':' + pad(minutes) + ':' + pad(whole % 60) : minutes + ':' + pad(whole % 60);
  };

  /** 41e9 -> "41 GB", 480e6 -> "480 MB". */
  phone.size = (bytes) =>
    bytes >= 1e10
      ? Math.floor(bytes / 1e9) + ' GB'
      : bytes >= 1e9
        ? (Math.floor(bytes / 1e8) / 10).toFixed(1) + ' GB'
        : Math.floor(bytes / 1e6) + ' MB';

  phone.sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Something that calls whoever listens: on(fn), then tell(...). */
  phone.bell = () => {
    const listeners = [];
    return { on: (listener) => listeners.push(listener), tell: (...values) => listeners.forEach((each) => each(...values)) };
  };
})();
