/** Keys for those who search all day. Single keys can be turned off (WCAG 2.1.4): speech input types them by accident. */
const REMEMBERED = 'lonja.singlekeys';

let isShown = $state(false);
let areSingleKeysOn = $state(localStorage.getItem(REMEMBERED) !== 'off');

export const shortcuts = {
  get isShown() {
    return isShown;
  },
  get areSingleKeysOn() {
    return areSingleKeysOn;
  },
};

export function showShortcuts(): void {
  isShown = true;
}

export function hideShortcuts(): void {
  isShown = false;
}

export function useSingleKeys(on: boolean): void {
  areSingleKeysOn = on;
  localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
}

export type Command = 'focus-search' | 'show-shortcuts';

export function commandOf(event: KeyboardEvent): Command | null {
  if (event.defaultPrevented || event.isComposing) return null;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') return 'focus-search';
  if (event.ctrlKey || event.metaKey || event.altKey || !areSingleKeysOn || isTyping(event.target)) return null;
  if (event.key === '/') return 'focus-search';
  if (event.key === '?') return 'show-shortcuts';
  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
