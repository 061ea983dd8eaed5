/** A failure in the reader's language: what happened, and what to do. */
import { Problem } from '../api/client';
import { messageFor, t } from '../language/language.svelte';

export interface Told {
  what: string;
  advice: string | null;
  requestId: string | null;
}

/** Codes that the catalogue knows are told in its words; the service's own words for the rest. */
export function tell(error: unknown): Told {
  if (!(error instanceof Problem)) {
    console.error(error);
    return { what: t('problem.unexpected'), advice: t('problem.unexpected.advice'), requestId: null };
  }
  const known = messageFor(`problem.${error.code}`, { seconds: error.retryAfter ?? 60 });
  if (known !== null) {
    return { what: known, advice: messageFor(`problem.${error.code}.advice`), requestId: null };
  }
  const fields = error.fields.map((one) => `${one.field.replace(/^body\./, '')}: ${one.message}`).join('; ');
  return {
    what: fields || error.message,
    advice: error.hint,
    requestId: error.status >= 500 ? error.requestId : null,
  };
}

export function inWords(error: unknown): string {
  const told = tell(error);
  return told.advice ? `${told.what} ${told.advice}` : told.what;
}
