import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../src/language/messages');
const source = join(import.meta.dirname, '../src');
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
const files = readdirSync(folder).sort();
const english = read('en.json');

/** Names of placeholders, those within plurals included. */
function placeholders(elements: MessageFormatElement[]): string[] {
  const found = elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      return [element.value, ...Object.values(element.options).flatMap((option) => placeholders(option.value))];
    }
    return [element.value];
  });
  return [...new Set(found)].sort();
}

function sources(at: string): string[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(at, entry.name)) : /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(join(at, entry.name), 'utf8')] : [],
  );
}

describe.each(files)('%s', (file) => {
  const messages = read(file);

  it('has the messages that English has', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
  });

  it('has no empty message, and each with the same placeholders', () => {
    for (const [id, text] of Object.entries(messages)) {
      expect(text.trim(), id).not.toBe('');
      expect(placeholders(parse(text)), id).toEqual(placeholders(parse(english[id]!)));
    }
  });
});

describe('the messages', () => {
  it('are in three languages', () => {
    expect(files).toEqual(['en.json', 'es.json', 'pt.json']);
  });

  it('are all used', () => {
    const code = sources(source).join('\n');
    // Ids that are made of data begin like this in the code: t(`kind.${kind}`).
    const made = [...code.matchAll(/[`']([a-z]+(?:\.[a-z]+)*)\.\$\{/g)].map((match) => `${match[1]}.`);
    const unused = Object.keys(english).filter((id) => !code.includes(`'${id}'`) && !made.some((beginning) => id.startsWith(beginning)));
    expect(unused).toEqual([]);
  });

  it('are translated, not copied', () => {
    const same = Object.entries(read('es.json')).filter(([id, text]) => text === english[id] && /[a-z]{4,} [a-z]{3,}/i.test(text));
    expect(same).toEqual([]);
  });
});
