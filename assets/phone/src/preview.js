/* A small picture for the laptop, now and then, and only while nothing more important waits. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});
  const EVERY_MS = 500;
  const WIDTH_PX = 320;
  const BACKLOG_PARTS = 1;

  async function once(canvas, video) {
    const wide = video.videoWidth;
    if (!wide || !phone.link.up || phone.sender.unsent.parts > BACKLOG_PARTS) return;
    canvas.width = WIDTH_PX;
    canvas.height = Math.round((WIDTH_PX * video.videoHeight) / wide);
    canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.6));
    if (blob) await phone.link.ask('preview', { method: 'POST', body: blob }, 4000);
  }

  phone.preview = async (video) => {
    const canvas = document.createElement('canvas');
    for (;;) {
      const began_ms = performance.now();
      try {
        await once(canvas, video);
      } catch (error) {
        /* the next one will do */
      }
      /* A slow link gets fewer: as long a pause as the last one took. */
      await phone.sleep(Math.max(EVERY_MS, performance.now() - began_ms));
    }
  };
})();
