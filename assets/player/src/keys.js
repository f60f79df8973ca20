/* Single keys, as in the list behind "Keyboard". They rest while a text field has focus, and can be switched off. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});
  const STEP_S = 5;
  const JUMP_S = 10;

  function createKeys({ bar, captions, tabs, transcript, popups, video }) {
    const nudge = (seconds) => () => bar.seekTo(video.currentTime + seconds);
    const letters = {
      k: bar.toggle,
      j: nudge(-JUMP_S),
      l: nudge(JUMP_S),
      c: captions.toggle,
      f: bar.full,
      m: bar.mute,
      '<': () => bar.faster(-1),
      '>': () => bar.faster(1),
      '?': popups.showKeys,
      '/': () => {
        tabs.show('transcript');
        transcript.search();
      },
    };

    function actionOf(event) {
      const on = event.target;
      const kind = on.matches('input') ? on.type : on.localName;
      if (event.ctrlKey || event.metaKey || event.altKey) return null;
      if (['search', 'text', 'textarea'].includes(kind) || on.isContentEditable) return null;
      if (on.closest('dialog')) return null;
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        if (['radio', 'range'].includes(kind) && on.id !== 'seek') return null;
        return nudge(event.key === 'ArrowLeft' ? -STEP_S : STEP_S);
      }
      if (!lapel.preferences.get('single_keys', true)) return null;
      if (event.key === ' ') {
        const pressed = ['button', 'a', 'radio', 'checkbox', 'summary'].includes(kind);
        return pressed ? null : bar.toggle;
      }
      if (event.shiftKey && event.code === 'Comma') return letters['<'];
      if (event.shiftKey && event.code === 'Period') return letters['>'];
      return letters[event.key.toLowerCase()] || null;
    }

    document.addEventListener('keydown', (event) => {
      const action = actionOf(event);
      if (!action) return;
      event.preventDefault();
      action();
    });
  }

  lapel.createKeys = createKeys;
})();
