/** What this person said of hits since the page was opened: a question that is asked again still shows it. */
import { SvelteMap } from 'svelte/reactivity';
import { giveVerdict, takeVerdictBack } from '../api/feedback';
import type { Hit, Verdict, VerdictReason } from '../api/types';

const said = new SvelteMap<string, Verdict>();

export function verdictOn(hit: Hit): Verdict | null {
  return said.get(keyOf(hit)) ?? null;
}

export async function say(hit: Hit, verdict: Verdict, reason: VerdictReason | null = null, comment = ''): Promise<void> {
  await giveVerdict(hit, verdict, reason, comment.trim() || null);
  said.set(keyOf(hit), verdict);
}

export async function takeBack(hit: Hit): Promise<void> {
  await takeVerdictBack(hit);
  said.delete(keyOf(hit));
}

function keyOf({ query, document, passage }: Hit): string {
  return JSON.stringify([query, document, passage]);
}
