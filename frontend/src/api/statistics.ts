/** Growth, use and reuse, in counts: never who. */
import { get } from './client';
import type { GrowthPoint, OrganisationName, UsePoint } from './types';

export type Step = 'week' | 'month';

export interface Reuse {
  organisation: OrganisationName;
  documents: number;
  opened_by_others: number | null; // small counts are not told
  searches_answered: number | null;
  helpful: number | null;
  not_helpful: number | null;
}

export interface Missing {
  topic: string;
  times: number;
  members: number;
}

export const growth = (step: Step) => get<{ points: GrowthPoint[] }>('/statistics/growth', { step });
export const use = (step: Step) => get<{ points: UsePoint[] }>('/statistics/use', { step });
export const reuse = () => get<{ items: Reuse[] }>('/statistics/reuse');
export const notFound = () => get<{ items: Missing[] }>('/statistics/not-found');
