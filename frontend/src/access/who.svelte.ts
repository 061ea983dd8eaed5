/** Who is signed in, and the dialog that asks again when the session has ended. */
import * as api from '../api/session';
import { onSessionEnded, Problem, useCsrfToken } from '../api/client';
import type { Session } from '../api/types';

type Standing = 'asking' | 'out' | 'in' | 'unreachable';

let standing = $state<Standing>('asking');
let session = $state.raw<Session | null>(null);
let hasEnded = $state(false);
let waiting: (() => void)[] = [];

export const who = {
  get standing() {
    return standing;
  },
  /** Of somebody who is signed in. */
  get session() {
    return session;
  },
  get hasEnded() {
    return hasEnded;
  },
  /** The cluster, as somebody of a firm. */
  get mayAsk() {
    return session?.kind === 'member' && session.organisation !== null;
  },
  get mayCurate() {
    return session?.role === 'coordinator' || session?.role === 'administrator';
  },
};

export async function findOut(): Promise<void> {
  onSessionEnded(askAgain);
  try {
    welcome(await api.whoIsSignedIn());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    standing = error.status === 401 ? 'out' : 'unreachable';
  }
}

/** Of the person who comes in. After a session that ended, whatever waited for it goes on. */
export function welcome(opened: Session): void {
  const isAnother = session !== null && session.member?.id !== opened.member?.id;
  useCsrfToken(opened.csrf_token);
  session = opened;
  standing = 'in';
  hasEnded = false;
  const goOn = waiting;
  waiting = [];
  // What one person typed is not sent in another's name.
  if (isAnother) window.location.reload();
  else goOn.forEach((resolve) => resolve());
}

export async function leave(): Promise<void> {
  await api.signOut();
  useCsrfToken(null);
  session = null;
  standing = 'out';
  // Nothing of this person stays in memory.
  window.location.assign('/');
}

function askAgain(): Promise<void> {
  hasEnded = true;
  return new Promise((resolve) => waiting.push(resolve));
}
