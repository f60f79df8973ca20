/* Send parts in order, one at a time; a part leaves the phone only when the laptop says that it is on its disk. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const SLOWEST_MS = 4000;
  const QUICKEST_MS = 250;
  const PATIENCE_MS = 10000;
  const SLOWEST_BYTES_MS = 50; /* a link slower than 400 kbit/s is taken for a dead one */

  const sender = {
    unsent: { parts: 0, bytes: 0 },
    recorded_bytes: 0,
    stuck: new Set(),
    busy: false,
    changed: phone.bell(),
  };
  let woken = null;

  const name = (segment) => segment.take + '/' + segment.segment;
  const path = (segment) => 'takes/' + segment.take + '/' + segment.segment;

  sender.hash = async (data) =>
    Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', data)), (byte) =>
      byte.toString(16).padStart(2, '0')
    ).join('');

  /** There is something new to send, or the link is back. */
  sender.wake = () => {
    if (woken) woken();
  };

  sender.recorded = (bytes) => {
    sender.recorded_bytes += bytes;
    sender.unsent.parts += 1;
    sender.unsent.bytes += bytes;
    sender.changed.tell();
    sender.wake();
  };

  function acknowledged(part) {
    sender.unsent.parts -= 1;
    sender.unsent.bytes -= part.data.byteLength;
    sender.changed.tell();
  }

  /* Returns whether to go on at once. Throws when there is no link. */
  async function sendPart(segment, part) {
    const request = {
      method: 'PUT',
      body: part.data,
      headers: { 'X-Lapel-SHA256': part.sha256, 'Content-Type': 'application/octet-stream' },
    };
    const patience_ms = PATIENCE_MS + part.data.byteLength / SLOWEST_BYTES_MS;
    const answer = await phone.link.ask(path(segment) + '/' + part.seq, request, patience_ms);
    if (answer.status === 200) {
      await phone.store.dropPart(part);
      acknowledged(part);
      return true;
    }
    if (answer.status === 409 || answer.status === 410) sender.stuck.add(name(segment));
    return answer.status === 409 || answer.status === 410;
  }

  async function endSegment(segment) {
    if (segment.parts) {
      const answer = await phone.link.post(path(segment) + '/end', {
        parts: segment.parts,
        length: segment.length,
        started_us: segment.started_us,
        why: segment.why,
      });
      if (answer.status === 409 || answer.status === 410) sender.stuck.add(name(segment));
      if (answer.status !== 200) return sender.stuck.has(name(segment));
    }
    await phone.store.dropSegment(segment);
    return true;
  }

  /* Returns true after doing something, false if the laptop asks for patience, null if there is nothing to do. */
  async function step() {
    for (const segment of await phone.store.segments()) {
      if (!sender.stuck.has(name(segment))) {
        const part = await phone.store.firstPart(segment);
        if (part) return sendPart(segment, part);
        /* Read again: its end may have been written since. */
        const now = (await phone.store.segmentsOf(segment.take)).find((each) => each.segment === segment.segment);
        if (now && now.ended && !(await phone.store.firstPart(now))) return endSegment(now);
      }
    }
    return null;
  }

  function rest(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      woken = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Send for as long as the page lives. */
  sender.run = async () => {
    sender.unsent = await phone.store.unsent();
    sender.recorded_bytes = Math.max(sender.recorded_bytes, sender.unsent.bytes);
    sender.changed.tell();
    let pause_ms = QUICKEST_MS;
    for (;;) {
      let went = false;
      try {
        sender.busy = true;
        went = await step();
      } catch (error) {
        went = false; /* no link: everything is still here */
      }
      sender.busy = false;
      if (went) {
        pause_ms = QUICKEST_MS;
      } else if (went === null) {
        await rest(1000);
      } else {
        await phone.sleep(pause_ms);
        pause_ms = Math.min(SLOWEST_MS, pause_ms * 2);
      }
    }
  };

  phone.sender = sender;
})();
