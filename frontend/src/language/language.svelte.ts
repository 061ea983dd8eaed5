/** The language that Lonja speaks with this person: the browser's first, theirs once chosen. */
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { createIntl, createIntlCache, type IntlShape } from '@formatjs/intl';
import type english from './messages/en.json';

export const LANGUAGES = { es: 'Español', pt: 'Português', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;
export type MessageId = keyof typeof english;
/** As the build leaves it: a tree, or a text where there is nothing to fill in. */
type Catalogue = Record<string, string | MessageFormatElement[]>;
type Values = Record<string, string | number | Date>;

const REMEMBERED = 'lonja.language';

const catalogues: Record<Language, () => Promise<{ default: unknown }>> = {
  es: () => import('./messages/es.json'),
  pt: () => import('./messages/pt.json'),
  en: () => import('./messages/en.json'),
};

let intl = $state.raw<IntlShape<string>>(createIntl({ locale: 'en', messages: {} }));
let catalogue = $state.raw<Catalogue>({});
let language = $state<Language>('en');

export function currentLanguage(): Language {
  return language;
}

/** A message of the catalogue, its placeholders filled. */
export function t(id: MessageId, values?: Values): string {
  const message = catalogue[id];
  return typeof message === 'string' ? message : (intl.formatMessage({ id }, values) as string);
}

/** For ids that are made of data, such as a kind or a problem's code; null where the catalogue has none. */
export function messageFor(id: string, values?: Values): string | null {
  return Object.hasOwn(catalogue, id) ? t(id as MessageId, values) : null;
}

export function formats(): IntlShape<string> {
  return intl;
}

export async function speak(wanted: Language): Promise<void> {
  const loaded = (await catalogues[wanted]()).default as Catalogue;
  const messages = loaded as Record<string, MessageFormatElement[]>;
  // The region of the browser's own setting decides how dates and numbers are written: es-CO, pt-BR, en-GB.
  const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${wanted}-`)) ?? wanted;
  intl = createIntl({ locale, messages, defaultLocale: 'en', onError: failLoudly }, createIntlCache());
  catalogue = loaded;
  language = wanted;
  document.documentElement.lang = wanted;
}

export async function choose(wanted: Language): Promise<void> {
  await speak(wanted);
  localStorage.setItem(REMEMBERED, wanted);
}

export function preferred(remembered = localStorage.getItem(REMEMBERED), tags = navigator.languages): Language {
  for (const tag of [remembered ?? '', ...tags]) {
    const primary = tag.toLowerCase().split('-')[0]!;
    if (primary in LANGUAGES) return primary as Language;
  }
  return 'es';
}

function failLoudly(error: { message: string }): void {
  console.error(error.message);
}
