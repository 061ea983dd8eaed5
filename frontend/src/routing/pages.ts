/** The pages and their addresses. A page's code is loaded when it is opened; search is there from the start. */
import type { Component } from 'svelte';

type Loaded = Promise<{ default: Component }>;

export const PAGES = {
  document: () => import('../document/DocumentPage.svelte'),
  share: () => import('../share/SharePage.svelte'),
  note: () => import('../share/NotePage.svelte'),
  requests: () => import('../requests/RequestsPage.svelte'),
  mine: () => import('../share/OwnDocumentsPage.svelte'),
  administration: () => import('../administration/AdministrationPage.svelte'),
  account: () => import('../access/AccountPage.svelte'),
  unknown: () => import('./UnknownPage.svelte'),
} satisfies Record<string, () => Loaded>;

export type PageName = keyof typeof PAGES | 'search';

/** For people who have not signed in: the service makes links to them. */
export const PUBLIC_PAGES = { '/invitation': 'invitation', '/password': 'password' } as const;

const FIXED: Record<string, PageName> = {
  '/': 'search',
  '/share': 'share',
  '/notes/new': 'note',
  '/mine': 'mine',
  '/requests': 'requests',
  '/administration': 'administration',
  '/account': 'account',
};

export function pageOf(path: string): PageName {
  if (Object.hasOwn(FIXED, path)) return FIXED[path]!;
  if (/^\/documents\/[^/]+$/.test(path)) return 'document';
  if (/^\/administration\/[a-z-]+$/.test(path)) return 'administration';
  return 'unknown';
}
