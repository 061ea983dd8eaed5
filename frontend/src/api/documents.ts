/** Documents: reading, correcting, sharing, removing. */
import { get } from './client';
import type { Document } from './types';

const path = (id: string) => `/documents/${encodeURIComponent(id)}`;

export const getDocument = (id: string, signal?: AbortSignal) => get<Document>(path(id), {}, signal);
