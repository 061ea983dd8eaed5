/** The facets as they are shown, in this order. One more facet is one more entry. */
import { FACETS, type Facet } from '../api/types';
import { messageFor } from '../language/language.svelte';
import { capital, countryName, languageName, sectorName } from '../language/names';

export const SHOWN_FACETS: readonly Facet[] = FACETS;

const NAMES: Record<Facet, (value: string, label: string) => string> = {
  kind: (value) => messageFor(`kind.${value}`) ?? value,
  language: (value) => capital(languageName(value)),
  countries: (value) => countryName(value),
  sectors: (value) => sectorName(value),
  hs_codes: (value) => value.replace(/^(\d{4})(\d)/, '$1.$2'),
  organisation: (_value, label) => label,
};

export function valueName(facet: Facet, value: string, label = value): string {
  return NAMES[facet](value, label);
}
