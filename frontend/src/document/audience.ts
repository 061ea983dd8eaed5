/** Who may see a document, in words. */
import { who } from '../access/who.svelte';
import type { Document } from '../api/types';
import { t } from '../language/language.svelte';
import { listed } from '../language/names';

/** `nameOf` tells a firm's name by its id. */
export function audienceInWords(document: Document, nameOf: (id: string) => string): string {
  const { audience, organisation } = document;
  if (document.draft) return t('audience.draft');
  switch (audience.scope) {
    case 'cluster':
      return t('audience.cluster.words');
    case 'owner':
      return t('audience.owner.words', { firm: organisation.name });
    case 'organisations': {
      if (audience.organisations === null) return t('audience.organisations.yours', { firm: organisation.name });
      const others = audience.organisations.filter((id) => id !== organisation.id).map(nameOf);
      return t('audience.organisations.words', { firm: organisation.name, firms: listed(others) });
    }
  }
}

export function isOwn(document: Document): boolean {
  return who.session?.organisation?.id === document.organisation.id;
}
