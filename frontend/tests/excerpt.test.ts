import { describe, expect, it } from 'vitest';
import { excerpt, whole } from '../src/search/excerpt';

const joined = (pieces: { text: string }[]) => pieces.map((piece) => piece.text).join('');
const marked = (pieces: { text: string; isMarked: boolean }[]) => pieces.filter((piece) => piece.isMarked).map((piece) => piece.text);

describe('highlights', () => {
  it('count code points: what stands outside the first plane is one', () => {
    const pieces = whole('🫘🫘 cacao 中文', [{ start: 3, end: 8 }]);
    expect(marked(pieces)).toEqual(['cacao']);
    expect(joined(pieces)).toBe('🫘🫘 cacao 中文');
  });

  it('may overlap, stand in any order, or reach beyond the end', () => {
    const pieces = whole('cadmio en cacao', [{ start: 10, end: 99 }, { start: 0, end: 6 }, { start: 3, end: 9 }]);
    expect(joined(pieces)).toBe('cadmio en cacao');
    expect(marked(pieces)).toEqual(['cadmio', ' en', 'cacao']);
  });

  it('leave markup as the text that it is', () => {
    const pieces = whole('<b>cacao</b>', [{ start: 3, end: 8 }]);
    expect(pieces.map((piece) => piece.text)).toEqual(['<b>', 'cacao', '</b>']);
  });
});

describe('an excerpt', () => {
  const words = Array.from({ length: 300 }, (_, index) => `word${index}`).join(' ');

  it('is all of a short text', () => {
    const short = excerpt('A short passage.', []);
    expect(short).toMatchObject({ cutBefore: false, cutAfter: false });
    expect(joined(short.pieces)).toBe('A short passage.');
  });

  it('is cut where most highlights stand, between words', () => {
    const start = words.indexOf('word200');
    const cut = excerpt(words, [
      { start: 0, end: 5 },
      { start, end: start + 7 },
      { start: start + 8, end: start + 15 },
    ]);
    expect(cut.cutBefore).toBe(true);
    expect(cut.cutAfter).toBe(true);
    expect(marked(cut.pieces)).toEqual(['word200', 'word201']);
    expect(words.split(' ')).toEqual(expect.arrayContaining(joined(cut.pieces).trim().split(' ')));
  });

  it('holds the highlight at the very end', () => {
    const cut = excerpt(words, [{ start: words.length - 7, end: words.length }]);
    expect(marked(cut.pieces)).toEqual(['word299']);
    expect(cut.cutAfter).toBe(false);
  });

  it('is cut in a language without spaces', () => {
    const cut = excerpt('中'.repeat(2000), [{ start: 1000, end: 1002 }]);
    expect(marked(cut.pieces)).toEqual(['中中']);
    expect(joined(cut.pieces).length).toBeLessThan(500);
  });
});
