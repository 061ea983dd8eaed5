/** Headings of the passages that are loaded, as an outline. */
import type { Passage } from '../api/types';

export interface OutlineEntry {
  title: string;
  depth: number; // 0, 1, 2 ...
  ordinal: number; // of the first passage below it
}

/** What a passage begins under that the one before it did not. */
export function newHeadings(before: readonly string[], path: readonly string[]): OutlineEntry[] {
  let same = 0;
  while (same < path.length && before[same] === path[same]) same += 1;
  return path.slice(same).map((title, index) => ({ title, depth: same + index, ordinal: -1 }));
}

export function outline(passages: readonly Passage[]): OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  let before: readonly string[] = [];
  for (const passage of passages) {
    for (const entry of newHeadings(before, passage.heading_path)) entries.push({ ...entry, ordinal: passage.ordinal });
    before = passage.heading_path;
  }
  return entries;
}
