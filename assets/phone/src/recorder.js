/* Record: each piece goes into the store before anything else happens to it. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const PIECE_MS = 1000;
  const VIDEO_BITS = 8e6;
  const AUDIO_BITS = 128e3;
  const TYPES = [
    'video/mp4;codecs=avc1.640028,mp4a.40.2',
    'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
    'video/mp4;codecs=avc1.640028,opus',
    'video/mp4;codecs=avc1.42E01E,opus',
    'video/mp4',
    'video/webm;codecs=h264,opus',
    'video/webm;codecs=vp8,opus',
    'video/webm;codecs=vp9,opus',
    'video/webm',
  ];

  const recorder = { take: '', segment: 0, before_s: 0, started_ms: 0, changed: phone.bell(), failed: phone.bell() };
  let current = null;

  recorder.type = () => TYPES.find((type) => window.MediaRecorder && MediaRecorder.isTypeSupported(type)) || '';

  recorder.recorded_s = () =>
    recorder.take ? recorder.before_s + (recorder.started_ms ? (performance.now() - recorder.started_ms) / 1000 : 0) : 0;

  /* The next number that neither this phone nor the laptop has used in this take. */
  async function nextNumber(take) {
    const used = (await phone.store.segmentsOf(take)).map((each) => each.segment);
    try {
      const answer = await phone.link.ask('takes/' + take);
      if (answer.ok) (await answer.json()).segments.forEach((each) => used.push(each.segment));
    } catch (error) {
      /* no link: what is here must do */
    }
    return Math.max(0, ...used) + 1;
  }

  async function keep(segment, blob) {
    const whole = await blob.arrayBuffer();
    for (let at = 0; at < whole.byteLength; at += window.LAPEL.most_part_bytes) {
      const data = whole.slice(at, at + window.LAPEL.most_part_bytes);
      const part = {
        take: segment.take,
        segment: segment.segment,
        seq: segment.parts,
        data: data,
        sha256: await phone.sender.hash(data),
      };
      segment.parts += 1;
      segment.length += data.byteLength;
      try {
        await phone.store.addPart(part, segment);
      } catch (error) {
        /* The store is full: a hole would make the rest worthless, so the segment ends before it. */
        segment.parts -= 1;
        segment.length -= data.byteLength;
        throw error;
      }
      phone.sender.recorded(data.byteLength);
    }
  }

  /** Begin a take, or a further segment of it. */
  recorder.start = async (take) => {
    const stream = phone.camera.stream;
    if (current || !stream) return;
    const mine = (current = { why: 'stopped', media: null });
    recorder.before_s = recorder.take === take ? recorder.recorded_s() : 0;
    recorder.take = take;
    recorder.started_ms = 0;
    const segment = { take: take, segment: await nextNumber(take), parts: 0, length: 0, started_us: 0, ended: false, why: '' };
    if (current !== mine) return;
    let queue = phone.store.putSegment(segment);
    let full = false;
    const media = new MediaRecorder(stream, {
      mimeType: recorder.type(),
      videoBitsPerSecond: VIDEO_BITS,
      audioBitsPerSecond: AUDIO_BITS,
      videoKeyFrameIntervalDuration: window.LAPEL.key_frame_ms,
    });
    mine.media = media;
    media.addEventListener('start', () => {
      segment.started_us = phone.link.laptopTime();
      recorder.started_ms = performance.now();
      recorder.segment = segment.segment;
      recorder.changed.tell();
    });
    media.addEventListener('dataavailable', (event) => {
      if (!event.data.size) return;
      queue = queue
        .then(() => (full ? null : keep(segment, event.data)))
        .catch(() => {
          full = true;
          mine.why = 'space';
          mine.stopping = true;
          recorder.failed.tell('space');
          if (media.state !== 'inactive') media.stop();
        });
    });
    media.addEventListener('error', () => (mine.why = 'track_ended'));
    media.addEventListener('stop', () => {
      const ours = mine.stopping;
      if (current === mine) current = null;
      recorder.before_s = recorder.recorded_s();
      recorder.started_ms = 0;
      if (ours) recorder.take = '';
      recorder.changed.tell();
      queue = queue
        .then(() => phone.store.putSegment({ ...segment, ended: true, why: ours ? mine.why : 'track_ended' }))
        .catch(() => null)
        .then(() => {
          phone.sender.wake();
          mine.done();
          if (!ours) recorder.failed.tell('track_ended', take);
        });
    });
    mine.finished = new Promise((resolve) => (mine.done = resolve));
    if (mine.stopping) {
      mine.done();
      current = null;
      recorder.take = '';
      await phone.store.dropSegment(segment);
      recorder.changed.tell();
      return;
    }
    media.start(PIECE_MS);
  };

  /** End the take; resolves when its last part is stored. */
  recorder.stop = async (why) => {
    const mine = current;
    if (!mine) {
      recorder.take = '';
      recorder.changed.tell();
      return;
    }
    mine.stopping = true;
    mine.why = why || mine.why;
    if (mine.media && mine.media.state !== 'inactive') mine.media.stop();
    if (mine.finished) await mine.finished;
  };

  /** The camera went away: end the segment, so that the next can begin when it is back. */
  recorder.interrupt = () => {
    if (current && current.media && current.media.state !== 'inactive') current.media.stop();
  };

  /** Close what a killed browser left open. */
  recorder.mend = async () => {
    for (const segment of await phone.store.segments()) {
      if (!segment.ended) await phone.store.putSegment({ ...segment, ended: true, why: 'interrupted' });
    }
  };

  recorder.running = () => Boolean(current);

  phone.recorder = recorder;
})();
