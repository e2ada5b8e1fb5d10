/** Whose voice there is in a MUC for somebody of the network: their own, one that is on its way, the herald's, or none. */
import { describe, expect, test } from 'vitest';
import type { Told } from '../../../src/plumbing/muc-stanzas.ts';
import { createPuppets, type PuppetsParts } from '../../../src/plumbing/puppets.ts';
import { empty } from '../../../src/xml/writer.ts';
import type { Outgoing } from '../../../src/xmpp/outgoing.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const muc = 'piazza@muc.test';
const jid = (nick: string): string => `${nick.toLowerCase()}@net.test/x`;

function setUp(parts: Partial<PuppetsParts> = {}) {
  const clock = createManualClock();
  const sent: Outgoing[] = [];
  const calls: string[] = [];
  const puppets = createPuppets({
    muc,
    suffix: ' (net)',
    address: (nick) => (nick.startsWith('?') ? undefined : jid(nick)),
    looks: () => empty,
    send: (stanzas) => void sent.push(...stanzas),
    clock,
    onChange: () => void calls.push('change'),
    onDoubt: () => void calls.push('doubt'),
    onClosed: (condition) => void calls.push(`closed: ${condition}`),
    onOpen: () => void calls.push('open'),
    ...parts,
  });
  /** What was sent since the last look: "type from to". */
  const said = (): readonly string[] =>
    sent.splice(0).map(({ type = 'available', from, to }) => `${type} ${from.split('@')[0]} ${to[0]?.split('/')[1]}`);
  const base = { codes: new Set<number>(), affiliation: 'none', role: 'participant', isDestroyed: false };
  const hear = (who: string, told: Partial<Told> & Pick<Told, 'is' | 'nick'>): boolean =>
    puppets.hear(jid(who), { ...base, isSelf: true, ...told });
  const refuse = (who: string, condition: string): boolean =>
    hear(who, { is: 'refused', nick: who, error: { type: 'cancel', condition } });
  const goes = (who: string, ...codes: readonly number[]): boolean =>
    hear(who, { is: 'gone', nick: who, codes: new Set(codes) });
  /** Speaks, and is let in. */
  const enter = (who: string): void => {
    puppets.voice(who);
    hear(who, { is: 'here', nick: who });
  };
  return { clock, puppets, said, calls, hear, refuse, goes, enter };
}

describe('coming in', () => {
  test('who speaks is asked for once, and speaks when they are in', () => {
    const { puppets, said, hear, calls } = setUp();
    expect([puppets.voice('tybalt'), puppets.voice('tybalt')]).toEqual([{ is: 'coming' }, { is: 'coming' }]);
    expect(said()).toEqual(['available tybalt tybalt']);
    expect(hear('benvolio', { is: 'here', nick: 'benvolio' })).toBe(false);
    hear('tybalt', { is: 'here', nick: 'nurse', isSelf: false });
    expect(puppets.voice('tybalt')).toEqual({ is: 'coming' });
    hear('tybalt', { is: 'here', nick: 'tybalt' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'own', from: jid('tybalt'), nick: 'tybalt' });
    expect(calls).toEqual(['open', 'change']);
  });

  test('whom a MUC of thousands tells of one after the other waits until it comes to them', async () => {
    const { clock, puppets, said, hear, calls } = setUp();
    puppets.voice('tybalt');
    for (let i = 0; i < 12; i++) {
      await clock.advance(10_000);
      hear('tybalt', { is: 'here', nick: `citizen${i}`, isSelf: false });
    }
    hear('tybalt', { is: 'here', nick: 'tybalt' });
    expect([puppets.voice('tybalt').is, said(), calls]).toEqual([
      'own',
      ['available tybalt tybalt'],
      ['open', 'change'],
    ]);
  });

  test('who is not in the network’s room, or has another’s address, is spoken for', () => {
    const { puppets } = setUp();
    expect(puppets.voice('?stranger')).toEqual({ is: 'herald' });
    puppets.voice('tybalt');
    expect(puppets.voice('TYBALT')).toEqual({ is: 'herald' });
  });

  test('names that are taken: the suffix, a number, and then the herald for a while', async () => {
    const { puppets, said, refuse, clock } = setUp();
    puppets.voice('tybalt');
    for (let i = 0; i < 3; i++) refuse('tybalt', 'conflict');
    expect(said()).toEqual(['tybalt', 'tybalt (net)', 'tybalt (net) 2'].map((nick) => `available tybalt ${nick}`));
    expect(puppets.voice('tybalt')).toEqual({ is: 'herald' });
    await clock.advance(300_000);
    expect(puppets.voice('tybalt')).toEqual({ is: 'coming' });
  });

  test.each([
    ['forbidden', 'muted'],
    ['registration-required', 'herald'],
    ['service-unavailable', 'herald'],
    ['jid-malformed', 'herald'],
  ] as const)('refused with %s: %s', (condition, is) => {
    const { puppets, refuse, calls } = setUp();
    puppets.voice('tybalt');
    refuse('tybalt', condition);
    expect([puppets.voice('tybalt'), calls.at(-1)]).toEqual([{ is }, 'change']);
  });

  test('a room that lets nobody in is asked by nobody else for a minute', async () => {
    const { puppets, refuse, calls, said, clock } = setUp();
    puppets.voice('tybalt');
    refuse('tybalt', 'service-unavailable');
    said();
    expect([puppets.voice('benvolio'), said()]).toEqual([{ is: 'herald' }, []]);
    expect(calls).toEqual(['closed: service-unavailable', 'change']);
    await clock.advance(60_000);
    expect([puppets.voice('benvolio'), said()]).toEqual([{ is: 'coming' }, ['available benvolio benvolio']]);
  });

  test('of a full room those go who have been silent for long: its own people want to come in', async () => {
    const { clock, puppets, said, refuse, enter } = setUp();
    for (const nick of ['tybalt', 'romeo']) enter(nick);
    await clock.advance(600_000);
    puppets.voice('romeo');
    puppets.voice('benvolio');
    said();
    refuse('benvolio', 'service-unavailable');
    expect([said(), puppets.size]).toEqual([['unavailable tybalt tybalt'], 1]);
    await clock.advance(60_001);
    expect(puppets.voice('tybalt')).toEqual({ is: 'coming' });
  });

  test('who comes in without voice is spoken for, until they have one', () => {
    const { puppets, hear } = setUp();
    puppets.voice('tybalt');
    hear('tybalt', { is: 'here', nick: 'tybalt', role: 'visitor' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'herald' });
    hear('tybalt', { is: 'here', nick: 'romeo', isSelf: false, role: 'participant' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'herald' });
    hear('tybalt', { is: 'here', nick: 'tybalt', isSelf: false, role: 'participant' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'own', from: jid('tybalt'), nick: 'tybalt' });
  });

  test('whose voice is taken is not spoken for, under whichever name, in or out, until they have it again', () => {
    const { puppets, enter, hear, goes } = setUp();
    enter('tybalt');
    hear('tybalt', { is: 'here', nick: 'tybalt', isSelf: false, role: 'visitor' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'muted' });
    puppets.renamed('tybalt', 'cat');
    expect(puppets.voice('cat')).toEqual({ is: 'muted' });
    puppets.left('cat', '');
    expect(puppets.voice('cat')).toEqual({ is: 'coming' });
    hear('cat', { is: 'here', nick: 'cat', role: 'visitor' });
    expect(puppets.voice('cat')).toEqual({ is: 'muted' });
    goes('cat', 322);
    hear('cat', { is: 'here', nick: 'cat', role: 'participant' });
    puppets.voice('tybalt');
    hear('tybalt', { is: 'here', nick: 'tybalt', role: 'visitor' });
    expect(puppets.voice('tybalt')).toEqual({ is: 'herald' });
  });

  test('where the MUC is away, or says nothing, that is to be looked into', async () => {
    const { puppets, refuse, calls, clock } = setUp();
    puppets.voice('tybalt');
    refuse('tybalt', 'remote-server-not-found');
    expect([puppets.voice('tybalt'), calls]).toEqual([{ is: 'coming' }, ['doubt', 'change']]);
    await clock.advance(20_000);
    expect([calls.at(-1), puppets.size]).toEqual(['doubt', 0]);
  });
});

describe('going', () => {
  test.each([
    [[307], 'muted', 300_000],
    [[301], 'muted', 3_600_000],
    [[322], 'herald', 300_000],
    [[332], 'coming', 0],
    [[], 'coming', 0],
  ] as const)('put out with %j: %s for %i ms', async (codes, is, ms) => {
    const { puppets, enter, goes, clock } = setUp();
    enter('tybalt');
    goes('tybalt', ...codes);
    expect(puppets.voice('tybalt')).toEqual({ is });
    await clock.advance(ms);
    expect(puppets.voice('tybalt')).toEqual({ is: 'coming' });
  });

  test('as on the network, with what was said there', () => {
    const { puppets, enter, said } = setUp();
    enter('tybalt');
    said();
    puppets.left('tybalt', 'good night');
    puppets.left('benvolio', '');
    expect([said(), puppets.size]).toEqual([['unavailable tybalt tybalt'], 0]);
  });

  test('all at once, with a word or without', () => {
    const { puppets, enter, said } = setUp();
    for (const who of ['tybalt', 'benvolio']) enter(who);
    said();
    puppets.leaveAll('over');
    expect(said()).toEqual(['unavailable tybalt tybalt', 'unavailable benvolio benvolio']);
    enter('tybalt');
    said();
    puppets.forget();
    expect([said(), puppets.size]).toEqual([[], 0]);
  });

  test('what the MUC tells one of everybody else is told from what concerns them', () => {
    const { puppets, enter, hear } = setUp();
    puppets.voice('benvolio');
    enter('tybalt');
    const of = (to: string, nick: string): boolean => puppets.isOfOthers(jid(to), nick);
    expect([of('tybalt', 'romeo'), of('tybalt', 'tybalt'), of('benvolio', 'romeo'), of('nobody', 'romeo')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    hear('tybalt', { is: 'gone', nick: 'tybalt', codes: new Set([303]), newNick: 'cat' });
    expect([of('tybalt', 'tybalt'), of('tybalt', 'cat')]).toEqual([true, false]);
  });

  test('who was put out because something broke may come in anew: 307 with 333 is no kick', () => {
    const { puppets, goes, enter } = setUp();
    for (const codes of [[307, 333], [333]]) {
      enter('tybalt');
      goes('tybalt', ...codes);
      expect(puppets.voice('tybalt')).toEqual({ is: 'coming' });
    }
  });

  test('whom the MUC does not know comes in anew', () => {
    const { puppets, enter, said } = setUp();
    enter('tybalt');
    said();
    puppets.out(jid('tybalt'));
    expect([puppets.voice('tybalt'), said()]).toEqual([{ is: 'coming' }, ['available tybalt tybalt']]);
  });
});

describe('names', () => {
  test('change as on the network, the address stays', () => {
    const { puppets, enter, hear, said } = setUp();
    enter('tybalt');
    said();
    puppets.renamed('tybalt', 'cat');
    expect(said()).toEqual(['available tybalt cat']);
    hear('tybalt', { is: 'gone', nick: 'tybalt', codes: new Set([303]), newNick: 'cat' });
    hear('tybalt', { is: 'here', nick: 'cat' });
    expect(puppets.voice('cat')).toEqual({ is: 'own', from: jid('tybalt'), nick: 'cat' });
  });

  test('who was put out is so under another name too', () => {
    const { puppets, enter, goes } = setUp();
    enter('tybalt');
    goes('tybalt', 307);
    puppets.renamed('tybalt', 'cat');
    puppets.renamed('cat', 'prince');
    expect(puppets.voice('prince')).toEqual({ is: 'muted' });
    expect([puppets.voice('tybalt').is, puppets.voice('cat').is]).toEqual(['coming', 'coming']);
  });

  test('where the new one is refused the old one stays', () => {
    const { puppets, enter, refuse } = setUp();
    enter('tybalt');
    puppets.renamed('tybalt', 'cat');
    refuse('tybalt', 'conflict');
    expect(puppets.voice('cat')).toEqual({ is: 'own', from: jid('tybalt'), nick: 'tybalt' });
  });

  test('while one is coming in it comes in under the new one', () => {
    const { puppets, said } = setUp();
    puppets.voice('tybalt');
    puppets.renamed('tybalt', 'cat');
    puppets.renamed('nobody', 'somebody');
    expect(said()).toEqual(['available tybalt tybalt', 'available tybalt cat']);
  });
});

test('the least recent leaves; where all have just spoken nobody does', async () => {
  const { puppets, enter, said, clock } = setUp({ atMost: 2 });
  enter('tybalt');
  enter('benvolio');
  expect(puppets.voice('mercutio')).toEqual({ is: 'herald' });
  await clock.advance(60_000);
  puppets.voice('tybalt');
  said();
  expect(puppets.voice('mercutio')).toEqual({ is: 'coming' });
  expect(said()).toEqual(['unavailable benvolio benvolio', 'available mercutio mercutio']);
  expect(puppets.size).toBe(2);
});
