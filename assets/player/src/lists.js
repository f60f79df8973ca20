/* Chapters with their ticks, and the transcript: follows the video, seeks on click, can be searched. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const WATCHED = 0.95; /* a chapter's tick forgives a clipped edge */
  const REST_MS = 6000; /* after the reader scrolls, leave the list alone for so long */

  const startsOf = (rows) => rows.map((row) => Number(row.dataset.start));

  function mark(rows, index) {
    rows.forEach((row, at) => {
      if (at === index) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    });
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
        shown = index;
        mark(rows, index);
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
    const marks = [];
    let last = 0;
    holder.textContent = '';
    if (pattern) {
      for (const match of text.matchAll(pattern)) {
        holder.append(text.slice(last, match.index));
        const found = document.createElement('mark');
        found.textContent = match[0];
        holder.append(found);
        marks.push(found);
        last = match.index + match[0].length;
      }
    }
    holder.append(text.slice(last));
    return marks;
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
    let marks = [];
    let current = 0;

    function show(from) {
      marks.forEach((each, index) => each.classList.toggle('current', index === current));
      const words = { n: current + 1, total: marks.length };
      count.textContent = !field.value.trim() ? '' : lapel.text(marks.length ? 'found' : 'not_found', words);
      if (!marks.length) return;
      leaveAlone();
      if (from) scrollTo(marks[current].closest('.row'));
    }

    function search(now_s) {
      const pattern = patternOf(field.value);
      marks = [];
      let next = -1;
      said.forEach((each, index) => {
        const found = highlight(each, texts[index], pattern);
        if (found.length && next < 0 && Number(rows[index].dataset.start) + 0.05 >= now_s) next = marks.length;
        marks.push(...found);
      });
      current = Math.max(0, next);
      show(true);
    }

    field.addEventListener('input', () => search(0));
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && field.value) {
        field.value = '';
        search(0);
      } else if (event.key === 'Enter' && marks.length) {
        event.preventDefault();
        current = (current + (event.shiftKey ? marks.length - 1 : 1)) % marks.length;
        show(true);
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
        shown = index;
        mark(rows, index);
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
