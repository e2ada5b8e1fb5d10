/** The hourly sweep. */
import { expect, test } from 'vitest';
import { sweepIn } from '../../../src/process/sweeping.ts';
import { createErrorLog } from '../../harness/error-log.ts';

const going = new AbortController().signal;

test('one step that fails is told by name, and leaves out no other', async () => {
  const done: string[] = [];
  const logged: string[] = [];
  const step = (name: string) => async (): Promise<void> => void done.push(name);
  const fails = async (): Promise<void> => Promise.reject(new Error('the disk is full'));
  await sweepIn(
    { messages: step('messages'), uploads: fails, pictures: step('pictures') },
    createErrorLog([], logged),
    going,
  );
  expect(done).toEqual(['messages', 'pictures']);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('uploads');
});

test('a process that ends begins no further step, and says nothing of the one that it cuts short', async () => {
  const ending = new AbortController();
  const done: string[] = [];
  const logged: string[] = [];
  const cut = async (): Promise<void> => {
    ending.abort();
    throw new TypeError('The database connection is not open');
  };
  const after = async (): Promise<void> => void done.push('pictures');
  await sweepIn({ uploads: cut, pictures: after }, createErrorLog([], logged), ending.signal);
  expect([done, logged]).toEqual([[], []]);
});
