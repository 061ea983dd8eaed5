import { toast } from '../parts/announce.svelte';
import { inWords } from '../parts/problems';

/** Does a piece of work; a failure is told in a message that stays. True where it was done. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    toast(inWords(error), { tone: 'danger' });
    return false;
  }
  if (done) toast(done);
  return true;
}
