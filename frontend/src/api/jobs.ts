/** The way of documents through ingestion: as a stream, and by asking. */
import { address, get, Problem, request, type Page } from './client';
import type { Job, JobsEvent, JobsOverview } from './types';

export const listJobs = (state: 'active' | 'ready' | 'failed' | null, cursor: string | null = null) =>
  get<Page<Job>>('/jobs', { state, cursor, limit: 50 });
export const jobsOverview = () => get<JobsOverview>('/jobs/overview');
export const retryJob = (id: number) => request<Job>('POST', `/jobs/${id}/retry`);
export const cancelJob = (id: number) => request<Job>('POST', `/jobs/${id}/cancel`);

const POLL = 3000; // ms, where no stream gets through

/** `told` gets all jobs of the firm first, then those that change. Returns what ends it. */
export function followJobs(told: (event: JobsEvent) => void): () => void {
  let polling: number | undefined;
  const source = new EventSource(address('/jobs/events'));

  const poll = async () => {
    try {
      told({ full: false, jobs: (await listJobs(null)).items, gone: [] });
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // else we ask again in a moment
    } finally {
      polling = window.setTimeout(poll, POLL);
    }
  };

  source.addEventListener('jobs', (event: MessageEvent<string>) => {
    window.clearTimeout(polling);
    polling = undefined;
    told(JSON.parse(event.data) as JobsEvent);
  });
  source.onerror = () => {
    // The browser comes back by itself, unless it was refused; meanwhile, and then, we ask.
    polling ??= window.setTimeout(poll, POLL);
  };
  return () => {
    source.close();
    window.clearTimeout(polling);
  };
}
