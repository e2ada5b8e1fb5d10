/** CHECKLIST 12.5 (191): what is not told of whom the owner has blocked, and what is said to whoever writes to them. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { chatId, messageId, personId } from '../../../../src/core/ids.ts';
import { child, conditionOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import {
  comesIn,
  createWorld,
  inbox,
  inVerona,
  key,
  noon,
  origin,
  owner,
  phone,
  room,
  sendIntent,
  text,
  toRoom,
  verona,
} from '../rooms/world.ts';

const tybalt = personId('tybalt');
const jid = 'tybalt%net@irc.test';
const direct = { direct: true, chat: chatId('tybalt') } as const;
const at = new Date(noon);
const kinds = (stanzas: readonly { readonly kind: string; readonly type?: string; readonly from: string }[]) =>
  stanzas.map(({ kind, type, from }) => `${kind} ${type} ${from}`);

function refusedOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'allowed';
}

describe('what they do', () => {
  test('191-02 is not told, in a conversation or in a room, and not kept; all others are', () => {
    const world = inVerona(['Romeo', 'juliet', 'tybalt'], [phone]);
    const ref = { id: messageId('seen'), part: 0 };
    world.says('tybalt', 'before', { ref });
    world.face.block([tybalt], true);
    const kept = world.archive.length;
    const by = { chat: verona, by: tybalt, at, target: ref };
    expect([
      world.says('tybalt', 'Peace! I hate the word', direct),
      world.says('tybalt', 'in the room'),
      world.event({ kind: 'edited', ...by, content: text('other') }),
      world.event({ kind: 'reaction', ...by, emoji: '👎', present: true }),
      world.event({ kind: 'retracted', ...by }),
      world.event({ kind: 'typing', chat: chatId('tybalt'), by: tybalt, active: true, at }),
      world.event({ kind: 'read', chat: chatId('tybalt'), by: tybalt, upTo: ref, at }),
      world.event({ kind: 'invited', chat: chatId('#duel'), by: 'Tybalt', person: tybalt, at }),
    ]).toEqual(Array.from({ length: 8 }, () => []));
    expect(world.archive).toHaveLength(kept);
    expect(world.says('juliet', 'x')).toHaveLength(1);
    expect(world.says('juliet', 'x', { direct: true, chat: chatId('juliet') })).toHaveLength(1);
    world.face.block([tybalt], false);
    expect(world.says('tybalt', 'again')).toHaveLength(1);
    expect(world.says('tybalt', 'again', direct)).toHaveLength(1);
  });

  test('425-01 what they take away of others as moderators is gone all the same', () => {
    const world = inVerona(['Romeo', 'juliet', '@tybalt'], [phone]);
    const ref = { id: messageId('rude'), part: 0 };
    const [said] = world.says('juliet', 'rude', { ref });
    world.face.block([tybalt], true);
    const told = inbox(world.event({ kind: 'retracted', chat: verona, by: tybalt, at, target: ref }), phone);
    expect(told.map((one) => child(one, 'retract', 'urn:xmpp:message-retract:1')?.attrs.id)).toEqual([said?.id]);
    expect(world.archive.at(-1)).toMatchObject({ kind: 'retraction', about: said?.id });
  });

  test('45-20 who is in a room is shown all the same', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.face.block([tybalt], true);
    expect(kinds(world.changes(comesIn('tybalt')))).toEqual([`presence undefined ${room}/tybalt`]);
  });

  test('191-02 another name is the same person', () => {
    const world = inVerona(['Romeo', 'tybalt'], [phone]);
    world.face.block([tybalt], true);
    world.changes({ is: 'renamed', person: tybalt, nick: 'prince', as: personId('prince') });
    expect(world.says('prince', 'of cats')).toEqual([]);
    const moved = { kind: 'moved', chat: chatId('prince'), to: chatId('cat'), nick: 'cat', at } as const;
    expect(world.event(moved)).toEqual([]);
    expect(world.says('cat', 'meow', { direct: true, chat: chatId('cat') })).toEqual([]);
    world.face.block([tybalt], false);
    expect(world.says('cat', 'meow', { direct: true, chat: chatId('cat') })).toHaveLength(1);
  });

  test('191-02 a name that they have given up is anybody’s', () => {
    const world = inVerona(['Romeo', 'tybalt'], [phone]);
    world.face.block([tybalt], true);
    const renames = (from: string, to: string) =>
      world.changes({ is: 'renamed', person: personId(from), nick: to, as: personId(to) });
    renames('tybalt', 'juliet');
    expect(world.says('juliet', 'it is I')).toEqual([]);
    renames('juliet', 'prince');
    world.changes(comesIn('juliet'));
    expect(world.says('juliet', 'it is not he')).toHaveLength(1);
    expect(world.says('prince', 'of cats')).toEqual([]);
    const moved = { kind: 'moved', chat: chatId('juliet'), to: chatId('prince'), nick: 'prince', at } as const;
    expect(world.event(moved)).toEqual([]);
    renames('prince', 'tybalt');
    expect(world.says('tybalt', 'what, drawn')).toEqual([]);
    world.face.block([tybalt], false);
    for (const nick of ['tybalt', 'prince', 'juliet']) expect(world.says(nick, 'and talk of peace')).toHaveLength(1);
  });

  test('280-02 our own words that they would not hear are no business of theirs', () => {
    const world = createWorld();
    world.face.block([personId('romeo')], true);
    expect(world.says('Romeo', 'x', { ...direct, sentBy: key('1') })).toEqual([]);
  });
});

describe('how they are', () => {
  const online = { kind: 'presence', person: tybalt, show: 'online', at } as const;

  test('191-02 they seem to go, are not seen meanwhile, and come as they are then', () => {
    const world = createWorld();
    world.face.knowContacts([tybalt]);
    world.event(online);
    expect(world.face.block([tybalt], true)).toMatchObject([{ type: 'unavailable', from: present(jid), to: [owner] }]);
    expect(world.face.block([tybalt], true)).toEqual([]);
    const since = noon - 60_000;
    expect(world.event({ ...online, show: 'away', status: 'fencing', since })).toEqual([]);
    const probed = world.hear(`<presence type='probe' from='${owner}' to='${jid}'/>`);
    expect(probed.stanzas).toMatchObject([{ type: 'unavailable', from: jid }]);
    expect(world.hear(`<presence from='${phone}' to='${jid}'/>`).stanzas).toEqual([]);
    const [back] = inbox(world.face.block([tybalt], false), owner);
    expect([back?.attrs.type, child(back, 'show')?.children, child(back, 'status')?.children]).toEqual([
      undefined,
      ['away'],
      ['fencing'],
    ]);
    expect(Date.parse(child(back, 'idle', 'urn:xmpp:idle:1')?.attrs.since ?? '')).toBe(since);
  });

  test('191-02 another picture of theirs, or a request for a subscription that was granted long ago, does not show them', () => {
    const avatars = { fetch: () => Promise.resolve(undefined) };
    const world = createWorld('romeo', { avatars });
    world.face.knowContacts([tybalt]);
    world.event(online);
    world.face.block([tybalt], true);
    expect(world.event({ kind: 'person', person: tybalt, change: { avatar: null }, at })).toEqual([]);
    expect(world.face.pictured(tybalt)).toEqual([]);
    const again = { kind: 'contact', chat: chatId('tybalt'), wanted: true } as const;
    const { stanzas } = world.face.done(key('1'), again, origin(owner, jid, { type: 'subscribe' }));
    expect(stanzas.map(({ type }) => type)).toEqual(['subscribed']);
    expect(world.face.block([tybalt], false)).toMatchObject([{ kind: 'presence', from: present(jid), to: [owner] }]);
  });

  test('191-02 who takes another contact’s name while they are blocked seems to go by that one, too, and comes again by it', () => {
    const prince = personId('prince');
    const world = inVerona(['Romeo', 'tybalt'], [phone]);
    world.face.knowContacts([tybalt, prince]);
    world.face.block([tybalt], true);
    world.event({ ...online, person: prince });
    const told = world.changes({ is: 'renamed', person: tybalt, nick: 'prince', as: prince });
    const gone = { type: 'unavailable', from: present('prince%net@irc.test'), to: [owner] };
    expect(inbox(told, owner).map(({ attrs }) => [attrs.type, attrs.from])).toEqual([[gone.type, gone.from]]);
    expect(world.event({ ...online, person: prince, show: 'away' })).toEqual([]);
    expect(kinds(world.face.block([tybalt], false))).toEqual([`presence undefined ${gone.from}`]);
  });

  test('of who is not there, or no contact, nothing is told', () => {
    const world = createWorld();
    expect(world.face.block([tybalt], true)).toEqual([]);
    world.face.knowContacts([tybalt]);
    world.event({ ...online, show: 'offline' });
    expect(world.face.block([tybalt], false)).toEqual([]);
  });
});

describe('what is sent to them', () => {
  const toTybalt = { kind: 'send', chat: chatId('tybalt'), content: text('villain') } as const;
  const asked = origin(phone, jid, { via: 'message', type: 'chat', stanzaId: 'm1', receipt: true });

  test('191-02 is refused as a server refuses it: not-acceptable, and that they are blocked', () => {
    const world = createWorld();
    expect(refusedOf(() => world.face.check(toTybalt, asked))).toBe('allowed');
    world.face.block([tybalt], true);
    expect(refusedOf(() => world.face.check(toTybalt, asked))).toBe('blocked');
    const { stanzas } = world.face.failed(key('1'), toTybalt, asked, new GatewayError('blocked'));
    const [error] = inbox(stanzas, phone);
    expect(error?.attrs).toMatchObject({ type: 'error', from: jid, id: 'm1' });
    expect(error && conditionOf(error)).toBe('not-acceptable');
    expect(child(error, 'error')?.attrs.type).toBe('cancel');
    expect(child(child(error, 'error'), 'blocked', 'urn:xmpp:blocking:errors')).toBeDefined();
    expect(
      world.hear(
        `<message type='chat' from='${phone}' to='${jid}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
      ),
    ).toEqual({ stanzas: [] });
    world.face.block([tybalt], false);
    expect(refusedOf(() => world.face.check(toTybalt, asked))).toBe('allowed');
  });

  test('45-46 through their nick too; to the room it goes as ever', () => {
    const world = inVerona(['Romeo', 'tybalt', 'juliet'], [phone]);
    world.face.block([tybalt], true);
    const privately = (nick: string) => ({ ...sendIntent('psst'), privately: nick });
    const said = toRoom(phone, 'm1', { to: `${room}/x`, type: 'chat' });
    expect(refusedOf(() => world.face.check(privately('tybalt'), said))).toBe('blocked');
    expect(refusedOf(() => world.face.check(privately('juliet'), said))).toBe('allowed');
    expect(refusedOf(() => world.face.check(sendIntent('to all'), toRoom(phone, 'm2')))).toBe('allowed');
  });
});

test('191-01 what bounces because the user’s server blocks us is not answered', () => {
  const world = createWorld();
  const bounced = `<message type='error' from='${owner}' to='${jid}' id='x'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
  expect(world.hear(bounced)).toEqual({ stanzas: [] });
});
