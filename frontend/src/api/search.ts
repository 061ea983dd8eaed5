/** Searching, and reading around what was found. */
import { get, request } from './client';
import type { PassagesAnswer, SearchAnswer, SearchBody, Suggestion } from './types';

export const search = (body: SearchBody, signal: AbortSignal) =>
  request<SearchAnswer>('POST', '/search', { body, signal });

export const suggestions = (typed: string, signal: AbortSignal) =>
  get<Suggestion[]>('/suggestions', { q: typed.slice(0, 200), limit: 6 }, signal);

export const passages = (document: string, around: number | null, reach: number, signal?: AbortSignal) =>
  get<PassagesAnswer>(`/documents/${encodeURIComponent(document)}/passages`, { around, reach }, signal);
