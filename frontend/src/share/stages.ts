/** Where a document is on its way, in words. */
import type { Failure, Job } from '../api/types';
import { messageFor, t } from '../language/language.svelte';

export function stageInWords(job: Job): string {
  if (job.stage === 'queued' && job.place !== null) return t('stage.queued.place', { place: job.place });
  if (job.stage === 'converting' && job.total) return t('stage.converting.pages', { done: job.done ?? 0, total: job.total });
  if (job.stage === 'embedding' && job.total) return t('stage.embedding.passages', { done: job.done ?? 0, total: job.total });
  return t(`stage.${job.stage}`);
}

/** 0 to 1 over all stages, so that the bar never goes back. */
export function progressOf(job: Job): number {
  const share = job.total ? Math.min(1, (job.done ?? 0) / job.total) : 0;
  switch (job.stage) {
    case 'queued':
      return 0.05;
    case 'converting':
      return 0.1 + 0.4 * share;
    case 'embedding':
      return 0.5 + 0.4 * share;
    case 'indexing':
      return 0.95;
    default:
      return 1;
  }
}

/** What is known of a reason is told in the reader's language; else as the service says it. */
export function failureInWords(failure: Failure): string {
  const known = messageFor(`failure.${failure.code}`);
  return known ?? [failure.message, failure.hint].filter(Boolean).join(' ');
}

/** A reason without its advice, for counts. */
export function failureTitle(code: string): string {
  return (messageFor(`failure.${code}`) ?? code).split(/(?<=[.:])\s/)[0]!;
}
