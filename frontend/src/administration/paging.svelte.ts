/** A list that is loaded page by page. */
import type { Page } from '../api/client';

export class Paging<Item> {
  items = $state.raw<Item[]>([]);
  next = $state<string | null>(null);
  isLoading = $state(false);
  failure = $state.raw<unknown>(null);

  readonly #ask: (cursor: string | null) => Promise<Page<Item>>;

  constructor(ask: (cursor: string | null) => Promise<Page<Item>>) {
    this.#ask = ask;
  }

  reload = (): Promise<void> => this.#load(null);
  more = (): Promise<void> => this.#load(this.next);

  async #load(cursor: string | null): Promise<void> {
    this.isLoading = true;
    try {
      const page = await this.#ask(cursor);
      this.items = cursor === null ? page.items : [...this.items, ...page.items];
      this.next = page.next_cursor;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    } finally {
      this.isLoading = false;
    }
  }
}
