import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SearchAnswer } from '../src/api/types';

/** A service whose answers come when a test says so. */
class Service {
  asked: { query: string; answer: (total: number) => void; signal: AbortSignal | null }[] = [];

  fetch = (input: string, init: RequestInit): Promise<Response> => {
    if (!input.endsWith('/search')) return Promise.resolve(Response.json([]));
    const { query } = JSON.parse(String(init.body)) as { query: string };
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      const answer = (total: number) =>
        resolve(Response.json({ language: 'es', total, nothing_found: total === 0, operators: [], hits: [], facets: {} } satisfies SearchAnswer));
      this.asked.push({ query, answer, signal: init.signal ?? null });
    });
  };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('searching as one types', () => {
  let service: Service;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    service = new Service();
    const location = new URL('http://lonja.test/');
    const window = { location, setTimeout, clearTimeout, scrollTo: () => {}, addEventListener: () => {} };
    vi.stubGlobal('window', window);
    vi.stubGlobal('fetch', service.fetch);
    vi.stubGlobal('history', {
      pushState: (_state: unknown, _title: string, to: URL) => (location.href = to.href),
      replaceState: (_state: unknown, _title: string, to: URL) => (location.href = to.href),
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const open = async () => (await import('../src/search/searching.svelte')).searching;

  it('asks at once', async () => {
    const searching = await open();
    searching.type('c');
    expect(service.asked.map((one) => one.query)).toEqual(['c']);
  });

  it('lets only the newest question wait, and drops the answer that was overtaken', async () => {
    const searching = await open();
    searching.type('ca');
    searching.type('cad');
    searching.type('cadm');
    service.asked[0]!.answer(1);
    await settle();
    expect(searching.answer).toBeNull();
    expect(service.asked.map((one) => one.query)).toEqual(['ca', 'cadm']);
    service.asked[1]!.answer(2);
    await settle();
    expect(searching.answer?.total).toBe(2);
    expect(searching.answered?.text).toBe('cadm');
    expect(searching.isBusy).toBe(false);
  });

  it('does not wait for a slow answer', async () => {
    const searching = await open();
    searching.type('ca');
    searching.type('cadmio');
    await vi.advanceTimersByTimeAsync(200);
    expect(service.asked[0]!.signal?.aborted).toBe(true);
    expect(service.asked.map((one) => one.query)).toEqual(['ca', 'cadmio']);
    service.asked[1]!.answer(3);
    await settle();
    expect(searching.answer?.total).toBe(3);
  });

  it('forgets everything when the field is cleared, an answer under way as well', async () => {
    const searching = await open();
    searching.type('cadmio');
    searching.type('');
    service.asked[0]!.answer(5);
    await settle();
    expect(searching.answer).toBeNull();
    expect(searching.isBusy).toBe(false);
  });

  it('writes the address at ease, and takes a new question as a step', async () => {
    const searching = await open();
    searching.type('c');
    searching.type('ca');
    expect(window.location.href).toBe('http://lonja.test/#q=c');
    await vi.advanceTimersByTimeAsync(300);
    expect(window.location.href).toBe('http://lonja.test/#q=ca');
  });

  it('takes the question from the address', async () => {
    const searching = await open();
    searching.adopt(new URLSearchParams('q=flete&sort=date'));
    expect(service.asked.map((one) => one.query)).toEqual(['flete']);
    expect(searching.question.order).toBe('date');
  });
});
