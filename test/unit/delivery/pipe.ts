/** A component stream in a test's hands. */
import { Inbox } from '../../harness/inbox.ts';

/** What is written to it is got; each barrier is the test's to answer. */
export function createPipe() {
  const got = new Inbox<string>('the server', (text) => text);
  const barriers = new Inbox<PromiseWithResolvers<void>>('barriers', () => 'barrier');
  const pipe = {
    up: true,
    write(text: string): boolean {
      if (!pipe.up) return false;
      got.put(text);
      return true;
    },
    drained: async () => {},
    barrier(): Promise<void> {
      const one = Promise.withResolvers<void>();
      barriers.put(one);
      return one.promise;
    },
  };
  return { pipe, got, barriers, barrier: () => barriers.take(() => true, 'a barrier') };
}
