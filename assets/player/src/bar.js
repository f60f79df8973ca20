/* The bar below the picture: progress cut at chapters, play, back, time, speed, sound, full screen. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const GAP_PX = 3;
  const CROWDED = 40; /* chapters: gaps would eat the bar */
  const BACK_S = 10;

  function createSegments(starts, duration_s) {
    const holder = lapel.el('segments');
    const bounds = starts.length ? starts.concat([duration_s]) : [0, duration_s];
    const gap = bounds.length > CROWDED ? 1 : GAP_PX;
    return bounds.slice(0, -1).map((from, index) => {
      const to = bounds[index + 1];
      const piece = holder.appendChild(document.createElement('b'));
      const share = (100 * (to - from)) / duration_s;
      piece.style.left = (100 * from) / duration_s + '%';
      piece.style.width = 'calc(' + share + '% - ' + (index < bounds.length - 2 ? gap : 0) + 'px)';
      return { from, to, share: -1, fill: piece.appendChild(document.createElement('i')) };
    });
  }

  function fillTo(piece, now) {
    const share = Math.min(1, Math.max(0, (now - piece.from) / Math.max(0.001, piece.to - piece.from)));
    if (share === piece.share) return;
    piece.share = share;
    piece.fill.style.transform = 'scaleX(' + share.toFixed(4) + ')';
  }

  function createBar(player, video) {
    const { chapters, duration_s } = window.LAPEL;
    const starts = chapters.map(([start_s]) => start_s);
    const pieces = createSegments(starts, duration_s);
    const seek = lapel.el('seek');
    const hint = lapel.el('hint');
    const root = document.documentElement;

    const chapterAt = (seconds) => (chapters[lapel.indexAt(starts, seconds)] || [0, ''])[1];

    function describe(seconds) {
      return lapel.text('position_value', {
        now: lapel.clock(seconds),
        length: lapel.clock(duration_s),
        chapter: chapterAt(seconds),
      });
    }

    function draw() {
      const now = Math.min(video.currentTime, duration_s);
      if (document.activeElement !== seek || !seek.matches(':active')) seek.value = now;
      pieces.forEach((piece) => fillTo(piece, now));
      const words = lapel.clock(now);
      if (lapel.el('now').textContent === words) return;
      lapel.el('now').textContent = words;
      lapel.el('chapter-now').textContent = chapterAt(now);
      seek.setAttribute('aria-valuetext', describe(now));
    }

    function tick() {
      draw();
      if (!video.paused) window.requestAnimationFrame(tick);
    }

    function showPlaying() {
      const playing = !video.paused && !video.ended;
      root.classList.toggle('is-playing', playing);
      lapel.el('play').setAttribute('aria-label', lapel.text(playing ? 'pause' : 'play'));
      tick();
    }

    function showSound() {
      const silent = video.muted || video.volume === 0;
      root.classList.toggle('is-muted', silent);
      lapel.el('sound').setAttribute('aria-label', lapel.text(silent ? 'sound_off' : 'sound'));
      lapel.el('mute').checked = video.muted;
      lapel.el('volume').value = Math.round(video.volume * 100);
    }

    function showSpeed() {
      const rate = video.playbackRate;
      lapel.el('speed-now').textContent = rate + '×';
      lapel.el('speed').setAttribute('aria-label', lapel.text('speed_value', { rate }));
      document.querySelectorAll('input[name=speed]').forEach((each) => {
        each.checked = Number(each.value) === rate;
      });
    }

    function showFull() {
      const full = player.isFullscreen() || player.isFullWindow;
      root.classList.toggle('is-full', Boolean(full));
      lapel.el('full').setAttribute('aria-label', lapel.text(full ? 'full_end' : 'full'));
    }

    function point(event) {
      const box = seek.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left - 8) / (box.width - 16)));
      hint.textContent = [lapel.clock(share * duration_s), chapterAt(share * duration_s)].filter(Boolean).join('  ');
      hint.style.left = event.clientX - box.left + 8 + 'px';
      hint.hidden = false;
    }

    const actions = {
      toggle: () => (video.paused ? lapel.play() : video.pause()),
      seekTo(seconds) {
        video.currentTime = Math.min(Math.max(0, seconds), Math.max(0, duration_s - 0.1));
        draw();
      },
      back: () => actions.seekTo(video.currentTime - BACK_S),
      faster(steps) {
        const rates = Array.from(document.querySelectorAll('input[name=speed]'), (each) => Number(each.value));
        const at = rates.indexOf(video.playbackRate) + steps;
        if (rates[at]) video.playbackRate = rates[at];
      },
      mute() {
        video.muted = !video.muted;
      },
      full() {
        if (player.isFullscreen() || player.isFullWindow) player.exitFullscreen();
        else player.requestFullscreen();
      },
    };

    lapel.el('play').addEventListener('click', actions.toggle);
    lapel.el('back').addEventListener('click', actions.back);
    lapel.el('full').addEventListener('click', actions.full);
    video.addEventListener('click', actions.toggle);
    seek.addEventListener('input', () => actions.seekTo(Number(seek.value)));
    seek.addEventListener('pointermove', point);
    seek.addEventListener('pointerleave', () => (hint.hidden = true));
    document.querySelectorAll('input[name=speed]').forEach((each) =>
      each.addEventListener('change', () => (video.playbackRate = Number(each.value)))
    );
    lapel.el('volume').addEventListener('input', (event) => {
      video.volume = Number(event.target.value) / 100;
      video.muted = false;
    });
    lapel.el('mute').addEventListener('change', (event) => (video.muted = event.target.checked));
    ['play', 'playing', 'pause', 'ended'].forEach((name) => video.addEventListener(name, showPlaying));
    ['timeupdate', 'seeked', 'seeking', 'loadedmetadata'].forEach((name) => video.addEventListener(name, draw));
    video.addEventListener('volumechange', showSound);
    video.addEventListener('ratechange', showSpeed);
    player.on('fullscreenchange', showFull);
    player.on(['enterFullWindow', 'exitFullWindow'], showFull);
    showSound();
    showSpeed();
    draw();
    lapel.el('chapter-now').textContent = chapterAt(0);
    seek.setAttribute('aria-valuetext', describe(0));
    return actions;
  }

  lapel.createBar = createBar;
})();
