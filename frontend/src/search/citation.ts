/** A citation as text: title, firm, place, date, link. */
import type { Document, Passage } from '../api/types';
import { t } from '../language/language.svelte';
import { day } from '../language/names';

export function citation(document: Document, passage: (Passage & { url?: string }) | null): string {
  const parts = [`“${document.title}”`, document.organisation.name];
  const where = passage && whereOf(passage);
  if (where) parts.push(where);
  if (document.published) parts.push(day(document.published));
  return `${parts.join(', ')}. ${passage?.url ?? document.url}`;
}

/** "p. 12", "pp. 12–13", or a sheet and its rows. */
export function whereOf(passage: Passage): string {
  const { first_page: first, last_page: last } = passage;
  if (first === null) return passage.place ?? '';
  return last !== null && last !== first ? t('passage.pages', { first, last }) : t('passage.page', { page: first });
}
