/** Documents: reading, correcting, deciding who sees them, removing. */
import { address, get, request, type Page } from './client';
import type {
  AudienceChoice,
  DeletedDocument,
  DocumentDetail,
  FactsChange,
  KnownCopy,
  Note,
  NoteBody,
  PageMarks,
  SimilarDocument,
  UploadedFile,
  Version,
} from './types';

const at = (id: string, below = '') => `/documents/${encodeURIComponent(id)}${below}`;

export const getDocument = (id: string, signal?: AbortSignal) => get<DocumentDetail>(at(id), {}, signal);
/** `title` holds words that stand in it, whatever their case and accents. */
export const listDocuments = (query: { own?: boolean; mine?: boolean; title?: string; cursor?: string | null; limit?: number }) =>
  get<Page<DocumentDetail>>('/documents', query);
export const correctDocument = (id: string, facts: FactsChange) => request<DocumentDetail>('PATCH', at(id), { body: facts });
export const setAudience = (id: string, audience: AudienceChoice, draft: boolean) =>
  request<DocumentDetail>('PUT', at(id, '/audience'), { body: { ...audience, draft } });
export const deleteDocument = (id: string) => request<DeletedDocument>('DELETE', at(id));
export const restoreDocument = (id: string) => request<DocumentDetail>('POST', at(id, '/restore'));
export const deletedDocuments = () => get<Page<DeletedDocument>>('/deleted-documents', { limit: 50 });
export const versionsOf = (id: string) => get<Version[]>(at(id, '/versions'));
export const similarTo = (id: string) => get<SimilarDocument[]>(at(id, '/similar'), { limit: 5 });
export const copiesOf = (id: string) => get<KnownCopy[]>(at(id, '/copies'));

export const originalAddress = (id: string, version?: number) => address(at(id, '/original'), { version });
export const pageImageAddress = (id: string, page: number, width: number) => address(at(id, `/pages/${page}`), { width });
export const marksOn = (id: string, page: number, passage: number, signal: AbortSignal) =>
  get<PageMarks>(at(id, `/pages/${page}/marks`), { passage }, signal);

export const writeNote = (note: NoteBody) => request<UploadedFile>('POST', '/notes', { body: note });
export const getNote = (id: string) => get<Note>(`/notes/${encodeURIComponent(id)}`);
export const rewriteNote = (id: string, note: { title: string; text: string }) =>
  request<UploadedFile>('PUT', `/notes/${encodeURIComponent(id)}`, { body: note });
