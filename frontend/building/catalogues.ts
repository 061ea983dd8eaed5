import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';

/**
 * Parses the messages while building: the browser gets their trees, and no parser.
 * A message without placeholders stays a text, which `formatMessage` gives back as it is.
 */
export function catalogues(): Plugin {
  return {
    name: 'lonja-catalogues',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/language\/messages\/[a-z]+\.json$/.test(id)) return null;
      const messages = JSON.parse(code) as Record<string, string>;
      const compiled = Object.fromEntries(
        Object.entries(messages).map(([key, text]) => [key, /[{<']/.test(text) ? parse(text, { captureLocation: false }) : text]),
      );
      return { code: JSON.stringify(compiled), map: null };
    },
  };
}
