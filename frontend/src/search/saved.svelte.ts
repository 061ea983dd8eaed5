/** Searches that this person keeps, with their filters, on every browser. */
import * as api from '../api/exchange';
import type { SavedSearch } from '../api/types';
import { NOTHING_ASKED, searchBody, type Question } from './question';

let found = $state.raw<SavedSearch[]>([]);
let isAsked = false;

export function savedSearches(): SavedSearch[] {
  return found;
}

/** Once; what is saved here later is added. */
export async function loadSaved(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  found = (await api.listSaved()).items;
}

export async function save(name: string, question: Question): Promise<void> {
  const { query, filters, mode, order } = searchBody(question);
  found = [await api.saveSearch({ name, query, parameters: { filters, mode, order } }), ...found];
}

export async function rename(id: string, name: string): Promise<void> {
  const renamed = await api.renameSaved(id, name);
  found = found.map((one) => (one.id === id ? renamed : one));
}

export async function remove(saved: SavedSearch): Promise<void> {
  await api.deleteSaved(saved.id);
  found = found.filter((one) => one.id !== saved.id);
}

export function questionOf({ query, parameters: { filters, mode, order } }: SavedSearch): Question {
  return {
    ...NOTHING_ASKED,
    text: query,
    values: {
      kind: filters.kinds ?? [],
      language: filters.languages ?? [],
      countries: filters.countries ?? [],
      sectors: filters.sectors ?? [],
      hs_codes: filters.hs_codes ?? [],
      organisation: filters.organisations ?? [],
    },
    from: filters.published_from ?? '',
    to: filters.published_to ?? '',
    mode,
    order,
  };
}
