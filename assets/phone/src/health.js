/* Battery, space, and a screen that stays awake. */
(function () {
  'use strict';
  const phone = (window.LapelPhone = window.LapelPhone || {});

  const health = { battery_percent: null, charging: null, free_bytes: null, changed: phone.bell() };
  let lock = null;

  async function watchBattery() {
    if (!navigator.getBattery) return; /* Apple does not tell */
    const battery = await navigator.getBattery();
    const read = () => {
      health.battery_percent = Math.round(battery.level * 100);
      health.charging = battery.charging;
      health.changed.tell();
    };
    battery.addEventListener('levelchange', read);
    battery.addEventListener('chargingchange', read);
    read();
  }

  health.readSpace = async () => {
    if (!navigator.storage || !navigator.storage.estimate) return;
    const estimate = await navigator.storage.estimate();
    health.free_bytes = Math.max(0, (estimate.quota || 0) - (estimate.usage || 0));
    health.changed.tell();
  };

  async function stayAwake() {
    if (!navigator.wakeLock || document.visibilityState !== 'visible') return;
    try {
      lock = await navigator.wakeLock.request('screen');
      lock.addEventListener('release', () => (lock = null));
    } catch (error) {
      lock = null; /* low battery: the phone decides */
    }
  }

  health.start = () => {
    watchBattery().catch(() => null);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => null);
    stayAwake();
    document.addEventListener('visibilitychange', () => {
      if (!lock) stayAwake();
    });
    health.readSpace().catch(() => null);
    setInterval(() => health.readSpace().catch(() => null), 5000);
  };

  phone.health = health;
})();
