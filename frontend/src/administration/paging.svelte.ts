/** A list that is loaded page by page. */
import type { Page } from '../api/client';

export class Paging<Item> {
  items = $state.raw<Item[]>([]);
  next = $state<string | null>(null);
  isLoading = $state(false);
  failure = $state.raw<unknown>(null);

  #turn = 0; // what was asked before is not told any more

  readonly #ask: (cursor: string | null) => Promise<Page<Item>>;

  constructor(ask: (cursor: string | null) => Promise<Page<Item>>) {
    this.#ask = ask;
  }

  reload = (): Promise<void> => this.#load(null);
  more = (): Promise<void> => this.#load(this.next);

  async #load(cursor: string | null): Promise<void> {
    const turn = ++this.#turn;
    this.isLoading = true;
    try {
      const page = await this.#ask(cursor);
      if (turn !== this.#turn) return;
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.next = page.next_cursor;
      this.failure = null;
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
    } finally {
      if (turn === this.#turn) this.isLoading = false;
    }
  }
}
