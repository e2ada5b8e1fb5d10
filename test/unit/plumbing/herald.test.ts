/** How a herald comes into its MUC: in time, and once. */
import { expect, test } from 'vitest';
import { createHerald } from '../../../src/plumbing/herald.ts';
import type { Told } from '../../../src/plumbing/muc-stanzas.ts';
import type { Outgoing } from '../../../src/xmpp/outgoing.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  const sent: Outgoing[] = [];
  const calls: string[] = [];
  /** What it is to be called. */
  const called = { now: 'herald' };
  const herald = createHerald({
    ...{ jid: 'herald@net.test/x', muc: 'piazza@muc.test', pair: '#verona', suffix: ' (net)', clock },
    name: () => called.now,
    password: undefined,
    send: (stanzas) => void sent.push(...stanzas),
    since: () => undefined,
    selfPing: async () => true,
    onIn: () => void calls.push('in'),
    onStillIn: () => {},
    onOut: () => void calls.push('out'),
    onRefused: (condition) => void calls.push(condition),
    onEnd: () => void calls.push('end'),
    onVoice: () => {},
  });
  /** @param newNick they are called so from now on (§7.6) */
  const hear = (nick: string, isSelf = false, newNick?: string): void => {
    const told: Told = {
      nick,
      isSelf,
      codes: new Set(newNick === undefined ? [] : [303]),
      is: newNick === undefined ? 'here' : 'gone',
      ...(newNick !== undefined && { newNick }),
      affiliation: 'none',
      role: 'participant',
      isDestroyed: false,
    };
    herald.hear(told);
  };
  /** By which nicks it came in, or wanted to be called. */
  const asked = (): readonly (string | undefined)[] =>
    sent.flatMap(({ type, to }) => (type === undefined ? [to[0]?.split('/')[1]] : []));
  return {
    clock,
    herald,
    hear,
    called,
    calls,
    asked,
    joins: () => sent.filter(({ type }) => type === undefined).length,
  };
}

test('whom a MUC of thousands tells of one after the other waits until it comes to them', async () => {
  const { clock, herald, hear, calls, joins } = setUp();
  herald.begin();
  for (let i = 0; i < 12; i++) {
    await clock.advance(10_000);
    hear(`citizen${i}`);
  }
  hear('herald', true);
  expect([calls, joins()]).toEqual([['in'], 1]);
});

test('where the MUC stops in the midst of it, it is tried again', async () => {
  const { clock, herald, hear, joins } = setUp();
  herald.begin();
  await clock.advance(20_000);
  hear('citizen');
  await clock.advance(29_000);
  expect(joins()).toBe(1);
  await clock.advance(10_000);
  expect(joins()).toBe(2);
});

test('a MUC that tells of others for ever is not waited for', async () => {
  const { clock, herald, hear, joins } = setUp();
  herald.begin();
  for (let i = 0; i < 31; i++) {
    await clock.advance(10_000);
    hear('citizen');
  }
  expect(joins()).toBe(2);
});

test('it takes the name that its room has by now once it is in, and is known by the one before', () => {
  const { herald, hear, called, asked } = setUp();
  herald.begin();
  hear('herald', true);
  called.now = 'Verona: #square';
  herald.rename();
  herald.rename();
  hear('herald', true, 'Verona: #square');
  hear('Verona: #square', true);
  expect(asked()).toEqual(['herald', 'Verona: #square']);
  expect(['herald', 'Verona: #square', 'nurse'].map(herald.isCalled)).toEqual([true, true, false]);
});
