import { describe, expect, it } from 'vitest';
import type { Passage } from '../src/api/types';
import { newHeadings, outline } from '../src/document/outline';

const passage = (ordinal: number, ...heading_path: string[]): Passage => ({
  id: ordinal, ordinal, text: '', language: 'es', heading_path, first_page: null, last_page: null, place: null, is_table: false,
});

describe('an outline', () => {
  it('names each heading once, at its depth', () => {
    const entries = outline([passage(4, 'A'), passage(5, 'A', 'A1'), passage(6, 'A', 'A1'), passage(7, 'A', 'A2'), passage(8, 'B')]);
    expect(entries).toEqual([
      { title: 'A', depth: 0, ordinal: 4 },
      { title: 'A1', depth: 1, ordinal: 5 },
      { title: 'A2', depth: 1, ordinal: 7 },
      { title: 'B', depth: 0, ordinal: 8 },
    ]);
  });

  it('names a heading again where the one above it changed', () => {
    expect(newHeadings(['A', 'Scope'], ['B', 'Scope']).map((entry) => entry.title)).toEqual(['B', 'Scope']);
  });
});
