/** What the service answers: docs/openapi.json in types. Dates are ISO 8601 texts. */

export type Role = 'administrator' | 'coordinator' | 'member' | 'chatbot';
export type PersonRole = Exclude<Role, 'chatbot'>;

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  organisation: string | null;
  active: boolean;
  created: string;
  last_sign_in: string | null;
}

export interface Organisation {
  id: string;
  name: string;
  country: string | null;
  sectors: string[];
}

export interface Session {
  kind: 'member' | 'key';
  member: Member | null;
  role: Role;
  organisation: Organisation | null;
  may_contribute: boolean;
  may_administer: 'everything' | 'organisation' | 'nothing';
  must_change_password: boolean;
  csrf_token: string | null;
  expires: string | null;
}

export interface OpenSession {
  id: string;
  created: string;
  expires: string;
  last_seen: string;
  user_agent: string;
  current: boolean;
}

export interface Invitation {
  id: string;
  email: string;
  name: string;
  role: Role;
  organisation: string | null;
  created: string;
  expires: string;
}

export interface ApiKey {
  id: string;
  name: string;
  organisation: string;
  scope: 'search' | 'contribute';
  hint: string;
  created: string;
  expires: string | null;
  last_used: string | null;
  revoked: string | null;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string | null;
  actor_name: string | null;
  action: string;
  object_type: string;
  object_id: string;
  organisation: string | null;
  detail: Record<string, string>;
  request_id: string | null;
}

export const KINDS = ['market_report', 'trade_agreement', 'know_how', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export type AudienceScope = 'cluster' | 'organisations' | 'owner';

export interface Audience {
  scope: AudienceScope;
  organisations: string[] | null; // told to the owning firm alone
}

export interface OrganisationName {
  id: string;
  name: string;
}

export interface DocumentFacts {
  title: string;
  kind: Kind;
  language: string | null;
  countries: string[];
  sectors: string[];
  hs_codes: string[];
  published: string | null;
  valid_until: string | null;
  source: string | null;
}

export interface Document extends DocumentFacts {
  id: string;
  url: string;
  organisation: OrganisationName;
  contributor: string | null;
  audience: Audience;
  draft: boolean;
  parent: string | null;
  created: string;
  updated: string;
}

/** A stretch of a passage's text in code points, not in UTF-16 units. */
export interface Highlight {
  start: number;
  end: number;
}

export interface Why {
  by_words: boolean;
  by_meaning: boolean;
  words: string[];
  meaning: number | null;
}

export interface Passage {
  id: number;
  ordinal: number;
  text: string;
  language: string;
  heading_path: string[];
  first_page: number | null;
  last_page: number | null;
  place: string | null;
  is_table: boolean;
}

export interface PassageHit extends Passage {
  url: string;
  score: number;
  highlights: Highlight[];
  why: Why;
  verdict: Verdict | null; // one's own
}

export interface DocumentHit {
  document: Document;
  score: number;
  in_another_language: boolean;
  passages: PassageHit[];
  verdict: Verdict | null; // one's own, of the document as a whole
}

/** What a verdict is about: a document, or a passage of it, as the answer to a question. */
export interface Hit {
  query: string;
  document: string;
  passage: number | null; // its ordinal
}

export type Verdict = 'helpful' | 'not_helpful';
export const VERDICT_REASONS = ['wrong_topic', 'outdated', 'incomplete', 'wrong_language', 'other'] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

export interface FeedbackSummary {
  helpful: number;
  not_helpful: number;
  reasons: Partial<Record<VerdictReason, number>>;
  comments: { text: string; made: string }[];
}

export const FACETS = ['kind', 'language', 'countries', 'sectors', 'hs_codes', 'organisation'] as const;
export type Facet = (typeof FACETS)[number];

export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

export type Mode = 'hybrid' | 'semantic' | 'keyword';
export type Order = 'relevance' | 'date';

export interface SearchFilters {
  kinds?: string[];
  languages?: string[];
  countries?: string[];
  sectors?: string[];
  hs_codes?: string[];
  organisations?: string[];
  published_from?: string | null;
  published_to?: string | null;
  documents?: string[];
}

export interface SearchBody {
  query: string;
  filters: SearchFilters;
  mode: Mode;
  order: Order;
  limit: number;
  offset: number;
  passages_per_document: number;
  facets: boolean;
}

/** How a stretch of the question was read. */
export interface Operator {
  kind: 'phrase' | 'left_out' | 'kinds' | 'languages' | 'countries' | 'sectors' | 'hs_codes' | 'organisations' | 'published_from' | 'published_to';
  value: string;
  start: number;
  end: number;
  /** False of a phrase that stands nowhere: its words were searched for instead. */
  applied: boolean;
}

export interface SearchAnswer {
  language: string | null;
  total: number;
  nothing_found: boolean;
  operators: Operator[];
  hits: DocumentHit[];
  facets: Partial<Record<Facet, FacetValue[]>>;
}

export interface PassagesAnswer {
  document: Document;
  passages: Passage[];
  total: number;
}

export interface Suggestion {
  text: string;
  kind: 'query' | 'title' | 'heading' | 'spelling';
  document: string | null; // of titles and headings
}

export interface Failure {
  code: string;
  message: string;
  hint: string | null;
}

export type Stage = 'queued' | 'converting' | 'embedding' | 'indexing' | 'ready' | 'failed';

export interface Job {
  id: number;
  document: string;
  title: string;
  file_name: string;
  version: number;
  stage: Stage;
  place: number | null; // in the queue; 1 is next
  done: number | null; // pages or passages
  total: number | null;
  failure: Failure | null;
  attempts: number;
  warnings: string[];
  pages: number | null;
  passages: number | null;
  created: string;
  finished: string | null;
  can_cancel: boolean;
  can_retry: boolean;
}

export interface JobsEvent {
  full: boolean;
  jobs: Job[];
  gone: number[];
}

export interface JobsOverview {
  stages: Partial<Record<Stage, number>>;
  organisations: { organisation: string; stages: Partial<Record<Stage, number>> }[];
  failures: { organisation: string; code: string; count: number; last: string | null }[];
  workers: ('running' | 'stopped')[];
  index: { state: 'ready' | 'opening' | 'failed'; passages: number | null; of: number };
}

export interface OriginalFile {
  version: number;
  file_name: string;
  media_type: string;
  size: number;
  pages: number | null;
  passages: number | null;
  has_page_images: boolean;
}

/** In fractions of the page. */
export interface PageMark {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PageMarks {
  page: number;
  passage: number;
  marks: PageMark[];
}

export interface DocumentDetail extends Document {
  state: 'ready' | 'processing' | 'failed';
  guessed: string[]; // names of facts
  file: OriginalFile | null;
  attachments: { id: string; title: string }[];
  may_change: boolean;
  is_note: boolean;
  job: Job | null;
}

export interface Version {
  number: number;
  file_name: string;
  media_type: string;
  size: number;
  pages: number | null;
  passages: number | null;
  stage: Stage;
  current: boolean;
  failure: Failure | null;
  created: string;
  job: number | null;
}

export interface KnownCopy {
  document: string;
  url: string;
  title: string;
  organisation: OrganisationName;
  share: number; // 0 to 1
  exact: boolean;
}

export interface UploadedFile {
  file_name: string;
  outcome: 'added' | 'new_version' | 'unchanged' | 'updated' | 'retried' | 'failed_before' | 'duplicate' | 'refused';
  document: string | null;
  job: number | null;
  size: number | null;
  media_type: string | null;
  failure: Failure | null;
  copies: KnownCopy[];
}

export interface DeletedDocument {
  id: string;
  title: string;
  deleted: string;
  restorable_until: string;
}

export interface SimilarDocument {
  document: Document;
  score: number;
}

export interface AudienceChoice {
  scope: AudienceScope;
  organisations: string[];
}

/** What is left out is guessed, or stays; null says that there is none. */
export type FactsChange = Partial<DocumentFacts>;

export interface SharedFacts extends FactsChange {
  audience: AudienceChoice;
  draft: boolean;
}

export interface NoteBody extends SharedFacts {
  title: string;
  text: string; // Markdown
}

export interface Note {
  document: string;
  title: string;
  text: string;
}

export interface SavedParameters {
  filters: SearchFilters;
  mode: Mode;
  order: Order;
}

export interface SavedSearch {
  id: string;
  name: string;
  query: string;
  parameters: SavedParameters;
  made: string;
}

export type RequestState = 'open' | 'answered';

/** Know-how that a firm wants of the cluster. */
export interface KnowledgeRequest {
  id: string;
  text: string;
  language: string | null;
  organisation: OrganisationName;
  asked: string;
  answers: { document: string; title: string; url: string; organisation: OrganisationName }[];
  state: RequestState;
  mine: boolean;
  may_change: boolean;
}

export interface SignInWays {
  password: boolean;
  openid_connect: { label: string; start_url: string } | null;
}

export interface GrowthPoint {
  from: string;
  documents: number;
  passages: number;
  organisations: number;
}

export interface UsePoint {
  from: string;
  searches: number;
  by_chatbots: number;
  members: number;
  found_nothing: number;
}
