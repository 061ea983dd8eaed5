import { describe, expect, it } from 'vitest';
import { compile } from '../building/catalogues';
import { fill } from '../src/language/message';

const say = (text: string, locale: string, values = {}) => fill(compile(text), locale, values);

describe('a message', () => {
  it('without placeholders is a text', () => {
    expect(compile("It''s here")).toBe("It's here");
  });

  it('is filled in', () => {
    expect(say('Ask {name} of {firm}.', 'en', { name: 'Ana', firm: 'Café Alto' })).toBe('Ask Ana of Café Alto.');
  });

  it('counts as its language does', () => {
    const text = '{count, plural, =0 {ninguno} one {# documento} other {# documentos}}';
    expect([0, 1, 2, 1234567].map((count) => say(text, 'es-CO', { count }))).toEqual([
      'ninguno',
      '1 documento',
      '2 documentos',
      '1.234.567 documentos',
    ]);
  });

  it('writes numbers as the place does', () => {
    expect(say('{total, number}: {share, number, percent}', 'pt-BR', { total: 1234.5, share: 0.5 })).toBe('1.234,5: 50%');
  });

  it('holds what is filled in as it is', () => {
    expect(say('{name} {count, plural, other {#}}', 'en', { name: '{count} <b> #', count: 2 })).toBe('{count} <b> # 2');
  });

  it('is never shown without a value', () => {
    expect(() => say('Hello {name}', 'en', {})).toThrow('name');
  });

  it.each(['{when, date}', '{n, selectordinal, other {#}}', '{n, number, ::compact-short}', '<b>bold</b>'])('does without %s', (text) => {
    expect(() => compile(text)).toThrow();
  });
});
