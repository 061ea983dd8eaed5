/** A failure in the reader's language: what happened, and what to do. */
import { Problem } from '../api/client';
import { messageFor, t } from '../language/language.svelte';
import { listed } from '../language/names';

export interface Told {
  what: string;
  advice: string | null;
  requestId: string | null;
}

/** Of a field that is not valid: as forms call it. */
function nameOf(field: string): string {
  const name = field.split('.').at(-1)!;
  return messageFor(`field.${name}`) ?? messageFor(`fact.${name}`) ?? name;
}

/** Codes that the catalogue knows are told in its words; the service's own words for the rest. */
export function tell(error: unknown): Told {
  if (!(error instanceof Problem)) {
    console.error(error);
    return { what: t('problem.unexpected'), advice: t('problem.unexpected.advice'), requestId: null };
  }
  const fields = listed([...new Set(error.fields.map((one) => nameOf(one.field)))]);
  const known = messageFor(`problem.${error.code}`, { fields });
  if (known !== null) {
    return { what: known, advice: messageFor(`problem.${error.code}.advice`), requestId: null };
  }
  // What the service could not do is for its log; the number leads there.
  if (error.status >= 500) return { what: t('problem.unavailable'), advice: t('problem.busy.advice'), requestId: error.requestId };
  return { what: error.message, advice: error.hint, requestId: null };
}

export function inWords(error: unknown): string {
  const told = tell(error);
  return told.advice ? `${told.what} ${told.advice}` : told.what;
}
