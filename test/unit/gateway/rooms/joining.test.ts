/** CHECKLIST 11.2: what a joining client gets, in which order, and what it does not get before. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import { child, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import {
  createWorld,
  desk,
  inbox,
  inVerona,
  joinIntent,
  member,
  noon,
  origin,
  phone,
  received,
  room,
  verona,
} from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const itemOf = (one: Parameters<typeof child>[0]) => child(child(one, 'x', user), 'item')?.attrs;

describe('the sequence', () => {
  test('45-20 others, self, history, subject, then what was said meanwhile', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', undefined, 'j1');
    world.list('Romeo', 'juliet', '@tybalt');
    world.topic({ topic: 'Two houses', topicBy: 'tybalt', topicAt: new Date(noon - 1000) });
    expect(world.says('juliet', 'so early?')).toEqual([]);
    const past = [
      {
        account: world.archive[0]?.account ?? raise(),
        chat: verona,
        id: 'old',
        at: noon - 5000,
        nick: 'nurse',
        body: '<body>old</body>',
        stanza: 's',
      },
    ];
    const got = inbox(entering.finish(past), phone);
    expect(got.map((one) => [one.name, one.attrs.from])).toEqual([
      ['presence', `${room}/juliet`],
      ['presence', `${room}/tybalt`],
      ['presence', `${room}/Romeo`],
      ['message', `${room}/nurse`],
      ['message', `${room}/tybalt`],
      ['message', `${room}/juliet`],
    ]);
    expect(child(got[4], 'subject')?.children).toEqual(['Two houses']);
    expect(child(got[5], 'delay')).toBeUndefined();
  });

  test('45-20 what was said meanwhile by who has left since, or has another nick, is past, and so is what was said before it', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', { maxStanzas: 0 });
    world.list('Romeo', 'juliet', 'nurse', 'tybalt');
    for (const nick of ['nurse', 'juliet', 'tybalt']) world.says(nick, `by ${nick}`);
    world.changes({ is: 'renamed', person: personId('nurse'), nick: 'angelica' });
    world.changes({ is: 'out', person: personId('juliet'), how: 'left' });
    world.says('angelica', 'Anon!', { by: personId('nurse') });
    const messages = inbox(entering.finish([]), phone).filter(({ name }) => name === 'message');
    const place = (one: (typeof messages)[number]) => (child(one, 'delay') === undefined ? 'live' : 'past');
    const told = messages.map((one) => `${place(one)} ${textOf(child(one, 'body'))}`);
    expect(told).toEqual(['past by nurse', 'past by juliet', 'live ', 'live by tybalt', 'live Anon!']);
    expect(child(messages[2], 'subject')).toBeDefined();
    expect(child(messages[0], 'delay')?.attrs).toEqual({ from: room, stamp: new Date(noon).toISOString() });
  });

  test('45-20 what came live in front of the network’s own past is told in front of what is younger there', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet');
    world.clock = noon + 10;
    world.says('juliet', 'second');
    world.clock = noon + 30;
    world.says('juliet', 'first', { at: new Date(noon), history: true });
    world.says('juliet', 'third', { at: new Date(noon + 20), history: true });
    world.says('juliet', 'fourth');
    const messages = inbox(entering.finish([]), phone).filter(({ name }) => name === 'message');
    const told = messages.map((one) => [textOf(child(one, 'body')), child(one, 'delay') !== undefined]);
    expect(told).toEqual([
      ['first', true],
      ['second', true],
      ['third', true],
      ['', false],
      ['fourth', false],
    ]);
  });

  test('45-21 exactly one muc#user x with affiliation and role', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', '~prince', '&capulet', '@tybalt', '%nurse', '+juliet', 'paris', '-ghost');
    const got = inbox(entering.finish([]), phone).filter((one) => one.name === 'presence');
    for (const one of got) {
      expect(one.children.filter((inner) => typeof inner !== 'string' && inner.ns === user)).toHaveLength(1);
    }
    expect(got.map((one) => [itemOf(one)?.role, itemOf(one)?.affiliation])).toEqual([
      ['moderator', 'owner'],
      ['moderator', 'owner'],
      ['moderator', 'admin'],
      ['moderator', 'member'],
      ['participant', 'member'],
      ['participant', 'none'],
      ['visitor', 'none'],
      ['participant', 'none'],
    ]);
  });

  test('45-22 self-presence carries 110, the id of the join, and comes last of the presences', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', undefined, 'the-join');
    world.list('Romeo', 'juliet');
    const presences = inbox(entering.finish([]), phone).filter((one) => one.name === 'presence');
    expect(presences.map(codesOf)).toEqual([[], [100, 110]]);
    expect(presences.at(-1)?.attrs).toMatchObject({ id: 'the-join', from: `${room}/Romeo` });
    expect(presences[0]?.attrs.id).toBeUndefined();
  });

  test('45-23 100 always, 210 only where the nick is not the one asked for', () => {
    const world = createWorld('romeo_');
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo_');
    const [own] = inbox(entering.finish([]), phone);
    expect(own && codesOf(own)).toEqual([100, 110, 210]);
  });

  test('45-51 jid of the item: the contact with the network address behind it, our own full JID for ourselves', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet', 'Tybalt!ty@cat.example');
    expect(
      inbox(entering.finish([]), phone)
        .slice(0, 3)
        .map((one) => itemOf(one)?.jid),
    ).toEqual(['juliet%net@irc.test', 'tybalt%net@irc.test/ty@cat.example', phone]);
  });

  test('421-02 421-03 one occupant-id on every presence, ours from the bare JID', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet');
    const ids = inbox(entering.finish([]), phone)
      .filter((one) => one.name === 'presence')
      .map((one) => one.children.filter((inner) => typeof inner !== 'string' && inner.name === 'occupant-id'));
    expect(ids.map((list) => list.map((one) => typeof one !== 'string' && one.attrs.id))).toEqual([
      ['occupant-juliet'],
      ['occupant-romeo@example.org'],
    ]);
  });

  test('a big room renders each presence once, whoever joins', () => {
    const world = createWorld();
    const nicks = Array.from({ length: 2000 }, (_, i) => `nick${i}`);
    const first = world.begin(phone, 'Romeo');
    world.list('Romeo', ...nicks);
    const one = first.finish([]);
    const two = world.enter(desk);
    expect(one).toHaveLength(2002);
    for (let i = 0; i < 2000; i++) expect(two[i]?.body).toBe(one[i]?.body);
  });
});

describe('who is told', () => {
  test('45-27 a second client gets everything for itself and nobody else is told', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const stanzas = world.enter(desk);
    expect(new Set(stanzas.flatMap((one) => one.to))).toEqual(new Set([desk]));
    expect(world.says('juliet', 'hi')[0]?.to).toEqual([phone, desk]);
  });

  test('45-24 the join of our own occupant is told to nobody while nobody is in', () => {
    const world = createWorld();
    world.begin(phone, 'Romeo');
    expect(world.list('Romeo', 'juliet')).toEqual([]);
    expect(world.changes({ is: 'in', member: member('nurse') })).toEqual([]);
  });

  test('45-30 by another spelling of its address: sent on to the one that is open; a plumbing hears it all the same', () => {
    const muc = 'verona@muc.test';
    const world = createWorld('romeo', {}, { isPlumbed: (one) => one === muc });
    world.begin(phone, 'Romeo');
    const check = (from: string) => world.face.check(joinIntent('Romeo'), origin(from, '=23verona%net@irc.test/Romeo'));
    expect(() => check(phone)).toThrow(`This room is open here as ${room}`);
    expect(() => check(`${muc}/herald`)).not.toThrow();
  });

  test('45-28 another nick than the account has: let in under ours, with 210', () => {
    const world = inVerona(['Romeo'], [phone]);
    const [own] = inbox(world.enter(desk, 'Montague'), desk);
    expect(own?.attrs.from).toBe(`${room}/Romeo`);
    expect(own && codesOf(own)).toEqual([100, 110, 210]);
  });

  test('45-26 a join of who is in already is a full resync, nobody else hears of it', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const entering = world.begin(phone, 'Romeo', undefined, 'again');
    expect(world.says('juliet', 'meanwhile')[0]?.to).toEqual([desk]);
    expect(world.changes({ is: 'out', person: member('juliet').person, how: 'left' })[0]?.to).toEqual([desk]);
    const stanzas = entering.finish([]);
    expect(stanzas.every(({ to }) => to.length === 1 && to[0] === phone)).toBe(true);
    const got = inbox(stanzas, phone);
    expect(got.map((one) => one.attrs.from)).toEqual([`${room}/Romeo`, `${room}/juliet`, room]);
    expect(world.face.clients(verona)).toEqual([desk, phone]);
  });

  test('45-20 between begin and finish nothing of the room goes to the client, whatever happens', () => {
    const world = inVerona(['Romeo', 'juliet'], [desk]);
    const entering = world.begin(phone, 'Romeo');
    const all = [
      ...world.says('juliet', 'one'),
      ...world.changes({ is: 'in', member: member('nurse') }),
      ...world.changes({ is: 'renamed', person: member('nurse').person, nick: 'Nurse2' }),
      ...world.changes({ is: 'power', person: member('juliet').person, power: 'moderator' }),
      ...world.topic({ topic: 'new' }, 'juliet'),
      ...world.topic({ isModerated: true }),
      ...world.changes({ is: 'renamed', person: member('romeo').person, nick: 'Montague' }),
      ...world.hear(`<presence from='${desk}' to='${room}/Montague'><show>away</show></presence>`).stanzas,
    ];
    expect(all.length).toBeGreaterThan(8);
    expect(all.flatMap(({ to }) => to)).not.toContain(phone);
    const got = inbox(entering.finish([]), phone);
    expect(got.map((one) => one.attrs.from)).toEqual([
      `${room}/juliet`,
      `${room}/Nurse2`,
      `${room}/Montague`,
      `${room}/juliet`,
      `${room}/juliet`,
    ]);
    expect(itemOf(got[0])).toMatchObject({ role: 'moderator' });
  });
});

describe('not let in', () => {
  test('a network that does not say who we are: an error, not silence', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('juliet');
    expect(() => entering.finish([])).toThrow(GatewayError);
    entering.abandon();
    expect(world.face.clients()).toEqual([]);
  });

  test('an abandoned first join leaves nothing behind', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    expect(world.face.clients()).toEqual([phone]);
    entering.abandon();
    expect(world.face.clients()).toEqual([]);
    expect(world.face.rooms()).toEqual([]);
    expect(entering.finish([])).toEqual([]);
  });

  test('an abandoned join into a room with others leaves them be', () => {
    const world = inVerona(['Romeo'], [desk]);
    world.begin(phone, 'Romeo').abandon();
    expect(world.face.clients(verona)).toEqual([desk]);
    expect(world.face.isIn(verona)).toBe(true);
  });

  test('removed while joining: told at once, and the end of the joining is silent', () => {
    const world = inVerona(['Romeo'], [desk]);
    const entering = world.begin(phone, 'Romeo', undefined, 'j');
    const stanzas = world.event({ kind: 'removed', chat: verona, how: 'kicked', by: 'tybalt', at: new Date(noon) });
    expect(stanzas.map(({ to }) => to)).toEqual([[desk], [phone]]);
    expect(entering.finish([])).toEqual([]);
    expect(world.face.rooms()).toEqual([]);
  });

  test.each([
    ['wrong-password', 'not-authorized', 'auth'],
    ['members-only', 'registration-required', 'auth'],
    ['banned', 'forbidden', 'auth'],
    ['nick-taken', 'conflict', 'cancel'],
    ['room-full', 'service-unavailable', 'wait'],
    ['not-now', 'recipient-unavailable', 'wait'],
    ['no-such-room', 'item-not-found', 'cancel'],
    ['network-refused', 'not-allowed', 'cancel'],
    ['no-connection', 'remote-server-timeout', 'wait'],
    ['timed-out', 'remote-server-timeout', 'wait'],
  ] as const)('45-30 %s: an error presence from R/N by R with the join marker', (code, condition, type) => {
    const world = createWorld();
    const asked = origin(phone, `${room}/Romeo`, { stanzaId: 'j7' });
    const { stanzas } = world.face.failed(
      undefined,
      joinIntent('Romeo'),
      asked,
      new GatewayError(code, { text: 'No.' }),
    );
    const [error] = inbox(stanzas, phone);
    expect(stanzas).toHaveLength(1);
    expect(error?.attrs).toMatchObject({ type: 'error', from: `${room}/Romeo`, id: 'j7' });
    expect(child(error, 'x', 'http://jabber.org/protocol/muc')).toBeDefined();
    expect(child(error, 'error')?.attrs).toMatchObject({ type, by: room });
    expect(error && conditionOf(error)).toBe(condition);
  });

  test('45-30 sent on to another room: the error names it by its address', () => {
    const error = new GatewayError('forwarded', { text: 'Elsewhere.', elsewhere: chatId('#mantua') });
    const asked = origin(phone, `${room}/Romeo`, { stanzaId: 'j7' });
    const [told] = inbox(createWorld().face.failed(undefined, joinIntent('Romeo'), asked, error).stanzas, phone);
    expect(child(told, 'error')?.attrs).toMatchObject({ type: 'modify', by: room });
    expect(textOf(child(child(told, 'error'), 'redirect'))).toBe('xmpp:%23mantua%25net@irc.test?join');
  });
});

function raise(): never {
  throw new Error('nothing was archived');
}

test('a fan-out parses the same for each receiver', () => {
  const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
  const [said] = world.says('juliet', '<&>"\'');
  expect(said && child(received(said, phone), 'body')?.children).toEqual(['<&>"\'']);
  expect(said?.to).toEqual([phone, desk]);
});
