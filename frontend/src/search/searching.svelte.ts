/**
 * The one search session of the UI: what is asked, and the answer to just that. While one request is under way, only the
 * newest question waits; an answer that was overtaken is dropped.
 */
import { isAborted } from '../api/client';
import * as api from '../api/search';
import type { SearchAnswer, SearchBody, Suggestion } from '../api/types';
import { go } from '../routing/place.svelte';
import { NOTHING_ASKED, readQuestion, searchAddress, searchBody, writeQuestion, type Question } from './question';

const PATIENCE = 150; // ms that a newer question waits for the answer to the one before
const SETTLED = 2000; // ms without typing: what follows is another question, for Back
const SLOW = 600; // ms until it is said that an answer is on its way

class Searching {
  question = $state.raw<Question>(NOTHING_ASKED);
  answer = $state.raw<SearchAnswer | null>(null);
  /** The question that `answer` answers. */
  answered = $state.raw<Question | null>(null);
  isBusy = $state(false);
  /** Busy for so long that one wonders. */
  isSlow = $state(false);
  failure = $state.raw<unknown>(null);
  suggestions = $state.raw<Suggestion[]>([]);

  #written = '';
  #lastTyped = 0;
  #writing: number | undefined;
  #underWay: { body: string; controller: AbortController } | null = null;
  #waiting: Question | null = null;
  #patience: number | undefined;
  #slow: number | undefined;
  #suggested = ''; // what `suggestions` are for, or will be
  #suggesting: AbortController | null = null;
  #suggestLater: number | undefined;

  /** From the address: a link, Back, Forward. */
  adopt(parameters: URLSearchParams): void {
    const question = readQuestion(parameters);
    const written = writeQuestion(question).toString();
    if (written === this.#written && written === writeQuestion(this.question).toString()) return;
    window.clearTimeout(this.#writing);
    this.#written = written;
    this.question = question;
    this.#ask();
  }

  type(text: string): void {
    const now = Date.now();
    const isAnother = now - this.#lastTyped > SETTLED;
    this.#lastTyped = now;
    this.question = { ...this.question, text, page: 1 };
    this.#ask();
    window.clearTimeout(this.#writing);
    // The address follows at ease: browsers refuse pages that rewrite it with every key.
    if (isAnother) this.#write(false);
    else this.#writing = window.setTimeout(() => this.#write(true), 250);
  }

  /** Another filter, order or page: a step that Back takes back. */
  change(question: Question): void {
    window.clearTimeout(this.#writing);
    this.question = question;
    this.#write(false);
    this.#ask();
  }

  again(): void {
    this.#forget();
    this.#ask();
  }

  #write(replace: boolean): void {
    this.#written = writeQuestion(this.question).toString();
    go(searchAddress(this.question), { replace });
  }

  #ask(): void {
    const { question } = this;
    this.#suggest(question.text.trim());
    if (question.text.trim() === '') {
      this.#forget();
      this.answer = this.answered = this.failure = null;
      return;
    }
    this.#waiting = question;
    if (this.#underWay === null) void this.#run();
    else if (this.#underWay.body === JSON.stringify(searchBody(question))) this.#waiting = null;
    else this.#patience ??= window.setTimeout(() => this.#overtake(), PATIENCE);
  }

  #overtake(): void {
    this.#patience = undefined;
    if (this.#waiting === null) return;
    this.#underWay?.controller.abort();
    this.#underWay = null;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting !== null) {
      const question = this.#waiting;
      const body: SearchBody = searchBody(question);
      const mine = { body: JSON.stringify(body), controller: new AbortController() };
      this.#waiting = null;
      this.#underWay = mine;
      this.isBusy = true;
      this.#slow ??= window.setTimeout(() => (this.isSlow = true), SLOW);
      try {
        const answer = await api.search(body, mine.controller.signal);
        if (this.#underWay !== mine) return;
        if (this.#waiting === null) {
          this.answer = answer;
          this.answered = question;
          this.failure = null;
        }
      } catch (error) {
        if (this.#underWay !== mine || isAborted(error)) return;
        if (this.#waiting === null) this.failure = error;
      }
    }
    this.#underWay = null;
    this.#rest();
  }

  #forget(): void {
    this.#underWay?.controller.abort();
    this.#underWay = this.#waiting = null;
    this.#rest();
  }

  #rest(): void {
    window.clearTimeout(this.#patience);
    window.clearTimeout(this.#slow);
    this.#patience = this.#slow = undefined;
    this.isBusy = this.isSlow = false;
  }

  #suggest(typed: string): void {
    if (typed === this.#suggested) return;
    this.#suggested = typed;
    this.#suggesting?.abort();
    window.clearTimeout(this.#suggestLater);
    if (typed.length < 2) {
      this.suggestions = [];
      return;
    }
    this.#suggestLater = window.setTimeout(async () => {
      const controller = (this.#suggesting = new AbortController());
      try {
        const found = await api.suggestions(typed, controller.signal);
        if (!controller.signal.aborted) this.suggestions = found;
      } catch (error) {
        // Searching goes on without them; what is wrong with the service, the search itself tells.
        if (!isAborted(error)) this.suggestions = [];
      }
    }, 180);
  }
}

export const searching = new Searching();
