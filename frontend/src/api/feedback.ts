/** Whether a hit helped. */
import { get, request } from './client';
import type { FeedbackSummary, Hit, Verdict, VerdictReason } from './types';

export const giveVerdict = (hit: Hit, verdict: Verdict, reason: VerdictReason | null = null, comment: string | null = null) =>
  request<void>('POST', '/search/feedback', { body: { ...hit, verdict, reason, comment } });
export const takeVerdictBack = (hit: Hit) => request<void>('DELETE', '/search/feedback', { query: { ...hit } });
export const feedbackOf = (document: string) => get<FeedbackSummary>(`/documents/${encodeURIComponent(document)}/feedback`);
