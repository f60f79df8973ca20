/* Captions: cues from data.js in a real text track, drawn on our own plate so that size and colour can be chosen. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const SIZES = ['small', 'normal', 'large', 'largest'];
  const COLOURS = ['white', 'yellow', 'black', 'blue'];

  /* WebVTT reads & and < as markup. */
  const asVtt = (line) => line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

  function addTrack(video, cues) {
    const track = video.addTextTrack('captions', lapel.text('captions_track'), window.LAPEL.language);
    cues.forEach(([start_s, end_s, lines], index) => {
      const cue = new VTTCue(start_s, end_s, lines.map(asVtt).join('\n'));
      cue.id = String(index);
      track.addCue(cue);
    });
    return track;
  }

  function createCaptions(video) {
    const cues = window.LAPEL.cues;
    const plate = lapel.el('caption-lines');
    const box = lapel.el('caption');
    const button = lapel.el('captions');
    const stage = document.querySelector('.stage');
    if (!cues.length) {
      document.querySelectorAll('[data-needs=cues]').forEach((each) => each.remove());
      return { toggle() {} };
    }
    const track = addTrack(video, cues);
    let on = lapel.preferences.get('captions', true);

    function draw() {
      const lines = Array.from(track.activeCues || [], (cue) => cues[Number(cue.id)][2].join('\n'));
      plate.textContent = lines.join('\n');
      box.hidden = !on || !lines.length;
    }

    function show(shown) {
      on = shown;
      /* The track is really showing, so the system's own full screen and picture in picture have it too;
         on the page the browser's drawing gives way to ours. */
      track.mode = on ? 'showing' : 'hidden';
      button.setAttribute('aria-pressed', String(on));
      draw();
    }

    function own(isOwn) {
      video.classList.toggle('own-captions', isOwn);
    }

    function look(size, colours) {
      SIZES.forEach((each) => stage.classList.toggle('look-' + each, each === size));
      COLOURS.forEach((each) => plate.classList.toggle(each, each === colours));
    }

    function choose(name, values, otherwise) {
      const kept = lapel.preferences.get(name, otherwise);
      const value = values.includes(kept) ? kept : otherwise;
      document.querySelectorAll('input[name=' + name + ']').forEach((input) => {
        input.checked = input.value === value;
        input.addEventListener('change', () => {
          lapel.preferences.set(name, input.value);
          look(lapel.preferences.get('size', 'normal'), lapel.preferences.get('colours', 'white'));
        });
      });
      return value;
    }

    function toggle() {
      show(!on);
      lapel.preferences.set('captions', on);
      lapel.say(lapel.text(on ? 'captions_on' : 'captions_off'));
    }

    own(true);
    video.addEventListener('webkitbeginfullscreen', () => own(false));
    video.addEventListener('webkitendfullscreen', () => own(true));
    video.addEventListener('enterpictureinpicture', () => own(false));
    video.addEventListener('leavepictureinpicture', () => own(true));
    track.addEventListener('cuechange', draw);
    button.addEventListener('click', toggle);
    look(choose('size', SIZES, 'normal'), choose('colours', COLOURS, 'white'));
    show(on);
    return { toggle };
  }

  lapel.createCaptions = createCaptions;
})();
