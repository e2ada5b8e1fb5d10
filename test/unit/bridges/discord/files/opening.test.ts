/** Files that are opened before it is their turn: what waits for the others is not lost. */
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openFiles } from '../../../../../bridges/discord/files/opening.ts';
import { systemClock } from '../../../../../src/ops/clock.ts';
import { createGuardedFetch } from '../../../../../src/process/guarded-fetch.ts';
import { startFileServer } from '../../../../harness/file-server.ts';
import { silentLog } from '../../../../harness/silent-log.ts';

const atMost = 20_000_000;

test('447-11 a file whose connection has not outlived the wait for its turn is fetched anew', async () => {
  await using files = await startFileServer();
  const bytes = Buffer.alloc(16_000_000, 'a cat ');
  const file = { url: files.put('/cat.png', { bytes }), name: 'cat.png' };
  const fetch = createGuardedFetch({ clock: systemClock, silentMs: 200 });
  const { signal } = new AbortController();
  const [opened] = await openFiles([file], atMost, { fetch, log: silentLog, from: [files.origin] }, signal);
  if (opened === undefined) throw new Error('it was not opened');
  expect(opened.size).toBe(bytes.length);
  await expect.poll(() => files.busy).toBe(0);
  expect((await buffer(opened.pieces())).equals(bytes)).toBe(true);
  expect(files.fetched('/cat.png')).toBe(2);
});
