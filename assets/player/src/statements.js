/* What a learner does with the video, as statements of the xAPI Video Profile 1.0.3
   (https://w3id.org/xapi/video/v1.0.3). Numbers have three decimals, as it asks. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const PROFILE = 'https://w3id.org/xapi/video';
  const ADL = 'http://adlnet.gov/expapi/';
  const SETTLE_MS = 600; /* a thumb that is dragged stops in many places and means the last */
  const MOST_SEGMENTS = 400;
  const VERBS = {
    initialized: ADL + 'verbs/initialized',
    played: PROFILE + '/verbs/played',
    paused: PROFILE + '/verbs/paused',
    seeked: PROFILE + '/verbs/seeked',
    interacted: ADL + 'verbs/interacted',
    completed: ADL + 'verbs/completed',
    terminated: ADL + 'verbs/terminated',
    responded: ADL + 'verbs/responded',
    commented: ADL + 'verbs/commented',
  };

  /* What is said of the question is not about the video. */
  const categories = (name) => (['responded', 'commented'].includes(name) ? [] : [PROFILE]);
  const extension = (name) => PROFILE + '/extensions/' + name;
  const round = (seconds) => Math.round(seconds * 1000) / 1000;
  const extended = (values) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [extension(name), value]));

  /** 83.4 -> "PT83.4S" */
  const duration = (seconds) => 'PT' + Math.round(seconds * 100) / 100 + 'S';

  function verb(name) {
    return { id: VERBS[name], display: { en: name } };
  }

  function video(resource, id) {
    const { summary, version } = resource.xapi;
    const definition = {
      type: PROFILE + '/activity-type/video',
      name: { [resource.language]: resource.title },
      extensions: { [version]: resource.version },
    };
    if (summary) definition.description = { [resource.language]: summary };
    return { objectType: 'Activity', id, definition };
  }

  function question(resource) {
    return {
      objectType: 'Activity',
      id: resource.xapi.question,
      definition: {
        type: ADL + 'activities/cmi.interaction',
        name: { en: lapel.text('helped') },
        interactionType: 'true-false',
      },
    };
  }

  /** What was watched in the order in which it was: before this session by place, then as it happened. */
  function createPlayed() {
    const list = [];
    let open_s = null;
    return {
      remember: (before) => list.unshift(...before.map(([from, to]) => [from / 10, to / 10])),
      begin: (at_s) => (open_s = round(at_s)),
      end(at_s) {
        if (open_s !== null && round(at_s) > open_s) list.push([open_s, round(at_s)]);
        open_s = null;
      },
      get isOpen() {
        return open_s !== null;
      },
      text(now_s) {
        let all = list.slice();
        if (open_s !== null && round(now_s) > open_s) all.push([open_s, round(now_s)]);
        if (all.length > MOST_SEGMENTS) {
          /* Too many to send in the page's last moment: what touches becomes one, then the longest stay. */
          all = all
            .reduce((union, [from, to]) => lapel.segments.add(union, from, to), [])
            .sort((one, other) => other[1] - other[0] - (one[1] - one[0]))
            .slice(0, MOST_SEGMENTS)
            .sort((one, other) => one[0] - other[0]);
        }
        return all.map(([from, to]) => from.toFixed(3) + '[.]' + to.toFixed(3)).join('[,]');
      },
    };
  }

  /**
   * Listen to the video and say what happens.
   * @param {(name: string, parts: {result?: object, extensions?: object}) => void} say Takes each statement.
   */
  function follow({ resource, video, player, tracker, say }) {
    const played = createPlayed();
    const threshold = resource.completion / 100;
    let last_s = video.currentTime;
    let from_s = null; /* where a jump began that is not said yet */
    let from_progress = 0;
    let to_s = 0;
    let settling = 0;
    let runs = false;
    let began = false; /* what the page does by itself before, to resume, is nobody's doing */
    let volume = video.muted ? 0 : video.volume;
    let shown = captionsOf(resource, video)['cc-subtitle-enabled'];

    const time = () => round(video.currentTime);

    function progress() {
      const share = Math.floor(tracker.share() * 1000 + 1e-6) / 1000;
      return tracker.state.completed ? Math.max(share, threshold) : share;
    }

    const reached = () =>
      extended({ time: time(), progress: progress(), 'played-segments': played.text(video.currentTime) });

    function begin(at_s) {
      began = true;
      played.begin(at_s);
      say('played', { result: { extensions: extended({ time: round(at_s) }) } });
    }

    /* Said when the thumb rests: where it came from, and where it went. */
    function settle() {
      clearTimeout(settling);
      if (from_s === null) return;
      const jump = { 'time-from': round(from_s), 'time-to': round(to_s) };
      const known = { progress: from_progress, 'played-segments': played.text(from_s) };
      if (began) say('seeked', { result: { extensions: extended({ ...jump, ...known }) } });
      from_s = null;
      if (runs) begin(to_s);
    }

    function pause() {
      settle();
      runs = false;
      if (!played.isOpen) return;
      played.end(video.currentTime);
      say('paused', { result: { extensions: reached() } });
    }

    function interact(values) {
      if (!began) return;
      say('interacted', { result: { extensions: extended({ time: time() }) }, extensions: extended(values) });
    }

    video.addEventListener('timeupdate', () => {
      if (!video.seeking && from_s === null) last_s = video.currentTime;
    });
    video.addEventListener('playing', () => {
      runs = true;
      if (!video.seeking && from_s === null && !played.isOpen) begin(video.currentTime);
    });
    video.addEventListener('pause', () => {
      if (!video.seeking) pause();
    });
    video.addEventListener('seeking', () => {
      clearTimeout(settling);
      if (from_s !== null) return;
      from_s = last_s;
      from_progress = progress();
      played.end(last_s);
    });
    video.addEventListener('seeked', () => {
      last_s = to_s = video.currentTime;
      clearTimeout(settling);
      settling = setTimeout(settle, SETTLE_MS);
    });
    video.addEventListener('volumechange', () => {
      const now = video.muted ? 0 : round(video.volume);
      if (now !== volume) interact({ volume: now });
      volume = now;
    });
    video.addEventListener('ratechange', () => interact({ speed: video.playbackRate + 'x' }));
    player.on(['fullscreenchange', 'enterFullWindow', 'exitFullWindow'], () => interact(screenOf(video, player)));
    if (video.textTracks[0]) {
      video.textTracks.addEventListener('change', () => {
        const captions = captionsOf(resource, video);
        if (captions['cc-subtitle-enabled'] !== shown) interact(captions);
        shown = captions['cc-subtitle-enabled'];
      });
    }
    return { pause, reached, remember: played.remember };
  }

  function screenOf(video, player) {
    return {
      'full-screen': Boolean(player.isFullscreen() || player.isFullWindow),
      'screen-size': window.screen.width + 'x' + window.screen.height,
      'video-playback-size': video.clientWidth + 'x' + video.clientHeight,
    };
  }

  /* The profile calls it cc-subtitle-enabled among its concepts and cc-enabled in its templates. */
  function captionsOf(resource, video) {
    const track = video.textTracks[0];
    const on = Boolean(track && track.mode === 'showing');
    const said = { 'cc-subtitle-enabled': on, 'cc-enabled': on };
    if (track) said['cc-subtitle-lang'] = resource.language;
    return said;
  }

  /** What a session starts with. */
  function setting({ resource, video, player }) {
    const said = {
      ...captionsOf(resource, video),
      ...screenOf(video, player),
      speed: video.playbackRate + 'x',
      volume: video.muted ? 0 : round(video.volume),
      'user-agent': window.navigator.userAgent.slice(0, 400),
    };
    if (resource.xapi.frame_rate) said['frame-rate'] = resource.xapi.frame_rate;
    if (video.videoHeight) said.quality = Math.min(video.videoHeight, video.videoWidth);
    return extended(said);
  }

  /** What every statement's context says. */
  function frame({ resource, session }) {
    return extended({
      'session-id': session,
      length: round(resource.duration_s),
      'completion-threshold': resource.completion / 100,
    });
  }

  lapel.statements = { categories, verb, video, question, duration, extended, follow, setting, frame };
})();
