// Through the messages by keyboard: the arrows go from one to the next, so that Tab need not stop at each of them.

const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * Moves the focus to the actions of another message.
 * @param {HTMLElement} list
 * @param {KeyboardEvent} event within it
 */
export function walk(list, event) {
  const step = steps[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...list.querySelectorAll(".entry-actions")];
  if (!all.length) return;
  const entry = document.activeElement.closest(".entry");
  // Whoever comes from outside begins at the newest.
  const at = entry ? all.indexOf(entry.querySelector(".entry-actions")) : all.length;
  event.preventDefault();
  all[Math.max(0, Math.min(all.length - 1, at + step))].focus();
}

/**
 * Runs `change`, which makes elements of messages anew, and gives the focus back to what had it.
 * @param {HTMLElement} list
 */
export function keepFocus(list, change) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const id = focused?.closest(".entry")?.dataset.id;
  change();
  if (!id || focused.isConnected) return;
  const entry = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const again = entry?.querySelector(`[data-key="${CSS.escape(focused.dataset.key ?? "")}"]`) ?? entry?.querySelector(".entry-actions") ?? list;
  again.focus({ preventScroll: true });
}
