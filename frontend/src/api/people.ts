/** Organisations, members, invitations, keys and the audit trail. */
import { get, request, type Page } from './client';
import type { ApiKey, AuditEntry, Invitation, Member, Organisation, PersonRole } from './types';

const path = (kind: string, id: string, below = '') => `/${kind}/${encodeURIComponent(id)}${below}`;

export const listOrganisations = () => get<Organisation[]>('/organisations');
export const addOrganisation = (organisation: Organisation) => request<Organisation>('POST', '/organisations', { body: organisation });
export const changeOrganisation = ({ id, ...rest }: Organisation) => request<Organisation>('PUT', path('organisations', id), { body: rest });

export const listMembers = (organisation: string | null, cursor: string | null) =>
  get<Page<Member>>('/members', { organisation, cursor, limit: 50 });
export const changeMember = (id: string, change: Partial<Pick<Member, 'name' | 'role' | 'organisation' | 'active'>>) =>
  request<Member>('PATCH', path('members', id), { body: change });
export const endMemberSessions = (id: string) => request<{ ended: number }>('DELETE', path('members', id, '/sessions'));
export const makePasswordLink = (id: string) => request<{ url: string; expires: string }>('POST', path('members', id, '/password-link'));

export const listInvitations = () => get<Page<Invitation>>('/invitations', { limit: 200 });
export const invite = (body: { email: string; name: string | null; role: PersonRole; organisation: string | null }) =>
  request<Invitation & { url: string }>('POST', '/invitations', { body });
export const withdrawInvitation = (id: string) => request<void>('DELETE', path('invitations', id));

export const listKeys = (cursor: string | null) => get<Page<ApiKey>>('/keys', { cursor, limit: 50 });
export const makeKey = (body: { name: string; organisation: string | null; scope: ApiKey['scope']; expires: string | null }) =>
  request<ApiKey & { secret: string }>('POST', '/keys', { body });
export const revokeKey = (id: string) => request<void>('DELETE', path('keys', id));

export const listAudit = (filter: { action?: string; object_id?: string }, cursor: string | null) =>
  get<Page<AuditEntry>>('/audit', { ...filter, cursor, limit: 50 });
