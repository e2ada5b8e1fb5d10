/** A network that breaks and heals, on the harness' own server: the split and the return as the room sees them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectIrc } from '../../../harness/irc-client.ts';
import { connectSession } from '../../../harness/irc-session.ts';
import { type Modern, startModern } from '../../../harness/modern.ts';

let ircd: Modern | undefined;
beforeAll(async () => {
  ircd = await startModern(['irc.test']);
});
afterAll(() => ircd?.[Symbol.asyncDispose]());

test('45-64 a split is one event, the return another, with the ranks that were held', async () => {
  if (ircd === undefined) throw new Error('no server');
  const { port, server } = ircd;
  const people = await Promise.all(['Ada', 'Bob', 'Cleo'].map((nick) => connectIrc({ port, nick })));
  await people[0]?.join('#room');
  for (const one of people.slice(1)) await one.join('#room');
  await using us = await connectSession({ port, nick: 'juliet' });
  await us.join('#room');
  await us.event('members', ({ complete }) => complete === true);
  server.split('leaf.test', ['Ada', 'Bob']);
  const gone = await us.event('members', ({ changes }) => changes[0]?.is === 'out');
  expect(gone.changes).toEqual(
    ['ada', 'bob'].map((person) => ({ is: 'out', person, how: 'lost', reason: 'modern.test leaf.test' })),
  );
  server.rejoin('leaf.test');
  const back = await us.event('members', ({ changes }) => changes[0]?.is === 'in');
  expect(back.changes).toMatchObject([
    { member: { nick: 'Ada', power: 'moderator' } },
    { member: { nick: 'Bob', power: 'participant' } },
  ]);
  for (const one of people) one.cut();
});
