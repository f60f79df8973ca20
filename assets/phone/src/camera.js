/* The camera and its sound: ask for it, switch it, notice when it is taken away. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});

  const camera = { state: 'asking', stream: null, back: true, changed: phone.bell(), lost: phone.bell() };

  function set(state) {
    camera.state = state;
    camera.changed.tell();
  }

  function release() {
    if (camera.stream) camera.stream.getTracks().forEach((track) => track.stop());
    camera.stream = null;
  }

  /** Ask for picture and sound; returns whether they are there. */
  camera.open = async () => {
    release();
    set('asking');
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'NotAllowedError');
      camera.stream = await navigator.mediaDevices.getUserMedia({
        video: {
          facingMode: camera.back ? 'environment' : 'user',
          width: { ideal: 1920 },
          height: { ideal: 1080 },
          frameRate: { ideal: 30 },
        },
        /* As it is: what the phone makes of a voice on a call cannot be laid against the lapel. */
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      set(error.name === 'NotAllowedError' || error.name === 'SecurityError' ? 'refused' : 'lost');
      return false;
    }
    const stream = camera.stream;
    stream.getTracks().forEach((track) =>
      track.addEventListener('ended', () => {
        if (camera.stream !== stream) return;
        set('lost');
        camera.lost.tell();
      })
    );
    set('ready');
    return true;
  };

  camera.switchSide = () => {
    camera.back = !camera.back;
    return camera.open();
  };

  camera.size = () => {
    const track = camera.stream && camera.stream.getVideoTracks()[0];
    const settings = track ? track.getSettings() : {};
    return { width_px: settings.width || 0, height_px: settings.height || 0 };
  };

  phone.camera = camera;
})();
