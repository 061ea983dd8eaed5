/** What of a passage is shown, cut around what answers. Offsets are code points, as the service counts. */
import type { Highlight } from '../api/types';

export interface Piece {
  text: string;
  isMarked: boolean;
}

export interface Excerpt {
  pieces: Piece[];
  cutBefore: boolean;
  cutAfter: boolean;
}

export const EXCERPT_LENGTH = 360;
const LEAD_IN = 60;

/** The stretch of at most `length` characters with the most highlights, cut between words. */
export function excerpt(text: string, highlights: readonly Highlight[], length = EXCERPT_LENGTH): Excerpt {
  const points = Array.from(text);
  const sorted = tidy(highlights, points.length);
  if (points.length <= length * 1.25) return { pieces: cut(points, sorted, 0, points.length), cutBefore: false, cutAfter: false };
  const from = afterSpace(points, bestStart(sorted, length, points.length));
  const to = from + length >= points.length ? points.length : beforeSpace(points, from + length, from);
  return { pieces: cut(points, sorted, from, to), cutBefore: from > 0, cutAfter: to < points.length };
}

export function whole(text: string, highlights: readonly Highlight[]): Piece[] {
  const points = Array.from(text);
  return cut(points, tidy(highlights, points.length), 0, points.length);
}

/** In order, within the text, without overlaps. */
function tidy(highlights: readonly Highlight[], length: number): Highlight[] {
  const kept: Highlight[] = [];
  for (const { start, end } of [...highlights].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, kept.at(-1)?.end ?? 0);
    const to = Math.min(end, length);
    if (from < to) kept.push({ start: from, end: to });
  }
  return kept;
}

function bestStart(highlights: Highlight[], length: number, total: number): number {
  let best = 0;
  let most = 0;
  for (const [index, first] of highlights.entries()) {
    const inside = highlights.slice(index).filter((one) => one.end <= first.start - LEAD_IN + length).length;
    if (inside > most) {
      most = inside;
      best = first.start - LEAD_IN;
    }
  }
  return Math.max(0, Math.min(best, total - length));
}

function cut(points: string[], highlights: Highlight[], from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  const push = (end: number, isMarked: boolean) => {
    if (end > at) pieces.push({ text: points.slice(at, end).join(''), isMarked });
    at = Math.max(at, end);
  };
  for (const { start, end } of highlights) {
    if (end <= from || start >= to) continue;
    push(Math.max(start, from), false);
    push(Math.min(end, to), true);
  }
  push(to, false);
  return pieces;
}

// Chinese has no spaces: there, the cut stays where it is.
const FARTHEST = 30;

function afterSpace(points: string[], at: number): number {
  if (at === 0) return 0;
  for (let index = at; index < at + FARTHEST; index += 1) if (/\s/.test(points[index] ?? '')) return index + 1;
  return at;
}

function beforeSpace(points: string[], at: number, floor: number): number {
  for (let index = at; index > Math.max(floor, at - FARTHEST); index -= 1) if (/\s/.test(points[index] ?? '')) return index;
  return at;
}
