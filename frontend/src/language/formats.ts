/** The browser's own formatters, each made once: making one takes longer than using it. */
const made = new Map<string, unknown>();

function once<Formatter>(kind: string, locale: string, options: object, make: () => Formatter): Formatter {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as Formatter;
}

export const numberFormat = (locale: string, options: Intl.NumberFormatOptions = {}) =>
  once('number', locale, options, () => new Intl.NumberFormat(locale, options));
export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions) =>
  once('date', locale, options, () => new Intl.DateTimeFormat(locale, options));
export const listFormat = (locale: string) => once('list', locale, {}, () => new Intl.ListFormat(locale, { type: 'conjunction' }));
export const relativeFormat = (locale: string) =>
  once('relative', locale, {}, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
export const pluralRules = (locale: string) => once('plural', locale, {}, () => new Intl.PluralRules(locale));
export const displayNames = (locale: string, type: 'language' | 'region') =>
  once('names', locale, { type }, () => new Intl.DisplayNames([locale], { type }));
