/* Chapters with their ticks, and the transcript: follows the video, seeks on click, can be searched. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const WATCHED = 0.95; /* a chapter's tick forgives a clipped edge */
  const MOST_MARKED = 200; /* hits before and after the current one: thousands of marks would stall typing */
  const REST_MS = 6000; /* after the reader scrolls, leave the list alone for so long */

  const startsOf = (rows) => rows.map((row) => Number(row.dataset.start));

  function setCurrent(rows, index, was) {
    if (rows[was]) rows[was].removeAttribute('aria-current');
    if (rows[index]) rows[index].setAttribute('aria-current', 'true');
  }

  function scrollTo(row) {
    const list = row.closest('.part').querySelector('.rows');
    const holder = list.scrollHeight > list.clientHeight + 1 ? list : row.closest('.part');
    const box = row.getBoundingClientRect();
    const view = holder.getBoundingClientRect();
    const above = box.top - view.top;
    if (above >= 0 && box.bottom <= view.bottom) return;
    holder.scrollTop += above - Math.max(0, (view.height - box.height) / 3);
  }

  function createChapters(bar) {
    const rows = Array.from(document.querySelectorAll('.chapter'));
    const starts = startsOf(rows);
    const ends = starts.slice(1).concat([window.LAPEL.duration_s]);
    let shown = -2;

    rows.forEach((row, index) =>
      row.addEventListener('click', () => {
        bar.seekTo(starts[index]);
        lapel.play();
      })
    );
    return {
      follow(seconds) {
        const index = lapel.indexAt(starts, seconds);
        if (index === shown) return;
        setCurrent(rows, index, shown);
        shown = index;
        if (rows[index]) scrollTo(rows[index]);
      },
      tick(tracker) {
        rows.forEach((row, index) =>
          row.classList.toggle('is-watched', tracker.seen(starts[index], ends[index]) >= WATCHED)
        );
      },
    };
  }

  /* Wrap what matches in <mark>, by text nodes only: the transcript is somebody else's text. */
  function highlight(holder, text, pattern) {
    let last = 0;
    holder.textContent = '';
    for (const match of pattern ? text.matchAll(pattern) : []) {
      const found = document.createElement('mark');
      found.textContent = match[0];
      holder.append(text.slice(last, match.index), found);
      last = match.index + match[0].length;
    }
    holder.append(text.slice(last));
  }

  function patternOf(words) {
    const plain = words.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
    return plain ? new RegExp(plain, 'giu') : null;
  }

  function createSearch(rows, leaveAlone) {
    const field = lapel.el('find');
    const count = lapel.el('found');
    const said = rows.map((row) => row.querySelector('.said'));
    const texts = said.map((each) => each.textContent);
    let pattern = null;
    let hits = []; /* of each hit its row, and which hit in that row it is */
    let marked = new Set();
    let current = 0;

    function mark() {
      const near = hits.slice(Math.max(0, current - MOST_MARKED), current + MOST_MARKED);
      const wanted = new Set(near.map(({ row }) => row));
      for (const row of marked) if (!wanted.has(row)) highlight(said[row], texts[row], null);
      for (const row of wanted) highlight(said[row], texts[row], pattern);
      marked = wanted;
    }

    function show() {
      const key = hits.length ? 'found' : 'not_found';
      count.textContent = pattern ? lapel.text(key, { n: current + 1, total: hits.length }) : '';
      mark();
      if (!hits.length) return;
      leaveAlone();
      const { row, nth } = hits[current];
      said[row].querySelectorAll('mark')[nth].classList.add('current');
      scrollTo(rows[row]);
    }

    function search() {
      pattern = patternOf(field.value);
      hits = [];
      current = 0;
      if (pattern) {
        texts.forEach((text, row) => {
          const total = (text.match(pattern) || []).length;
          for (let nth = 0; nth < total; nth += 1) hits.push({ row, nth });
        });
      }
      show();
    }

    field.addEventListener('input', search);
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && field.value) {
        field.value = '';
        search();
      } else if (event.key === 'Enter' && hits.length) {
        event.preventDefault();
        current = (current + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
        show();
      }
    });
    return field;
  }

  function createTranscript(bar) {
    const rows = Array.from(document.querySelectorAll('.line'));
    if (!rows.length) return { follow() {}, search() {} };
    const starts = startsOf(rows);
    const list = lapel.el('lines');
    let shown = -2;
    let rest_until = 0;
    let tabStop = rows[0];

    const leaveAlone = () => (rest_until = Date.now() + REST_MS);
    const field = createSearch(rows, leaveAlone);

    function stopAt(row) {
      tabStop.tabIndex = -1;
      row.tabIndex = 0;
      tabStop = row;
    }

    /* One tab stop for the whole list; the arrow keys go from line to line. */
    function move(event) {
      const at = rows.indexOf(document.activeElement);
      const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (at < 0 || target === undefined || !rows[target]) return;
      event.preventDefault();
      leaveAlone();
      stopAt(rows[target]);
      rows[target].focus();
    }

    stopAt(rows[0]);
    list.addEventListener('keydown', move);
    ['wheel', 'touchmove', 'pointerdown'].forEach((name) =>
      list.addEventListener(name, leaveAlone, { passive: true })
    );
    rows.forEach((row, index) =>
      row.addEventListener('click', () => {
        stopAt(row);
        bar.seekTo(starts[index]);
        lapel.play();
      })
    );
    return {
      follow(seconds) {
        const index = lapel.indexAt(starts, seconds);
        if (index === shown) return;
        setCurrent(rows, index, shown);
        shown = index;
        const reading = list.querySelector(':focus-visible');
        if (!rows[index] || reading) return;
        stopAt(rows[index]);
        if (Date.now() > rest_until) scrollTo(rows[index]);
      },
      search() {
        field.focus();
        field.select();
      },
    };
  }

  lapel.createChapters = createChapters;
  lapel.createTranscript = createTranscript;
})();
