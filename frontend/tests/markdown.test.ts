import { describe, expect, it } from 'vitest';
import { readMarkdown, safeAddress, type Block } from '../src/parts/markdown';

function levels(blocks: Block[]): number[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'heading') return [block.level];
    if (block.kind === 'quote') return levels(block.inside);
    return block.kind === 'list' ? block.items.flatMap(levels) : [];
  });
}

describe('headings', () => {
  it('leave out no level, whatever they were written with', () => {
    expect(levels(readMarkdown('## a\n\n#### b\n\n### c\n\n## d\n\n> ##### e'))).toEqual([1, 2, 2, 1, 2]);
  });
});

describe('addresses', () => {
  it('lead to the web and to mail alone', () => {
    expect(safeAddress('https://lonja.example/a')).toBe('https://lonja.example/a');
    for (const address of ['javascript:alert(1)', ' JaVaScRiPt:x', 'data:text/html,x', '/administration', 'https://']) {
      expect(safeAddress(address)).toBeNull();
    }
  });
});
