/* Put the page together: video.js plays, the tracker watches, the lists follow. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const SLACK_S = 0.5; /* how much more may have played than the wall clock says, at speed 1 */

  function createPlayer() {
    const player = window.videojs(document.querySelector('.stage video'), {
      controls: false,
      children: ['mediaLoader'],
      html5: { nativeTextTracks: true },
      preferFullWindow: true,
      inactivityTimeout: 2500,
      userActions: { hotkeys: false, click: false, doubleClick: false },
      noUITitleAttributes: true,
    });
    player.addClass('stage'); /* video.js puts the video's classes in place of ours */
    player.el().setAttribute('aria-label', lapel.text('controls_region'));
    return player;
  }

  /* Feed the tracker from the video's own clock; a jump is never counted. */
  function watchVideo(video, tracker) {
    let last_s = null;
    let last_ms = 0;

    function hold(at_s) {
      last_s = at_s;
      last_ms = performance.now();
    }

    /* A hidden tab tells the time seldom, so what may have played follows the wall clock. */
    function take() {
      const now_s = video.currentTime;
      const step_s = last_s === null ? 0 : now_s - last_s;
      const most_s = ((performance.now() - last_ms) / 1000 + SLACK_S) * Math.max(1, video.playbackRate);
      if (step_s > 0 && step_s <= most_s) tracker.watch(last_s, now_s);
      else tracker.moveTo(now_s);
      hold(now_s);
    }

    video.addEventListener('timeupdate', () => {
      if (!video.seeking && (!video.paused || video.ended)) take();
    });
    video.addEventListener('seeking', () => (last_s = null));
    video.addEventListener('seeked', () => {
      hold(video.currentTime);
      tracker.moveTo(last_s);
    });
    video.addEventListener('play', () => hold(video.currentTime));
    video.addEventListener('pause', () => {
      if (!video.seeking) take();
      last_s = null;
      tracker.flush();
    });
    video.addEventListener('ended', () => {
      if (last_s !== null) tracker.watch(last_s, window.LAPEL.duration_s);
      last_s = null;
      tracker.flush();
    });
  }

  function guardLeaving(tracker) {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') tracker.flush();
    });
    window.addEventListener('pagehide', () => tracker.leave());
    /* Back from the browser's cache: the session was closed, so begin a new one. */
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) window.location.reload();
    });
  }

  function showProgress(tracker, chapters) {
    const watched = lapel.el('watched');
    let was = tracker.state.completed;
    const draw = () => {
      const percent = Math.floor(100 * tracker.share() + 0.001);
      const key = tracker.state.completed ? 'watched_completed' : 'watched';
      if (watched) watched.textContent = lapel.text(key, { percent });
      chapters.tick(tracker);
      if (tracker.state.completed && !was) lapel.say(lapel.text('completed'));
      was = tracker.state.completed;
    };
    tracker.onChange(draw);
    draw();
  }

  function showTrouble(player, video) {
    const fail = () => {
      lapel.el('trouble').hidden = false;
      document.documentElement.classList.add('is-broken');
    };
    player.on('error', fail);
    const source = video.querySelector('source');
    if (source) source.addEventListener('error', fail);
    video.addEventListener('loadeddata', () => (lapel.el('trouble').hidden = true));
  }

  function resume(video, position_s) {
    const { duration_s } = window.LAPEL;
    if (position_s < 1 || position_s > duration_s - 2) return;
    const go = () => (video.currentTime = position_s);
    if (video.readyState >= 1) go();
    else video.addEventListener('loadedmetadata', go, { once: true });
  }

  function notice(words) {
    const box = lapel.el('notice');
    box.hidden = false;
    box.textContent = words;
    setTimeout(() => (box.hidden = true), 12000);
  }

  function showConnection(adapter) {
    if (!adapter.connected) notice(lapel.text('not_connected'));
    else if (adapter.over) notice(lapel.text('session_over'));
    const back = lapel.el('leave');
    if (!adapter.leaveTo) return;
    back.hidden = false;
    back.href = adapter.leaveTo; /* the page says goodbye by itself when it goes away */
  }

  function begin(player) {
    const video = document.querySelector('.stage video');
    const adapter = lapel.createAdapter(window.LAPEL);
    const tracker = lapel.createTracker(window.LAPEL, adapter);
    lapel.play = () => {
      const playing = video.play();
      if (playing) playing.catch(() => {}); /* refused before a click, or the error state tells */
    };
    const bar = lapel.createBar(player, video);
    const captions = lapel.createCaptions(video);
    const chapters = lapel.createChapters(bar);
    const transcript = lapel.createTranscript(bar);
    const tabs = lapel.createTabs();
    const popups = lapel.createPopups();
    lapel.createFeedback(tracker, adapter, video);
    lapel.createKeys({ bar, captions, tabs, transcript, popups, video });
    showTrouble(player, video);
    const starting = tracker.start();
    showProgress(tracker, chapters);
    watchVideo(video, tracker);
    guardLeaving(tracker);
    if (adapter.follow) adapter.follow({ video, player, tracker });
    const ready = () => {
      if (video.paused && video.currentTime < 1) resume(video, tracker.state.position / 10);
      lapel.shareBetweenTabs(tracker, window.LAPEL, adapter.scope || '');
      showConnection(adapter);
    };
    if (starting) starting.then(ready);
    else ready();
    const follow = () => {
      chapters.follow(video.currentTime);
      transcript.follow(video.currentTime);
    };
    ['timeupdate', 'seeked', 'loadedmetadata'].forEach((name) => video.addEventListener(name, follow));
    follow();
    lapel.player = player;
  }

  const player = createPlayer();
  player.ready(() => begin(player));
})();
