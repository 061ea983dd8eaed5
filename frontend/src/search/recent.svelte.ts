/** What this person asked lately, on this browser alone. */
import { who } from '../access/who.svelte';

const KEPT = 8;

let version = $state(0);

export function recentQuestions(): string[] {
  void version;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string').slice(0, KEPT) : [];
  } catch {
    return []; // written by something else
  }
}

export function remember(text: string): void {
  const asked = text.trim();
  if (asked.length < 2) return;
  localStorage.setItem(key(), JSON.stringify([asked, ...recentQuestions().filter((one) => one !== asked)].slice(0, KEPT)));
  version += 1;
}

export function forgetAll(): void {
  localStorage.removeItem(key());
  version += 1;
}

function key(): string {
  return `lonja.recent.${who.session?.member?.id ?? ''}`;
}
