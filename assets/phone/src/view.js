/* Show what is: the page's only hands on its elements. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const LOW_BYTES = 2e9;
  const el = phone.el;
  const view = {};
  let said = '';

  /* Only what changed is written: screen readers and layout are spared the rest. */
  function write(id, words) {
    if (el(id).textContent !== words) el(id).textContent = words;
  }

  view.say = (words) => {
    if (said !== words) write('say', (said = words));
  };

  view.note = (key, values) => {
    el('note').hidden = !key;
    if (key) write('note-words', phone.text(key, values));
    if (key) view.say(phone.text(key, values));
  };

  function steps() {
    const agent = navigator.userAgent;
    const kind = /iPhone|iPad|Macintosh.*Mobile/.test(agent) ? 'ios' : /Android/.test(agent) ? 'android' : 'other';
    const all = [1, 2, 3].map((step) => phone.text('refused_' + kind + '_' + step));
    if (el('steps').children.length === all.length) return;
    el('steps').replaceChildren(
      ...all.map((words) => {
        const item = document.createElement('li');
        item.textContent = words;
        return item;
      })
    );
  }

  view.camera = (camera) => {
    const video = el('video');
    if (video.srcObject !== camera.stream) video.srcObject = camera.stream;
    el('refused').hidden = camera.state !== 'refused';
    el('asking').hidden = camera.state !== 'asking';
    el('missing').hidden = camera.state !== 'lost';
    if (camera.state === 'refused') steps();
    view.size(camera);
  };

  view.size = (camera) => {
    const video = el('video');
    const upright = video.videoHeight > video.videoWidth;
    document.body.classList.toggle('upright', upright && camera.state === 'ready');
    el('size').hidden = !video.videoWidth;
    write('size', video.videoWidth + ' × ' + video.videoHeight);
  };

  view.link = (link, recorder) => {
    const words = link.up ? 'connected' : link.expired ? 'expired' : recorder.take ? 'lost_recording' : 'lost';
    document.body.classList.toggle('offline', !link.up);
    const shown = phone.text(words, { time: phone.clock(recorder.recorded_s()) });
    write('link', shown);
    if (words !== view.linkWas) view.say(shown);
    view.linkWas = words;
  };

  view.recorder = (recorder, camera, pending) => {
    const on = Boolean(recorder.take);
    const time = phone.clock(recorder.recorded_s());
    document.body.classList.toggle('recording', on);
    el('badge').hidden = !on;
    write('time', time);
    const label = phone.text(on ? 'stop' : pending ? 'starting' : 'start');
    if (el('record').getAttribute('aria-label') !== label) el('record').setAttribute('aria-label', label);
    el('record').disabled = camera.state !== 'ready' && !on;
    el('switch').disabled = on || camera.state === 'asking';
  };

  view.prompt = (prompt) => {
    const words = prompt.of ? phone.text('prompt', { n: prompt.number, of: prompt.of, take: prompt.take }) : '';
    write('prompt-place', words);
    write('prompt-text', prompt.text || phone.text('no_prompt'));
  };

  view.health = (health) => {
    const battery = health.battery_percent === null ? phone.text('unknown') : health.battery_percent + ' %';
    const space = health.free_bytes === null ? phone.text('unknown') : phone.size(health.free_bytes);
    const low = health.free_bytes !== null && health.free_bytes < LOW_BYTES;
    write('battery', battery);
    write('space', space);
    document.body.classList.toggle('low-space', low);
    el('low').hidden = !low;
  };

  view.sent = (sender) => {
    const all = sender.recorded_bytes;
    const share = all ? Math.floor((100 * (all - sender.unsent.bytes)) / all) : 100;
    write('sent', share + ' %');
    el('sent-bar').style.width = share + '%';
    write('safe', phone.text(all && !sender.unsent.parts && !phone.recorder.take ? 'all_sent' : 'keeps'));
    el('stuck').hidden = !sender.stuck.size;
  };

  view.grid = (on) => {
    el('grid').setAttribute('aria-pressed', String(on));
    el('lines').toggleAttribute('hidden', !on);
  };

  phone.view = view;
})();
