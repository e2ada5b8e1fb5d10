/** What becomes of a stanza in a worker's mailbox whose account may run elsewhere. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { type PassingOn, takeOrPassOn } from '../../../src/process/passing-on.ts';

async function becomes(parts: Partial<PassingOn>): Promise<readonly string[]> {
  const became: string[] = [];
  const stanza: PassingOn = {
    isOurs: async () => true,
    take: () => void became.push('taken'),
    forward: async () => void became.push('forwarded'),
    refuse: ({ code }) => void became.push(code),
    ...parts,
  };
  await takeOrPassOn(stanza).catch(() => became.push('rejected'));
  return became;
}

const fails = (error: Error) => () => Promise.reject(error);

test('ours is taken, another worker’s goes on', async () => {
  expect(await becomes({})).toEqual(['taken']);
  expect(await becomes({ isOurs: async () => false })).toEqual(['forwarded']);
});

test('who sent it is told where nobody can say whose it is, or it can not go on, whatever went wrong', async () => {
  const away = new Error('the database is away');
  expect(await becomes({ isOurs: fails(away) })).toEqual(['storage-away', 'rejected']);
  const isOurs = async (): Promise<boolean> => false;
  expect(await becomes({ isOurs, forward: fails(new Error('OOM')) })).toEqual(['storage-away', 'rejected']);
  const full = new GatewayError('queue-full');
  expect(await becomes({ isOurs, forward: fails(full) })).toEqual(['queue-full', 'rejected']);
});
