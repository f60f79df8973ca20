/* Follow what the laptop wishes, tell it how things are, and never let go of a part. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const { el, link, sender, camera, recorder, health, view } = phone;
  const CLOSE_BYTES = 500e6;
  const STATE_MS = 1000;
  const RETRY_MS = 1000;

  let wish = { take: '', prompt: {} };
  let pressed = ''; /* what the button asked for and the laptop has not heard yet */
  let stoppedHere = ''; /* a take that was stopped on this phone must not start again by itself */
  let following = false;
  let changedMeanwhile = false;

  /* Make what we do what is wished; called whenever either may have changed. */
  async function follow() {
    changedMeanwhile = true;
    if (following) return;
    following = true;
    try {
      while (changedMeanwhile) {
        changedMeanwhile = false;
        await followOnce();
      }
    } finally {
      following = false;
    }
    show();
  }

  async function followOnce() {
    if (wish.take !== stoppedHere) stoppedHere = '';
    const wanted = wish.take && wish.take !== stoppedHere ? wish.take : '';
    if (recorder.running() && recorder.take !== wanted) await recorder.stop();
    else if (!wanted && recorder.take && !recorder.running()) await recorder.stop();
    if (wanted && !recorder.running() && camera.state === 'ready' && !tight()) await recorder.start(wanted);
  }

  const tight = () => health.free_bytes !== null && health.free_bytes < CLOSE_BYTES;

  function show() {
    view.link(link, recorder);
    view.recorder(recorder, camera, pressed === 'start');
    view.sent(sender);
  }

  async function listen() {
    let version = '';
    for (;;) {
      try {
        const answer = await link.wait('wish?after=' + encodeURIComponent(version));
        if (answer.ok) {
          const told = await answer.json();
          version = told.version;
          wish = told.wish;
          view.prompt(wish.prompt);
          sender.wake();
          await follow();
        } else {
          await phone.sleep(RETRY_MS);
        }
      } catch (error) {
        await phone.sleep(RETRY_MS);
      }
    }
  }

  async function report() {
    const asks = pressed;
    const sent_ms = performance.now();
    const answer = await link.post('state', {
      camera: camera.state,
      take: recorder.take,
      recorded_us: Math.round(recorder.recorded_s() * 1e6),
      recorded_bytes: sender.recorded_bytes,
      unsent_bytes: sender.unsent.bytes,
      unsent_parts: sender.unsent.parts,
      battery_percent: health.battery_percent,
      charging: health.charging,
      free_bytes: health.free_bytes,
      asks: asks,
      kind: recorder.type(),
      ...camera.size(),
    });
    if (!answer.ok) return;
    if (pressed === asks) pressed = '';
    link.hearClock((await answer.json()).now_us, sent_ms, performance.now() - sent_ms);
  }

  async function reportAlways() {
    for (;;) {
      try {
        await report();
      } catch (error) {
        /* no link; the sender says so */
      }
      await phone.sleep(STATE_MS);
    }
  }

  async function press() {
    if (recorder.take) {
      stoppedHere = wish.take;
      pressed = 'stop';
      await recorder.stop();
    } else {
      pressed = 'start';
      stoppedHere = '';
    }
    show();
    await report().catch(() => null);
    await follow();
  }

  async function again() {
    if (await camera.open()) await follow();
  }

  function watch() {
    camera.changed.on(() => {
      view.camera(camera);
      show();
    });
    link.changed.on(() => {
      show();
      sender.wake();
    });
    sender.changed.on(() => view.sent(sender));
    recorder.changed.on(show);
    health.changed.on(() => {
      view.health(health);
      if (tight() && recorder.take) {
        stoppedHere = wish.take;
        pressed = 'stop';
        view.note('full');
        recorder.stop('space');
      }
    });
    recorder.failed.on(async (why) => {
      if (why === 'space') {
        stoppedHere = wish.take;
        pressed = 'stop';
        view.note('full');
        return;
      }
      /* A call, another app, the screen that went dark: go on in a new segment, and say so. */
      view.note('new_part', { time: phone.clock(recorder.recorded_s()) });
      await again();
    });
    camera.lost.on(() => {
      if (recorder.running()) recorder.interrupt();
      else again();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && camera.state === 'lost') again();
    });
    window.addEventListener('beforeunload', (event) => {
      if (sender.unsent.parts || recorder.take) event.preventDefault();
    });
    window.addEventListener('online', sender.wake);
    el('video').addEventListener('resize', () => view.size(camera));
    el('video').addEventListener('loadedmetadata', () => view.size(camera));
    el('record').addEventListener('click', press);
    el('switch').addEventListener('click', () => camera.switchSide().then(follow));
    el('grid').addEventListener('click', () => view.grid(el('grid').getAttribute('aria-pressed') !== 'true'));
    el('retry').addEventListener('click', again);
    el('retry-missing').addEventListener('click', again);
    setInterval(show, 250);
  }

  /* Two tabs would end each other's segments: the second waits until the first is closed. */
  function alone() {
    if (!navigator.locks) return null;
    return new Promise((resolve) => {
      const patience = setTimeout(() => view.note('elsewhere'), 1500);
      navigator.locks.request('lapel-phone', () => {
        clearTimeout(patience);
        view.note('');
        resolve();
        return new Promise(() => null);
      });
    });
  }

  async function start() {
    watch();
    view.prompt({});
    view.health(health);
    view.camera(camera);
    show();
    await alone();
    health.start();
    try {
      await recorder.mend();
    } catch (error) {
      view.note('no_store'); /* a private window: nothing would outlive a reload, so nothing is begun */
      return;
    }
    sender.run();
    listen();
    reportAlways();
    phone.preview(el('video'));
    await again();
  }

  start();
})();
