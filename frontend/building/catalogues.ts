import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';
import type { Message, Part } from '../src/language/message.ts';

/**
 * Reads the messages (ICU MessageFormat) while building: the browser gets their parts, and no parser.
 * A message without placeholders stays a text.
 */
export function catalogues(): Plugin {
  return {
    name: 'lonja-catalogues',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/language\/messages\/[a-z]+\.json$/.test(id)) return null;
      const messages = JSON.parse(code) as Record<string, string>;
      const compiled = Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, compile(text)]));
      return { code: JSON.stringify(compiled), map: null };
    },
  };
}

export function compile(text: string): Message {
  const parts = parse(text, { captureLocation: false }).map((element) => part(element, null));
  return parts.every((one) => typeof one === 'string') ? parts.join('') : parts;
}

/** `counted` is what the plural around the element counts. */
function part(element: MessageFormatElement, counted: string | null): Part {
  switch (element.type) {
    case TYPE.literal:
      return element.value;
    case TYPE.argument:
      return { value: element.value };
    case TYPE.number:
      if (element.style && element.style !== 'percent') break;
      return { number: element.value, ...(element.style ? { percent: true } : {}) };
    case TYPE.pound:
      return { number: counted! };
    case TYPE.plural:
      if (element.offset || element.pluralType !== 'cardinal') break;
      return {
        plural: element.value,
        ways: Object.fromEntries(
          Object.entries(element.options).map(([way, { value }]) => [way, value.map((one) => part(one, element.value))]),
        ),
      };
  }
  throw new Error(`Messages do without this: ${JSON.stringify(element)}`);
}
