/** A message as the build leaves it, and how it is filled in. */
import { numberFormat, pluralRules } from './formats';

export type Message = string | Part[];
export type Part =
  | string
  | { value: string }
  | { number: string; percent?: boolean }
  | { plural: string; ways: Record<string, Part[]> }; // by "=0", or what CLDR calls the number: "one", "other"
export type Values = Record<string, string | number>;

const PERCENT = { style: 'percent' } as const;

/** A placeholder without its value throws: it is a mistake in the code. */
export function fill(message: Message, locale: string, values: Values = {}): string {
  if (typeof message === 'string') return message;
  const given = (name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`There is no value for {${name}} in ${JSON.stringify(message)}`);
    return value;
  };
  const text = (parts: Part[]): string =>
    parts
      .map((part) => {
        if (typeof part === 'string') return part;
        if ('value' in part) return String(given(part.value));
        if ('number' in part) return numberFormat(locale, part.percent ? PERCENT : {}).format(Number(given(part.number)));
        const counted = Number(given(part.plural));
        return text(part.ways[`=${counted}`] ?? part.ways[pluralRules(locale).select(counted)] ?? part.ways.other!);
      })
      .join('');
  return text(message);
}
