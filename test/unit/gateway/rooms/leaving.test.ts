/** CHECKLIST 45-55 to 45-59, 45-150, 45-151: how clients get out of a room. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { personId } from '../../../../src/core/ids.ts';
import { goodbye } from '../../../../src/process/role.ts';
import { child, codesOf, textOf } from '../../../harness/markup.ts';
import {
  createWorld,
  desk,
  inbox,
  inVerona,
  joinIntent,
  key,
  noon,
  origin,
  owner,
  phone,
  room,
  sessionOf,
  verona,
} from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const promoted = { is: 'power', person: personId('romeo'), power: 'moderator' } as const;
const stanzas = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const bounce = (kind: string, from: string, condition: string, to = room) =>
  `<${kind} type='error' from='${from}' to='${to}'><error type='cancel'><${condition} xmlns='${stanzas}'/></error></${kind}>`;

describe('saying so', () => {
  test('45-55 45-57 the leaver gets unavailable with 110, its id, role none and its affiliation; nobody else hears', () => {
    const world = inVerona(['@Romeo', 'juliet'], [phone, desk]);
    const heard = world.hear(
      `<presence xml:lang='en' type='unavailable' from='${phone}' to='${room}/Romeo' id='l1'><status>bye</status></presence>`,
    );
    expect(heard.stanzas).toHaveLength(1);
    const [one] = inbox(heard.stanzas, phone);
    expect(one?.attrs).toMatchObject({ type: 'unavailable', from: `${room}/Romeo`, id: 'l1' });
    expect(child(child(one, 'x', user), 'item')?.attrs).toMatchObject({ role: 'none', affiliation: 'admin' });
    expect(one && codesOf(one)).toEqual([110]);
    expect(textOf(child(one, 'status'))).toBe('bye');
    expect(heard.departed).toEqual({ chat: verona, client: phone, how: 'left', since: noon, reason: 'bye' });
    expect(world.face.clients(verona)).toEqual([desk]);
  });

  test('45-27 45-56 the room stays open when the last client goes: whether it is left is the account’s to decide', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const heard = world.hear(`<presence xml:lang='en' type='unavailable' from='${phone}' to='${room}/Romeo'/>`);
    expect(heard.departed).toEqual({ chat: verona, client: phone, how: 'left', since: noon });
    expect(world.face.isIn(verona)).toBe(true);
    expect(world.face.clients(verona)).toEqual([]);
    expect(world.says('juliet', 'x')).toEqual([]);
    expect(inbox(world.enter(desk), desk)[0]?.attrs.from).toBe(`${room}/juliet`);
  });

  test('45-56 what its server says for it, of a stream that is over, is in no language', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const status = '<status>Disconnected: Replaced by new connection</status>';
    const heard = world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'>${status}</presence>`);
    expect(heard.departed).toMatchObject({ chat: verona, client: phone, how: 'ended' });
    expect(world.face.clients(verona)).toEqual([desk]);
  });

  test('313-03 what is said without it is kept behind what it has heard, though the network’s clock be behind', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const says = (seconds: number): void => void world.says('juliet', 'x', { at: new Date(noon + seconds * 1000) });
    const goes = (client: string) =>
      world.hear(`<presence type='unavailable' from='${client}' to='${room}/Romeo'/>`).departed?.since;
    world.clock = noon + 60_000;
    for (const seconds of [10, 20]) says(seconds);
    expect(goes(phone)).toBe(noon + 20_001);
    for (const seconds of [20, 30]) says(seconds);
    expect(world.archive.map(({ at }) => at - noon)).toEqual([10_000, 20_000, 20_001, 30_000]);
    const silent = inVerona(['Romeo', 'juliet'], [phone]);
    silent.clock = noon + 60_000;
    const leaves = `<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`;
    expect(silent.hear(leaves).departed?.since).toBe(noon + 60_000);
    silent.says('juliet', 'x', { at: new Date(noon) });
    expect(silent.archive.at(-1)?.at).toBe(noon + 60_000);
  });

  test('45-55 whatever nick it is sent to', () => {
    const world = inVerona(['Romeo'], [phone]);
    const heard = world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Montague'/>`);
    expect(heard.stanzas[0]?.from).toBe(`${room}/Romeo`);
    expect(heard.departed?.client).toBe(phone);
  });

  test('45-55 from who is not in: silence', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(world.hear(`<presence type='unavailable' from='${desk}' to='${room}/Romeo'/>`)).toEqual({ stanzas: [] });
    expect(createWorld().hear(`<presence type='unavailable' from='${desk}' to='${room}/Romeo'/>`)).toEqual({
      stanzas: [],
    });
  });

  test('while being let in: the joining ends silently', () => {
    const world = inVerona(['Romeo'], [desk]);
    const entering = world.begin(phone, 'Romeo');
    const { departed } = world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`);
    expect(departed).toEqual({ chat: verona, client: phone, how: 'ended', early: true });
    expect(entering.finish([])).toEqual([]);
    expect(world.face.clients(verona)).toEqual([desk]);
  });

  test('while being let in once more: it has heard nothing since it asked to', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    world.begin(phone, 'Romeo');
    world.clock = noon + 100;
    const again = world.begin(phone, 'Romeo');
    world.says('juliet', 'not heard', { at: new Date(noon - 100) });
    world.clock = noon + 200;
    const { departed } = world.hear(bounce('presence', phone, 'gone'));
    expect(departed).toEqual({ chat: verona, client: phone, how: 'bounced', reason: 'gone', since: again.since });
    expect(world.archive.map(({ at }) => at)).toEqual([again.since]);
    expect(again.since).toBe(noon);
  });

  test('the leave is carried out: whoever is still in is told, then the room can be forgotten', () => {
    const world = inVerona(['Romeo'], [phone]);
    const { stanzas: told } = world.face.done(key('1'), { kind: 'leave', chat: verona }, origin(owner, room));
    expect(inbox(told, phone).map(codesOf)).toEqual([[110]]);
    expect(world.face.isIn(verona)).toBe(false);
    world.face.forget(verona);
    expect(world.face.rooms()).toEqual([]);
  });

  test('nobody waits for a leave that failed', () => {
    const world = inVerona(['Romeo'], [phone]);
    const failed = world.face.failed(
      key('1'),
      { kind: 'leave', chat: verona },
      origin(owner, room),
      new GatewayError('network-away'),
    );
    expect(failed.stanzas).toEqual([]);
  });
});

describe('ghosts', () => {
  test.each([
    'gone',
    'item-not-found',
    'recipient-unavailable',
    'redirect',
    'remote-server-not-found',
    'remote-server-timeout',
  ])('45-59 %s removes exactly that client, whatever bounced', (condition) => {
    for (const kind of ['message', 'presence']) {
      const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
      const heard = world.hear(bounce(kind, phone, condition));
      expect(heard).toEqual({
        stanzas: [],
        departed: { chat: verona, client: phone, how: 'bounced', since: noon, reason: condition },
      });
      expect(world.face.clients(verona)).toEqual([desk]);
    }
  });

  test.each(['service-unavailable', 'jid-malformed', 'internal-server-error'])(
    '45-59 %s only where a message bounced',
    (condition) => {
      const world = inVerona(['Romeo'], [phone]);
      expect(world.hear(bounce('presence', phone, condition))).toEqual({ stanzas: [] });
      expect(world.hear(bounce('iq', phone, condition))).toEqual({ stanzas: [] });
      expect(world.hear(bounce('message', phone, condition)).departed?.how).toBe('bounced');
    },
  );

  test('45-59 JID-04 jid-malformed where the speaker’s name is what the server refuses removes nobody', () => {
    const world = inVerona(['Romeo'], [phone]);
    for (const nick of ['שלום John', '1א', 'a\u202eb'])
      expect(world.hear(bounce('message', phone, 'jid-malformed', `${room}/${nick}`))).toEqual({ stanzas: [] });
    expect(world.face.clients(verona)).toEqual([phone]);
    expect(world.hear(bounce('message', phone, 'jid-malformed', `${room}/juliet`)).departed?.how).toBe('bounced');
  });

  test.each(['not-acceptable', 'forbidden', 'policy-violation', 'resource-constraint'])(
    '45-59 %s removes nobody',
    (condition) => {
      const world = inVerona(['Romeo'], [phone]);
      expect(world.hear(bounce('message', phone, condition))).toEqual({ stanzas: [] });
      expect(world.face.clients(verona)).toEqual([phone]);
    },
  );

  test('45-59 which message was not heard is told, of a client that is out already too; of a presence there is none', () => {
    const error = `<error type='cancel'><gone xmlns='${stanzas}'/></error>`;
    const bounced = (kind: string, id: string, from: string) =>
      `<${kind} type='error' id='${id}' from='${from}' to='${room}'>${error}</${kind}>`;
    const world = inVerona(['Romeo'], [phone, desk]);
    const was = { chat: verona, client: phone } as const;
    expect(world.hear(bounced('message', 'm1', phone))).toEqual({
      stanzas: [],
      departed: { ...was, how: 'bounced', since: noon, reason: 'gone', unheard: 'm1' },
    });
    expect(world.hear(bounced('message', 'm2', phone))).toEqual({
      stanzas: [],
      departed: { ...was, how: 'before', unheard: 'm2' },
    });
    expect(world.hear(bounced('presence', 'p1', phone))).toEqual({ stanzas: [] });
    expect(world.hear(bounced('presence', 'p2', desk)).departed).toEqual({
      ...{ chat: verona, client: desk },
      ...{ how: 'bounced', since: noon, reason: 'gone' },
    });
  });

  test('GEN-03 an error is never answered, from whom it may be', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(world.hear(bounce('message', desk, 'gone'))).toEqual({ stanzas: [] });
    expect(world.hear(`<message type='error' from='${phone}' to='juliet%net@irc.test'/>`)).toEqual({ stanzas: [] });
    // Whoever bounces may send back what they got, and leave out why.
    const invitation = `<x xmlns='${user}'><invite to='mercutio@example.org'/></x>`;
    for (const inside of ['', '<body>x</body>', invitation, `<x xmlns='${user}'/>`, "<x xmlns='jabber:x:data'/>"])
      for (const from of [phone, desk])
        expect(world.hear(`<message type='error' from='${from}' to='${room}'>${inside}</message>`).stanzas).toEqual([]);
  });
});

describe('45-50 what a client showed', () => {
  test.each([
    ['left', `<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`],
    ['was lost', bounce('message', phone, 'gone')],
  ])('counts no more when it %s: the others are what is shown, here and on the network', (_, out) => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.face.attach({ ...sessionOf('romeo'), status: { appear: () => Promise.resolve() } });
    world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    expect(world.hear(out).fleeting).toEqual({ kind: 'presence', show: 'away' });
    const [own] = inbox(world.changes(promoted), desk);
    expect(textOf(child(own, 'show'))).toBe('away');
  });

  test('counts no more when it was taken out', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    world.face.dismiss('technical', 'x', phone);
    const [own] = inbox(world.changes(promoted), desk);
    expect(textOf(child(own, 'show'))).toBe('away');
  });
});

describe('taken out', () => {
  test('45-150 the service ends: 110 and 332 to each from its own R/N, item none/none', () => {
    const world = inVerona(['@Romeo'], [phone, desk]);
    const got = inbox(world.face.dismiss('shutdown', 'restart'), phone);
    expect(got).toHaveLength(1);
    expect(got[0]?.attrs).toMatchObject({ type: 'unavailable', from: `${room}/Romeo` });
    expect(got.map(codesOf)).toEqual([[110, 332]]);
    expect(child(child(got[0], 'x', user), 'item')?.attrs).toEqual({ affiliation: 'none', role: 'none' });
    expect(world.face.clients()).toEqual([]);
  });

  test('GEN-10 45-150 why is told in the language in which a client spoke last', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.hear(`<presence from='${phone}' to='${room}/Romeo' xml:lang='de'/>`);
    const [one] = inbox(world.face.dismiss('shutdown', goodbye.farewell), phone);
    expect(textOf(child(child(child(one, 'x', user), 'item'), 'reason'))).toBe('Das Gateway wird beendet');
    expect(textOf(child(one, 'status'))).toBe('Das Gateway wird beendet');
  });

  test('333 one client, one room, or all', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    expect(world.face.dismiss('technical', 'x', 'nobody@example.org/x')).toEqual([]);
    expect(inbox(world.face.dismiss('technical', 'x', phone), phone).map(codesOf)).toEqual([[110, 333]]);
    expect(world.face.clients()).toEqual([desk]);
    expect(world.face.dismiss('technical', 'x', undefined, verona)).toHaveLength(1);
    expect(world.face.dismiss('technical', 'x')).toEqual([]);
  });

  test('those about to be let in too, whose joins are not tried again; who was in may have asked to come back', () => {
    const world = inVerona(['Romeo'], [desk]);
    const entering = world.begin(phone, 'Romeo');
    const told = world.face.dismiss('shutdown', 'restart');
    expect(inbox(told, phone)[0]?.attrs).toMatchObject({ type: 'unavailable', from: `${room}/Romeo` });
    expect(entering.finish([])).toEqual([]);
    const hasLeft = (client: string) =>
      world.face.leftSince(joinIntent('Romeo'), { ...origin(client, `${room}/Romeo`), at: noon - 1 }) !== undefined;
    expect([phone, desk].map(hasLeft)).toEqual([true, false]);
  });

  test('45-151 the session is over: every client of every room gets 110 and 333 with the reason', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const told = world.event({
      kind: 'state',
      state: 'ended',
      reason: new GatewayError('login-refused', { text: 'K-lined' }),
      at: new Date(noon),
    });
    for (const client of [phone, desk]) {
      const [one] = inbox(told, client);
      expect(one && codesOf(one)).toEqual([110, 333]);
      expect(textOf(child(one, 'status'))).toBe('K-lined');
    }
    expect(world.face.isIn(verona)).toBe(false);
    expect(world.face.clients()).toEqual([]);
    expect(world.face.rooms()).toEqual([verona]);
  });
});
