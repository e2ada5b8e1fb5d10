/** The hourly sweep. */
import { expect, test } from 'vitest';
import { sweepIn } from '../../../src/process/sweeping.ts';
import { createErrorLog } from '../../harness/error-log.ts';

test('one step that fails is told by name, and leaves out no other', async () => {
  const done: string[] = [];
  const logged: string[] = [];
  const step = (name: string) => async (): Promise<void> => void done.push(name);
  const fails = async (): Promise<void> => Promise.reject(new Error('the disk is full'));
  await sweepIn({ messages: step('messages'), uploads: fails, pictures: step('pictures') }, createErrorLog([], logged));
  expect(done).toEqual(['messages', 'pictures']);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('uploads');
});
