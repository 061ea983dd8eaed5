/** Names that the browser knows in every language: of countries and languages; and how dates and sizes are written. */
import { countryCode } from './countries';
import { dateFormat, displayNames, listFormat, numberFormat, relativeFormat } from './formats';
import { currentLocale, messageFor } from './language.svelte';

export function languageName(code: string): string {
  return named('language', code);
}

/** `code` is ISO 3166-1 alpha-3, as documents carry it. */
export function countryName(code: string): string {
  const short = countryCode(code);
  return short === null ? code : named('region', short);
}

function named(type: 'language' | 'region', code: string): string {
  try {
    return displayNames(currentLocale(), type).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) return code; // not a code: data of a document, shown as it is
    throw error;
  }
}

/** Sectors are words that the firms chose; those of the demonstration and the usual ones are translated. */
export function sectorName(sector: string): string {
  return messageFor(`sector.${sector}`) ?? sector;
}

/** A day, such as a date of publication: without a time zone to move it. */
export function day(iso: string): string {
  return dateFormat(currentLocale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
}

export function month(iso: string): string {
  return dateFormat(currentLocale(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
}

export function moment(iso: string): string {
  return dateFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function count(number: number): string {
  return numberFormat(currentLocale()).format(number);
}

export function listed(items: string[]): string {
  return listFormat(currentLocale()).format(items);
}

export function fileSize(bytes: number): string {
  const [value, unit] =
    bytes < 1e3 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : bytes < 1e9 ? [bytes / 1e6, 'megabyte'] : [bytes / 1e9, 'gigabyte'];
  return numberFormat(currentLocale(), { style: 'unit', unit: unit as string, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: 1 }).format(value as number);
}

/** "3 minutes ago", by the largest unit that fits. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const units = [['day', 86_400], ['hour', 3_600], ['minute', 60]] as const;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relativeFormat(currentLocale()).format(Math.round(seconds / length), unit);
  }
  return relativeFormat(currentLocale()).format(Math.round(seconds), 'second');
}

/** Languages write the names of languages differently within a sentence and at its beginning. */
export function capital(text: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(currentLocale()) + rest.join('');
}
