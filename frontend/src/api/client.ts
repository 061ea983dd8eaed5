/** One way to talk to the service: JSON, the CSRF token, problems as errors, and a session that ends without losing a request. */

export interface InvalidField {
  field: string;
  message: string;
  code: string;
}

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  hint?: string | null;
  request_id?: string;
  errors?: InvalidField[] | null;
}

/** What the service refused (RFC 9457), or that it could not be reached (`code` "unreachable", `status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  readonly requestId: string | null;
  readonly fields: InvalidField[];
  readonly retryAfter: number | null; // seconds

  constructor(body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code;
    this.hint = body.hint ?? null;
    this.requestId = body.request_id ?? null;
    this.fields = body.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>;

interface Options {
  query?: Query;
  body?: unknown; // sent as JSON
  form?: FormData;
  signal?: AbortSignal;
  /** For requests that nobody has to be signed in for, and those that ask whether somebody is. */
  evenSignedOut?: boolean;
}

const PREFIX = '/api/v1';

let csrfToken: string | null = null;
let signInAgain: (() => Promise<void>) | null = null;

export function useCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** `ask` is called when the session has ended; the request that found out is repeated once it resolves. */
export function onSessionEnded(ask: () => Promise<void>): void {
  signInAgain = ask;
}

export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  const said = parameters.toString();
  return `${PREFIX}${path}${said ? `?${said}` : ''}`;
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return request<T>('GET', path, { query, signal });
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const answer = await send(method, path, options);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

/** The answer itself, for what is no JSON. Throws Problem. */
export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const answer = await attempt(method, path, options);
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (problem.status === 401 && !options.evenSignedOut && signInAgain !== null) {
    await signInAgain();
    return send(method, path, options);
  }
  throw problem;
}

/** Asks to sign in again, for requests that `send` cannot make; they can be made again once this resolves. */
export async function signInOnceMore(): Promise<void> {
  await signInAgain?.();
}

/** What a change has to carry, for requests that `send` cannot make (uploads that tell their progress). */
export function changeHeaders(): Record<string, string> {
  return csrfToken ? { 'X-CSRF-Token': csrfToken } : {};
}

async function attempt(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') Object.assign(headers, changeHeaders());
  let body: BodyInit | undefined = options.form;
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal ?? null,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem({ status: 0, code: 'unreachable', detail: String(error) });
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const retryAfter = Number(answer.headers.get('retry-after')) || null;
  return problemFrom(answer.status, await answer.text(), retryAfter);
}

export function problemFrom(status: number, text: string, retryAfter: number | null = null): Problem {
  try {
    const body = JSON.parse(text) as Partial<ProblemBody>;
    if (typeof body.code === 'string' && typeof body.detail === 'string') {
      return new Problem({ ...(body as ProblemBody), status }, retryAfter);
    }
  } catch {
    // No JSON: something between us and the service answered.
  }
  return new Problem({ status, code: `http_${status}`, detail: `HTTP ${status}` }, retryAfter);
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
