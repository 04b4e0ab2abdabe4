/**
 * Runs `work` a moment after a field was left. Leaving it is often the first half of a click: were a
 * sentence to appear under the field at once, what is being clicked would move away.
 */
export function afterClick(work: () => void): void {
  setTimeout(work, 250);
}
