/* The same resource open twice at once: each tab tells the others what it has seen, so that neither undoes the
   other in the learning system, which keeps the last word only. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  /** @param {string} scope Whose: nothing passes from one learner to another on a shared computer. */
  function shareBetweenTabs(tracker, resource, scope) {
    if (!window.BroadcastChannel) return;
    const channel = new BroadcastChannel('lapel:' + resource.id + ':' + scope);
    channel.onmessage = ({ data }) => {
      if (data === 'hello') channel.postMessage(tracker.text());
      else tracker.absorb(data);
    };
    tracker.onSave((text) => channel.postMessage(text));
    channel.postMessage('hello');
  }

  lapel.shareBetweenTabs = shareBetweenTabs;
})();
