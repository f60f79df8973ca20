/* Below 720 px: one part at a time behind tabs. Above, the parts stand side by side and are plain regions. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  function createTabs() {
    const list = lapel.el('tabs');
    const tabs = Array.from(list.querySelectorAll('.tab'));
    const parts = tabs.map((tab) => lapel.el(tab.dataset.part));
    const narrow = window.matchMedia('(max-width: 719.98px)');

    function open(index) {
      tabs.forEach((tab, at) => {
        tab.setAttribute('aria-selected', String(at === index));
        tab.tabIndex = at === index ? 0 : -1;
        parts[at].classList.toggle('is-open', at === index);
      });
    }

    function dress() {
      if (narrow.matches) list.setAttribute('role', 'tablist');
      else list.removeAttribute('role');
      tabs.forEach((tab, at) => {
        const part = parts[at];
        if (narrow.matches) {
          tab.setAttribute('role', 'tab');
          tab.setAttribute('aria-controls', part.id);
          part.setAttribute('role', 'tabpanel');
          part.setAttribute('aria-labelledby', tab.id);
        } else {
          part.removeAttribute('role');
          part.setAttribute('aria-labelledby', part.id + '-title');
        }
      });
    }

    tabs.forEach((tab, index) => {
      tab.addEventListener('click', () => open(index));
      tab.addEventListener('keydown', (event) => {
        const last = tabs.length - 1;
        const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key];
        if (target === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        const at = (target + tabs.length) % tabs.length;
        open(at);
        tabs[at].focus();
      });
    });
    narrow.addEventListener('change', dress);
    dress();
    const placeOf = (part) => tabs.findIndex((tab) => tab.dataset.part === part);
    open(Math.max(placeOf('transcript'), 0));
    return {
      show(part) {
        if (placeOf(part) >= 0) open(placeOf(part)); /* a page may be without a transcript */
      },
    };
  }

  lapel.createTabs = createTabs;
})();
