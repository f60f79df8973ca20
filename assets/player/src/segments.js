/* Which parts were watched: sorted, disjoint [from, to] pairs in whole tenths of a second. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  /** Return the list with one more stretch; what touches or overlaps becomes one. */
  function add(list, from, to) {
    if (!(to > from)) return list;
    const result = [];
    let start = from;
    let end = to;
    for (const [a, b] of list) {
      if (b < start || a > end) result.push([a, b]);
      else {
        start = Math.min(start, a);
        end = Math.max(end, b);
      }
    }
    result.push([start, end]);
    return result.sort((one, other) => one[0] - other[0]);
  }

  function union(list, other) {
    return other.reduce((all, [from, to]) => add(all, from, to), list);
  }

  function total(list) {
    return list.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  /** How much of a stretch was watched. */
  function within(list, from, to) {
    return list.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
  }

  lapel.segments = { add, union, total, within };
})();
