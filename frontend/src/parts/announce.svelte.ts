/** What is said aloud to screen readers, and the short messages that come up below. */

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
  tone: 'plain' | 'danger';
}

let said = $state('');
let toasts = $state<Toast[]>([]);
let last = 0;

export const announced = {
  get text() {
    return said;
  },
  get toasts() {
    return toasts;
  },
};

export function say(text: string): void {
  said = text;
}

/** Stays for seven seconds; one with an action for fifteen, and until it is closed where it tells of a failure. */
export function toast(text: string, { action, tone = 'plain' }: Partial<Pick<Toast, 'action' | 'tone'>> = {}): void {
  const made: Toast = { id: ++last, text, action, tone };
  toasts = [...toasts, made];
  if (tone !== 'danger') window.setTimeout(() => dismiss(made.id), action ? 15_000 : 7_000);
}

export function dismiss(id: number): void {
  toasts = toasts.filter((one) => one.id !== id);
}
