/** The text of a document, loaded as far as it is read. */
import * as api from '../api/search';
import type { Document, Passage } from '../api/types';

const REACH = 30; // passages before and after the one that is opened
const STEP = 40;

export class Reading {
  document = $state.raw<Document | null>(null);
  passages = $state.raw<Passage[]>([]); // in reading order, without gaps
  total = $state(0);
  failure = $state.raw<unknown>(null);
  isBusy = $state(false);

  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  get hasEarlier(): boolean {
    return (this.passages[0]?.ordinal ?? 0) > 0;
  }

  get hasLater(): boolean {
    return (this.passages.at(-1)?.ordinal ?? 0) < this.total - 1;
  }

  holds(ordinal: number): boolean {
    return this.passages.some((one) => one.ordinal === ordinal);
  }

  /** Around a passage, or from the beginning. */
  open(around: number | null): Promise<void> {
    return this.#load(around, REACH, (_before, loaded) => loaded);
  }

  earlier(): Promise<void> {
    const first = this.passages[0]?.ordinal ?? 0;
    return this.#load(Math.max(0, first - STEP), STEP, joined);
  }

  later(): Promise<void> {
    const last = this.passages.at(-1)?.ordinal ?? 0;
    return this.#load(Math.min(this.total - 1, last + STEP), STEP, joined);
  }

  async #load(around: number | null, reach: number, join: (before: Passage[], loaded: Passage[]) => Passage[]): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const answer = await api.passages(this.id, around, reach);
      this.document = answer.document;
      this.total = answer.total;
      this.passages = join(this.passages, answer.passages);
      this.failure = null;
    } catch (error) {
      this.failure = error;
    } finally {
      this.isBusy = false;
    }
  }
}

function joined(before: Passage[], loaded: Passage[]): Passage[] {
  const byOrdinal = new Map([...before, ...loaded].map((one) => [one.ordinal, one]));
  return [...byOrdinal.values()].sort((a, b) => a.ordinal - b.ordinal);
}
