/** A stanza for which the server ends the stream is found among all others, and it alone is given up. */
import { expect, test } from 'vitest';
import { createSuspects } from '../../../src/delivery/suspects.ts';
import { silentLog } from '../../harness/silent-log.ts';

/** A stream that ends with each stanza that has the word. */
function setUp(word = 'bad') {
  const written: string[] = [];
  let isDead = false;
  const pipe = {
    up: true,
    write(text: string): boolean {
      written.push(text);
      isDead = text.includes(word);
      return true;
    },
    drained: async () => undefined,
    barrier: () => (isDead ? Promise.reject(new Error('the stream is over')) : Promise.resolve()),
  };
  const errors: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
  const suspects = createSuspects({ pipe, domain: 'net.test', log });
  /** As far as it comes; what the stream ends for is told by whoever has it. */
  async function send(entry: string, text: string): Promise<readonly string[]> {
    const before = written.length;
    const reached = await suspects.send(entry, text).then(
      () => 'the end',
      () => 'its fault',
    );
    return [...written.slice(before), reached];
  }
  return { suspects, send, errors };
}

test('where the stream goes down for another reason nothing is suspected, and nothing given up', async () => {
  const { suspects, send } = setUp();
  suspects.ended(false, ['s 1', 's 2']);
  expect([suspects.has('s 1'), suspects.has('s 2')]).toEqual([false, false]);
  suspects.ended(true, ['s 1']);
  for (let ends = 0; ends < 3; ends++) {
    expect(await send('s 1', '<bad/>')).toEqual(['<bad/>', 'its fault']);
    suspects.ended(false, []);
  }
  expect(suspects.has('s 1')).toBe(true);
});

test('what was answered for before it is not said again; when two streams have ended for it alone it is passed over', async () => {
  const { suspects, send } = setUp();
  suspects.ended(true, ['s 1']);
  expect(await send('s 1', '<a/><bad/><c/>')).toEqual(['<a/>', '<bad/>', 'its fault']);
  suspects.ended(true, []);
  expect(await send('s 1', '<a/><bad/><c/>')).toEqual(['<bad/>', 'its fault']);
  suspects.ended(true, []);
  expect(await send('s 1', '<a/><bad/><c/>')).toEqual(['<c/>', 'the end']);
  expect(suspects.has('s 1')).toBe(false);
});

test('a stream that ends for something else in between is not laid at its door, nor is what went well', async () => {
  const { suspects, send } = setUp();
  suspects.ended(true, ['s 1']);
  suspects.ended(true, ['s 2']);
  expect([suspects.has('s 1'), suspects.has('s 2')]).toEqual([true, true]);
  expect(await send('s 1', '<bad/>')).toEqual(['<bad/>', 'its fault']);
  suspects.ended(true, []);
  suspects.ended(true, ['s 3']);
  expect(suspects.has('s 3')).toBe(true);
  expect(await send('s 2', '<a/>')).toEqual(['<a/>', 'the end']);
  suspects.ended(true, ['s 4']);
  expect(suspects.has('s 4')).toBe(true);
  expect(await send('s 1', '<bad/>')).toEqual(['<bad/>', 'its fault']);
});

test('114-14 the log says what was given up, from whom and to whom, and nothing of what it says', async () => {
  const { suspects, send, errors } = setUp();
  const stanza = "<message from='#verona@net.test/a&gt;b' to='romeo@test/desk'><body>bad</body></message>";
  for (let ends = 0; ends < 3; ends++) {
    suspects.ended(true, ['s 1']);
    if (ends < 2) await send('s 1', stanza);
  }
  expect(errors).toEqual([
    {
      domain: 'net.test',
      stanza: "<message from='#verona@net.test/a&gt;b' to='romeo@test/desk'>",
      bytes: stanza.length,
    },
  ]);
});

test('when none is suspected any more nothing is remembered', async () => {
  const { suspects, send } = setUp();
  for (let times = 0; times < 2; times++) {
    suspects.ended(true, ['s 1']);
    expect(await send('s 1', '<a/>')).toEqual(['<a/>', 'the end']);
  }
});
