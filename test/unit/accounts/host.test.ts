/** What a session tells of its account while that stops is nobody's any more. */
import { expect, test } from 'vitest';
import { createHost } from '../../../src/accounts/host.ts';
import { noWishes } from '../../../src/accounts/wishes.ts';
import { createTestWorld, romeo, verona } from './account-world.ts';
import { setUp } from './executing.ts';

test('where it goes on is written down, until it stops: an account that was forgotten would be there again', async () => {
  const { world, accounts } = createTestWorld();
  const state = { isDeaf: false };
  const told: string[] = [];
  const row = { id: romeo, domain: 'net.test', owner: 'romeo@test' };
  const host = createHost(
    row,
    setUp().face,
    { ...world, fence: 1, wishes: noWishes },
    {
      isDeaf: () => state.isDeaf,
      put: ({ kind }) => void told.push(kind),
      resumeAt: (where) => told.push(where),
    },
  );
  const says = () => host.emit({ kind: 'room', at: new Date(0), chat: verona, change: {} });
  await host.checkpoint('here');
  says();
  expect([told.splice(0), accounts.get(romeo)]).toEqual([['here', 'room'], { ...row, resume: 'here' }]);
  accounts.delete(romeo);
  state.isDeaf = true;
  await host.checkpoint('there');
  says();
  expect([told, accounts.has(romeo)]).toEqual([[], false]);
});
