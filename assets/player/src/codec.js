/* The state a learner comes back to, as one short ASCII text that every learning system keeps.
   SCORM 1.2 promises 4,096 characters and no more, so every target uses no more than that. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const FORMAT = '1';
  const LIMIT = 4096;
  const SEGMENTS_LIMIT = 2700;
  const COMMENT_LIMIT = 600;
  const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  /* A number is 5 bits a sign, lowest first; the sixth bit says that more follow. */
  function writeNumber(number) {
    let text = '';
    let rest = Math.max(0, Math.round(number));
    do {
      const bits = rest % 32;
      rest = Math.floor(rest / 32);
      text += SIGNS[bits + (rest ? 32 : 0)];
    } while (rest);
    return text;
  }

  function readNumbers(text) {
    const numbers = [];
    let number = 0;
    let scale = 1;
    for (const sign of text) {
      const bits = SIGNS.indexOf(sign);
      if (bits < 0) return [];
      number += (bits % 32) * scale;
      scale *= 32;
      if (bits < 32) {
        numbers.push(number);
        number = 0;
        scale = 1;
      }
    }
    return numbers;
  }

  function writePairs(list) {
    let last = 0;
    let text = 'L';
    for (const [from, to] of list) {
      text += writeNumber(from - last) + writeNumber(to - from);
      last = to;
    }
    return text;
  }

  function readPairs(text) {
    const numbers = readNumbers(text);
    let list = [];
    let at = 0;
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      const from = at + numbers[i];
      at = from + numbers[i + 1];
      list = lapel.segments.add(list, from, at);
    }
    return list;
  }

  /* Too many pieces for pairs: one bit a cell, set only where all of the cell was watched, so that
     coarsening can never turn skipped into watched. */
  function writeCells(list, length) {
    const end = list.length ? Math.max(length, list[list.length - 1][1]) : length;
    const cell = Math.max(1, Math.ceil(end / (6 * (SEGMENTS_LIMIT - 20))));
    const cells = Math.ceil(end / cell);
    const bits = new Uint8Array(cells);
    for (const [from, to] of list) {
      const last = to >= end ? cells : Math.floor(to / cell);
      for (let i = Math.ceil(from / cell); i < last; i += 1) bits[i] = 1;
    }
    let text = '';
    for (let i = 0; i < cells; i += 6) {
      let six = 0;
      for (let j = 0; j < 6; j += 1) six = six * 2 + (bits[i + j] || 0);
      text += SIGNS[six];
    }
    return 'B' + writeNumber(cell) + '*' + writeNumber(end) + '*' + text;
  }

  function readCells(text) {
    const parts = text.split('*');
    const cell = readNumbers(parts[0])[0];
    const end = readNumbers(parts[1] || '')[0];
    if (!cell || !end || !parts[2]) return [];
    const list = [];
    let i = 0;
    for (const sign of parts[2]) {
      const six = SIGNS.indexOf(sign);
      if (six < 0) return [];
      for (let j = 5; j >= 0; j -= 1, i += 1) {
        if (!((six >> j) & 1)) continue;
        const from = i * cell;
        const to = Math.min(end, from + cell);
        if (list.length && list[list.length - 1][1] === from) list[list.length - 1][1] = to;
        else if (to > from) list.push([from, to]);
      }
    }
    return list;
  }

  function writeSegments(list, length) {
    const pairs = writePairs(list);
    return pairs.length <= SEGMENTS_LIMIT ? pairs : writeCells(list, length);
  }

  function readSegments(text) {
    if (text[0] === 'L') return readPairs(text.slice(1));
    return text[0] === 'B' ? readCells(text.slice(1)) : [];
  }

  function writeText(text) {
    let bytes = '';
    for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
    return btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function readText(text) {
    const bytes = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0)));
  }

  /* The newest comments that fit, the newest of all shortened if it must be; the full text goes to the
     learning system's own comment field. */
  function writeComments(comments, room) {
    let text = '';
    for (let i = comments.length - 1; i >= 0; i -= 1) {
      let said = Array.from(comments[i].text).slice(0, COMMENT_LIMIT);
      let one = writeComment(comments[i].at, said);
      while (!text && one.length > room && said.length) {
        said = said.slice(0, Math.floor(said.length * 0.8));
        one = writeComment(comments[i].at, said);
      }
      if (text.length + one.length > room) break;
      text = one + text;
    }
    return text;
  }

  function writeComment(at, signs) {
    return '!' + writeNumber(at) + '*' + writeText(signs.join(''));
  }

  function readComments(text) {
    return text
      .split('!')
      .filter(Boolean)
      .map((one) => {
        const [at, said] = one.split('*');
        return { at: readNumbers(at)[0] || 0, text: readText(said || '') };
      });
  }

  /**
   * Return the state as text of at most 4,096 characters.
   * @param {{version: number, length: number, position: number, segments: number[][], completed: boolean,
   *   helped: (boolean|null), comments: {at: number, text: string}[]}} state Times in tenths of a second.
   */
  function encode(state) {
    const helped = state.helped === null ? '' : state.helped ? 'y' : 'n';
    const head = [
      FORMAT,
      writeNumber(state.version),
      writeNumber(state.position),
      (state.completed ? 'c' : 'i') + helped,
      writeSegments(state.segments, state.length),
    ].join('.');
    return head + '.' + writeComments(state.comments, LIMIT - head.length - 1);
  }

  /** Return the state in a text, or null where it is not one of ours. */
  function decode(text) {
    const parts = String(text || '').split('.');
    if (parts.length !== 6 || parts[0] !== FORMAT) return null;
    try {
      return {
        version: readNumbers(parts[1])[0] || 0,
        position: readNumbers(parts[2])[0] || 0,
        completed: parts[3][0] === 'c',
        helped: parts[3][1] === 'y' ? true : parts[3][1] === 'n' ? false : null,
        segments: readSegments(parts[4]),
        comments: readComments(parts[5]),
      };
    } catch (error) {
      return null; /* damaged by the learning system: start afresh rather than not at all */
    }
  }

  /** Return one state out of two, neither of which undoes what the other has seen; the first one's place. */
  function join(text, other) {
    const own = decode(text);
    const theirs = decode(other);
    if (!own || !theirs) return own ? text : other;
    if (theirs.version > own.version) return join(other, text);
    own.completed = own.completed || theirs.completed;
    if (own.helped === null) own.helped = theirs.helped;
    const said = own.comments.map(({ at, text: words }) => at + words);
    own.comments = theirs.comments.filter(({ at, text: words }) => !said.includes(at + words)).concat(own.comments);
    if (theirs.version === own.version) own.segments = lapel.segments.union(own.segments, theirs.segments);
    own.length = own.segments.reduce((most, [, to]) => Math.max(most, to), own.position);
    return encode(own);
  }

  lapel.codec = { LIMIT, encode, decode, join };
})();
