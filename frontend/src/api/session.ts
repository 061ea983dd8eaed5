/** Signing in and out, invitations and password links. */
import { get, request } from './client';
import type { Invitation, OpenSession, Session } from './types';

export const whoIsSignedIn = () => request<Session>('GET', '/session', { evenSignedOut: true });

export const signIn = (email: string, password: string) =>
  request<Session>('POST', '/session', { body: { email, password }, evenSignedOut: true });

export const signOut = () => request<void>('DELETE', '/session', { evenSignedOut: true });

export const changePassword = (current: string, next: string) =>
  request<Session>('PUT', '/session/password', { body: { current, new: next } });

export const lookAtInvitation = (token: string) =>
  request<Invitation>('POST', '/invitations/look', { body: { token }, evenSignedOut: true });

export const acceptInvitation = (token: string, name: string, password: string) =>
  request<Session>('POST', '/invitations/accept', { body: { token, name, password }, evenSignedOut: true });

export const acceptPasswordLink = (token: string, password: string) =>
  request<void>('POST', '/password-links/accept', { body: { token, password }, evenSignedOut: true });

export const openSessions = () => get<OpenSession[]>('/sessions');
export const endSession = (id: string) => request<void>('DELETE', `/sessions/${encodeURIComponent(id)}`);
export const endOtherSessions = () => request<{ ended: number }>('DELETE', '/sessions');
