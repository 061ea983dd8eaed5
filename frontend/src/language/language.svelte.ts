/** The language that Lonja speaks with this person: the browser's first, theirs once chosen. */
import { fill, type Message, type Values } from './message';
import type english from './messages/en.json';

export const LANGUAGES = { es: 'Español', pt: 'Português', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;
export type MessageId = keyof typeof english;
type Catalogue = Record<string, Message>;

const REMEMBERED = 'lonja.language';

const catalogues: Record<Language, () => Promise<{ default: unknown }>> = {
  es: () => import('./messages/es.json'),
  pt: () => import('./messages/pt.json'),
  en: () => import('./messages/en.json'),
};

let locale = $state('en');
let catalogue = $state.raw<Catalogue>({});
let language = $state<Language>('en');

export function currentLanguage(): Language {
  return language;
}

/** A message of the catalogue, its placeholders filled. */
export function t(id: MessageId, values?: Values): string {
  const message = catalogue[id];
  if (message === undefined) throw new Error(`There is no message ${id}`);
  return fill(message, locale, values);
}

/** For ids that are made of data, such as a kind or a problem's code; null where the catalogue has none. */
export function messageFor(id: string, values?: Values): string | null {
  return Object.hasOwn(catalogue, id) ? t(id as MessageId, values) : null;
}

/** How dates and numbers are written: a language, with a region where the browser tells one. */
export function currentLocale(): string {
  return locale;
}

export async function speak(wanted: Language): Promise<void> {
  const loaded = (await catalogues[wanted]()).default as Catalogue;
  // The region of the browser's own setting decides how dates and numbers are written: es-CO, pt-BR, en-GB.
  locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${wanted}-`)) ?? wanted;
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
