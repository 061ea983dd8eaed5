/** Where one is: the path, and the parameters after `?` and `#` read as one. */
import { readParameters } from './parameters';

export interface Place {
  path: string;
  parameters: URLSearchParams;
}

let current = $state.raw<Place>(read());

export function place(): Place {
  return current;
}

/** `replace` leaves no trace for Back: for what changes while somebody types. */
export function go(href: string, { replace = false, keepScroll = false } = {}): void {
  const there = new URL(href, window.location.href);
  if (there.href !== window.location.href) {
    history[replace ? 'replaceState' : 'pushState'](null, '', there);
  }
  const pathBefore = current.path;
  current = read();
  if (!replace && !keepScroll && current.path !== pathBefore) window.scrollTo(0, 0);
}

/** Follows the links of the UI without loading it again, and Back and Forward. */
export function listen(): () => void {
  const onMove = () => (current = read());
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    go(link.href);
  };
  window.addEventListener('popstate', onMove);
  document.addEventListener('click', onClick);
  return () => {
    window.removeEventListener('popstate', onMove);
    document.removeEventListener('click', onClick);
  };
}

function read(): Place {
  const { pathname, search, hash } = window.location;
  return { path: pathname.replace(/\/+$/, '') || '/', parameters: readParameters(search, hash) };
}
