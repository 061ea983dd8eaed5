/** What this person says of hits: as the service told it with them, and as it was changed since. */
import { SvelteMap } from 'svelte/reactivity';
import { giveVerdict, takeVerdictBack } from '../api/feedback';
import type { DocumentHit, Hit, Verdict, VerdictReason } from '../api/types';

const changed = new SvelteMap<string, Verdict | null>();

export function verdictOn(hit: Hit, told: Verdict | null): Verdict | null {
  const now = changed.get(keyOf(hit));
  return now === undefined ? told : now;
}

export async function say(hit: Hit, verdict: Verdict, reason: VerdictReason | null = null, comment = ''): Promise<void> {
  await giveVerdict(hit, verdict, reason, comment.trim() || null);
  changed.set(keyOf(hit), verdict);
}

export async function takeBack(hit: Hit): Promise<void> {
  await takeVerdictBack(hit);
  changed.set(keyOf(hit), null);
}

/** What the thumbs beside a result are about: what was judged before, or else its best passage. */
export function judged({ passages, verdict }: DocumentHit): { passage: number | null; told: Verdict | null } {
  const before = passages.find((one) => one.verdict !== null);
  if (before) return { passage: before.ordinal, told: before.verdict };
  if (verdict !== null) return { passage: null, told: verdict };
  return { passage: passages[0]?.ordinal ?? null, told: null };
}

function keyOf({ query, document, passage }: Hit): string {
  return JSON.stringify([query, document, passage]);
}
