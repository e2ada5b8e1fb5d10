/** Whoever is watched and is no member that is known (of a large guild not all are) is shown as their presence says, once a change. */
import { expect, test } from 'vitest';
import type { Core } from '../../../../bridges/discord/core.ts';
import { createPeople } from '../../../../bridges/discord/people.ts';
import { type NetworkEvent, personId } from '../../../../src/bridge/index.ts';
import { silentLog } from '../../../harness/silent-log.ts';

test('PRE-10 how somebody is of whom nothing else is known is told as it changes, without a farewell in between', async () => {
  const presences = new Map([['7', { show: 'online' }]]);
  const events: NetworkEvent[] = [];
  const core = {
    guilds: new Map([['g', { members: new Map(), presences }]]),
    intents: { has: { presences: true } },
    rest: { get: async () => ({ id: '7', username: 'ada', global_name: null, avatar: null, discriminator: '0' }) },
    isUp: true,
    log: silentLog,
    emit: (event: NetworkEvent) => void events.push(event),
    now: () => new Date(0),
  } as unknown as Core;
  const people = createPeople(core, new AbortController().signal);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  people.watch([personId('7')]);
  await settle();
  presences.set('7', { show: 'away' });
  people.moved('7');
  await settle();
  people.mixed();
  await settle();
  presences.delete('7');
  people.moved('7');
  await settle();
  const shows = events.flatMap((event) => (event.kind === 'presence' ? [event.show] : []));
  expect(shows).toEqual(['online', 'away', 'offline']);
});
