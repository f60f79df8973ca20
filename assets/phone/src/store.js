/* Keep every part on the phone until the laptop has it: IndexedDB outlives a reload, a crash, a flat battery. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const NAME = 'lapel';
  let opened = null;

  function open() {
    opened =
      opened ||
      new Promise((resolve, reject) => {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => {
          request.result.createObjectStore('parts', { keyPath: ['take', 'segment', 'seq'] });
          request.result.createObjectStore('segments', { keyPath: ['take', 'segment'] });
        };
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    return opened;
  }

  /* Run `act` in one transaction; resolves when what it wrote is on the phone's disk. */
  async function transact(names, mode, act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode, { durability: 'strict' });
      let result;
      transaction.oncomplete = () => resolve(result && 'result' in result ? result.result : undefined);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      result = act(...names.map((name) => transaction.objectStore(name)));
    });
  }

  const ofSegment = (segment) =>
    IDBKeyRange.bound([segment.take, segment.segment, 0], [segment.take, segment.segment, Infinity]);

  phone.store = {
    segments: () => transact(['segments'], 'readonly', (segments) => segments.getAll()),
    segmentsOf: (take) =>
      transact(['segments'], 'readonly', (segments) => segments.getAll(IDBKeyRange.bound([take, 0], [take, Infinity]))),
    putSegment: (segment) => transact(['segments'], 'readwrite', (segments) => segments.put(segment)),
    dropSegment: (segment) =>
      transact(['segments', 'parts'], 'readwrite', (segments, parts) => {
        parts.delete(ofSegment(segment));
        segments.delete([segment.take, segment.segment]);
      }),
    /** A part and the segment that counts it, both or neither. */
    addPart: (part, segment) =>
      transact(['parts', 'segments'], 'readwrite', (parts, segments) => {
        parts.put(part);
        segments.put(segment);
      }),
    firstPart: (segment) =>
      transact(['parts'], 'readonly', (parts) => parts.getAll(ofSegment(segment), 1)).then((found) => found[0]),
    dropPart: (part) => transact(['parts'], 'readwrite', (parts) => parts.delete([part.take, part.segment, part.seq])),
    /** Return {parts, bytes} of everything that the laptop does not have. */
    async unsent() {
      const total = { parts: 0, bytes: 0 };
      const database = await open();
      await new Promise((resolve, reject) => {
        const request = database.transaction('parts').objectStore('parts').openCursor();
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor) return resolve();
          total.parts += 1;
          total.bytes += cursor.value.data.byteLength;
          return cursor.continue();
        };
        request.onerror = () => reject(request.error);
      });
      return total;
    },
  };
})();
