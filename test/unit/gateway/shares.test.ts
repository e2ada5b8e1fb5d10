/** Of a shared account, what the network tells it alone and asks of its user is for its owner's clients, whoever else is in its rooms. */
import { expect, test } from 'vitest';
import { plainText } from '../../../src/core/content.ts';
import { accountId, personId } from '../../../src/core/ids.ts';
import { admits, shownAs } from '../../../src/gateway/shares.ts';
import { addresses, createWorld, desk, owner } from './rooms/world.ts';

const guest = 'juliet@example.org/garden';
const account = { id: accountId('bot-on-net'), owner, on: 'net=~+bot' };

/** These are in, in that order. */
function shared(...clients: readonly string[]) {
  const world = createWorld('bot', {}, { account });
  const entering = clients.map((client) => world.begin(client, 'Bot'));
  world.list('Bot', 'Juliet');
  for (const one of entering) one.finish([]);
  return world;
}

test('a notice goes to its owner', () => {
  const notice = { kind: 'notice', at: new Date(0), text: plainText('Your password is now x') } as const;
  expect(shared(desk, guest).event(notice)).toMatchObject([{ to: [desk] }]);
  expect(shared(guest).event(notice)).toMatchObject([{ to: [owner] }]);
});

test('nobody else’s client is asked what it is', () => {
  const asker = { person: personId('juliet') };
  expect(shared(desk, guest).face.askedBy(asker)?.to).toBe(desk);
  expect(shared(guest).face.askedBy(asker)).toBeUndefined();
});

test('its occupant is its own there, as an account’s of one’s own is one’s own', () => {
  const where = { addresses, domain: 'irc.test' };
  expect(shownAs({ ...where, account })).toBe('net=~+bot@irc.test');
  expect(shownAs({ ...where, account: { ...account, on: 'net=~work' } })).toBe(owner);
});

test('it admits people, and whole domains but not those below them', () => {
  const share = { id: account.id, owner, admits: new Set(['juliet@example.org', 'verona.example']) };
  const who = ['juliet@example.org', 'paris@example.org', 'paris@verona.example', 'paris@chat.verona.example', owner];
  const of = (bare: string) => admits(share, { bare, domain: bare.slice(bare.indexOf('@') + 1) });
  expect(who.map(of)).toEqual([true, false, true, false, true]);
});
