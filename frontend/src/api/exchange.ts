/** What members keep and ask: saved searches, and know-how that is wanted of the cluster. */
import { get, request, type Page } from './client';
import type { KnowledgeRequest, RequestState, SavedParameters, SavedSearch, SignInWays } from './types';

const at = (kind: string, id: string, below = '') => `/${kind}/${encodeURIComponent(id)}${below}`;

export const listSaved = () => get<{ items: SavedSearch[] }>('/saved-searches');
export const saveSearch = (body: { name: string; query: string; parameters: SavedParameters }) =>
  request<SavedSearch>('POST', '/saved-searches', { body });
export const renameSaved = (id: string, name: string) => request<SavedSearch>('PATCH', at('saved-searches', id), { body: { name } });
export const deleteSaved = (id: string) => request<void>('DELETE', at('saved-searches', id));

export const listRequests = (state: RequestState | 'all', cursor: string | null, limit = 50) =>
  get<Page<KnowledgeRequest>>('/requests', { state, cursor, limit });
export const askCluster = (text: string, language: string) => request<KnowledgeRequest>('POST', '/requests', { body: { text, language } });
export const answerRequest = (id: string, document: string) =>
  request<KnowledgeRequest>('POST', at('requests', id, '/answers'), { body: { document } });
export const takeAnswerBack = (id: string, document: string) =>
  request<void>('DELETE', at('requests', id, `/answers/${encodeURIComponent(document)}`));
export const changeRequest = (id: string, state: RequestState) => request<KnowledgeRequest>('PATCH', at('requests', id), { body: { state } });
export const deleteRequest = (id: string) => request<void>('DELETE', at('requests', id));

export const signInWays = () => request<SignInWays>('GET', '/sign-in-ways', { evenSignedOut: true });
