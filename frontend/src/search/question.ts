/** A question as the address holds it, as the service takes it, and as chips show it. */
import type { Facet, Mode, Order, SearchBody } from '../api/types';

export interface Question {
  text: string;
  values: Record<Facet, string[]>; // alternatives within a facet
  from: string; // YYYY-MM-DD, or empty
  to: string;
  mode: Mode;
  order: Order;
  page: number; // 1, 2, 3 ...
}

export const PAGE_SIZE = 10;
const LAST_PAGE = 1 + 1000 / PAGE_SIZE; // how deep the service goes

const PARAMETERS: Record<Facet, string> = {
  kind: 'kind',
  language: 'lang',
  countries: 'country',
  sectors: 'sector',
  hs_codes: 'hs',
  organisation: 'firm',
};

const FACETS = Object.keys(PARAMETERS) as Facet[];

export function noValues(): Record<Facet, string[]> {
  return { kind: [], language: [], countries: [], sectors: [], hs_codes: [], organisation: [] };
}

export const NOTHING_ASKED: Question = {
  text: '',
  values: noValues(),
  from: '',
  to: '',
  mode: 'hybrid',
  order: 'relevance',
  page: 1,
};

/** What cannot be read is left out: an old or mistyped link still opens. */
export function readQuestion(parameters: URLSearchParams): Question {
  const values = noValues();
  for (const facet of FACETS) values[facet] = [...new Set(parameters.getAll(PARAMETERS[facet]).filter(Boolean))].sort();
  const page = Number(parameters.get('page') ?? 1);
  return {
    text: parameters.get('q') ?? '',
    values,
    from: day(parameters.get('from')),
    to: day(parameters.get('to')),
    mode: oneOf(parameters.get('mode'), ['hybrid', 'semantic', 'keyword']),
    order: oneOf(parameters.get('sort'), ['relevance', 'date']),
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  };
}

/** The parameters, without those that say what is so anyway. */
export function writeQuestion(question: Question): URLSearchParams {
  const parameters = new URLSearchParams();
  if (question.text) parameters.set('q', question.text);
  for (const facet of FACETS) for (const value of question.values[facet]) parameters.append(PARAMETERS[facet], value);
  if (question.from) parameters.set('from', question.from);
  if (question.to) parameters.set('to', question.to);
  if (question.mode !== 'hybrid') parameters.set('mode', question.mode);
  if (question.order !== 'relevance') parameters.set('sort', question.order);
  if (question.page !== 1) parameters.set('page', String(question.page));
  return parameters;
}

export function searchAddress(question: Question): string {
  const said = writeQuestion(question).toString();
  return said ? `/#${said}` : '/';
}

export function searchBody(question: Question): SearchBody {
  const { values } = question;
  return {
    query: question.text.trim(),
    filters: {
      kinds: values.kind,
      languages: values.language,
      countries: values.countries,
      sectors: values.sectors,
      hs_codes: values.hs_codes,
      organisations: values.organisation,
      published_from: question.from || null,
      published_to: question.to || null,
    },
    mode: question.mode,
    order: question.order,
    limit: PAGE_SIZE,
    offset: (question.page - 1) * PAGE_SIZE,
    passages_per_document: 3,
    facets: true,
  };
}

export function toggled(question: Question, facet: Facet, value: string): Question {
  const before = question.values[facet];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value].sort();
  return { ...question, values: { ...question.values, [facet]: after }, page: 1 };
}

export function withoutFilters(question: Question): Question {
  return { ...question, values: noValues(), from: '', to: '', page: 1 };
}

export function countFilters(question: Question): number {
  return FACETS.reduce((sum, facet) => sum + question.values[facet].length, 0) + (question.from ? 1 : 0) + (question.to ? 1 : 0);
}

function oneOf<Value extends string>(given: string | null, allowed: readonly [Value, ...Value[]]): Value {
  return allowed.find((value) => value === given) ?? allowed[0];
}

function day(given: string | null): string {
  return given && /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : '';
}
