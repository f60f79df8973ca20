/* Small panels above the bar, and the list of keys. Esc closes; focus goes back to where it was. */
(function () {
  'use strict';
  const lapel = (window.LapelPlayer = window.LapelPlayer || {});

  function createPopup(button) {
    const panel = lapel.el(button.getAttribute('aria-controls'));
    const holder = button.parentElement;

    function open(isOpen) {
      panel.hidden = !isOpen;
      button.setAttribute('aria-expanded', String(isOpen));
      if (!isOpen) return;
      panel.style.marginInlineStart = '';
      const { left, right } = panel.getBoundingClientRect();
      const over = Math.max(0, right - document.documentElement.clientWidth + 8) - Math.max(0, 8 - left);
      if (over) panel.style.marginInlineStart = -over + 'px';
      const first = panel.querySelector('input:checked, input');
      if (first) first.focus();
    }

    button.addEventListener('click', () => open(panel.hidden));
    holder.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || panel.hidden) return;
      event.stopPropagation();
      open(false);
      button.focus();
    });
    holder.addEventListener('focusout', (event) => {
      const to = event.relatedTarget;
      /* A click on a label first gives focus to what is around it. */
      if (!panel.hidden && to && !holder.contains(to) && !to.contains(holder)) open(false);
    });
    document.addEventListener('pointerdown', (event) => {
      if (!panel.hidden && !holder.contains(event.target)) open(false);
    });
  }

  function createPopups() {
    document.querySelectorAll('.pop > button').forEach(createPopup);
    const dialog = lapel.el('keys-dialog');
    const single = lapel.el('single-keys');
    lapel.el('keys').addEventListener('click', () => dialog.showModal());
    single.checked = lapel.preferences.get('single_keys', true);
    single.addEventListener('change', () => lapel.preferences.set('single_keys', single.checked));
    return { showKeys: () => dialog.showModal() };
  }

  lapel.createPopups = createPopups;
})();
