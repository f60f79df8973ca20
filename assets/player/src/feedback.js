/* "Did this help you do the job?": yes or not yet, which can be changed, and a comment on a second of the video. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  function createFeedback(tracker, adapter, video) {
    if (!lapel.el('feedback')) return;
    const yes = lapel.el('yes');
    const notYet = lapel.el('not-yet');
    const opener = lapel.el('comment');
    const form = lapel.el('comment-form');
    const field = lapel.el('comment-text');
    const keep = lapel.el('keep');
    let at_s = 0;

    function show({ helped, comments }) {
      yes.setAttribute('aria-pressed', String(helped === true));
      notYet.setAttribute('aria-pressed', String(helped === false));
      keep.hidden = adapter.keeps === 'system' || adapter.keeps === 'producer' || (helped === null && !comments.length);
    }

    function thank() {
      lapel.el('thanks').textContent = lapel.text('thanks_' + adapter.keeps);
    }

    function answer(helped) {
      tracker.answer(helped);
      thank();
    }

    function open(isOpen) {
      form.hidden = !isOpen;
      opener.setAttribute('aria-expanded', String(isOpen));
      if (!isOpen) {
        opener.focus();
        return;
      }
      at_s = video.currentTime;
      lapel.el('comment-at').textContent = lapel.text('comment_at', { at: lapel.clock(at_s) });
      form.scrollIntoView({ block: 'nearest' });
      field.focus();
    }

    /* A file the producer can import, for pages that have nowhere to send an answer. */
    function saveFile() {
      const { id, version } = window.LAPEL;
      const said = lapel.said(tracker.state);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(said, null, 1)], { type: 'application/json' }));
      link.download = 'feedback-' + id + '-v' + version + '.json';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }

    yes.addEventListener('click', () => answer(true));
    notYet.addEventListener('click', () => answer(false));
    opener.addEventListener('click', () => open(form.hidden));
    lapel.el('comment-cancel').addEventListener('click', () => open(false));
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') open(false);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const words = field.value.trim();
      if (words) {
        tracker.comment(at_s, words);
        thank();
        field.value = '';
      }
      open(false);
    });
    keep.addEventListener('click', saveFile);
    tracker.onChange(show);
  }

  /** What somebody said, as the producer's side reads it; ``who`` is drawn by this browser and names nobody. */
  lapel.said = ({ helped, comments }) => {
    const { id, version } = window.LAPEL;
    let who = lapel.preferences.get('who', '');
    if (!who) {
      const bytes = Array.from(window.crypto.getRandomValues(new Uint8Array(8)));
      who = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
      lapel.preferences.set('who', who);
    }
    return {
      format: 'lapel-feedback-1',
      resource: id,
      version,
      who,
      helped,
      comments: comments.map(({ at, text }) => ({ at_s: at / 10, text })),
      said_at: new Date().toISOString(),
    };
  };

  lapel.createFeedback = createFeedback;
})();
