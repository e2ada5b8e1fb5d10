/** CHECKLIST 45-25, 45-29 and 45-50: what clients show of themselves in a room, and those that believe to be in. */
import { describe, expect, test } from 'vitest';
import { chatId } from '../../../../src/core/ids.ts';
import { child, codesOf, textOf } from '../../../harness/markup.ts';
import {
  comesIn,
  createWorld,
  desk,
  inbox,
  inVerona,
  noon,
  origin,
  phone,
  room,
  sessionOf,
  verona,
  type World,
} from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';

describe('presence', () => {
  test('45-25 an update from who is not in: unavailable with 110, 307 and 333, none/none, a reason', () => {
    for (const world of [inVerona(['Romeo'], [phone]), createWorld()]) {
      const [one] = inbox(world.hear(`<presence from='${desk}' to='${room}/Romeo'/>`).stanzas, desk);
      expect(one?.attrs).toMatchObject({ type: 'unavailable', from: `${room}/Romeo` });
      expect(one && codesOf(one)).toEqual([110, 307, 333]);
      expect(child(child(one, 'x', user), 'item')?.attrs).toEqual({ affiliation: 'none', role: 'none' });
    }
  });

  test('GEN-10 45-25 the reason is in the language of whoever believes to be in', () => {
    const { stanzas } = createWorld().hear(`<presence from='${desk}' to='${room}/Romeo' xml:lang='de'/>`);
    const reason = child(child(child(inbox(stanzas, desk)[0], 'x', user), 'item'), 'reason');
    expect(textOf(reason)).toBe('Du bist nicht in diesem Raum; bitte betritt ihn neu');
  });

  test('45-50 an update goes to all clients, each with 110 and no more, and later ones see it too', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    const heard = world.hear(
      `<presence from='${phone}' to='${room}/Romeo'><show>dnd</show><status>busy</status></presence>`,
    );
    for (const client of [phone, desk]) {
      const [one] = inbox(heard.stanzas, client);
      expect([textOf(child(one, 'show')), textOf(child(one, 'status')), one && codesOf(one)]).toEqual([
        'dnd',
        'busy',
        [110],
      ]);
    }
    expect(heard.fleeting).toBeUndefined();
    world.hear(`<presence type='unavailable' from='${desk}' to='${room}/Romeo'/>`);
    expect(textOf(child(inbox(world.enter(phone, 'Romeo', undefined, [], { show: 'dnd' }), phone)[0], 'show'))).toBe(
      'dnd',
    );
  });

  test('45-50 who leaves another room is still away in this one', () => {
    const mantua = chatId('#mantua');
    const world = inVerona(['Romeo'], [phone, desk]);
    const entering = world.face.begin(
      { kind: 'join', chat: mantua, nick: 'Romeo' },
      origin(phone, '#mantua%net@irc.test/Romeo'),
    );
    const changes = [comesIn('Romeo')];
    world.event({ kind: 'members', chat: mantua, changes, complete: true, at: new Date(noon) });
    entering.finish([]);
    world.hear(`<presence from='${phone}' to='${room}/Romeo'><show>away</show></presence>`);
    world.hear(`<presence type='unavailable' from='${phone}' to='#mantua%net@irc.test/Romeo'/>`);
    const { stanzas } = world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    expect(inbox(stanzas, phone).map((one) => textOf(child(one, 'show')))).toEqual(['away']);
  });

  test('45-50 the network hears of it where it can', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.face.attach({ ...sessionOf('romeo'), status: { appear: () => Promise.resolve() } });
    const shown = (inner: string) =>
      world.hear(`<presence from='${phone}' to='${room}/Romeo'>${inner}</presence>`).fleeting;
    expect(shown('<show>away</show><status>asleep</status>')).toEqual({
      kind: 'presence',
      show: 'away',
      status: 'asleep',
    });
    expect(shown('')).toEqual({ kind: 'presence', show: 'online' });
    expect(shown('<show>nonsense</show>')).toBeUndefined();
    expect(shown(`<status>${'x'.repeat(5000)}</status>`)).toEqual({
      kind: 'presence',
      show: 'online',
      status: 'x'.repeat(1000),
    });
  });

  test('45-50 an update of who is being let in waits for nobody, and counts', () => {
    const world = inVerona(['Romeo'], [desk]);
    world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    const shows = (stanzas: ReturnType<World['enter']>) =>
      inbox(stanzas, phone).map((one) => textOf(child(one, 'show')));
    expect(shows(world.enter(phone))).toEqual(['', '']);
    const entering = world.begin(phone, 'Romeo');
    const update = `<presence from='${phone}' to='${room}/Romeo'><show>away</show></presence>`;
    expect(world.hear(update)).toEqual({ stanzas: [] });
    expect(shows(entering.finish([]))).toEqual(['away', '']);
  });

  test.each(['probe', 'subscribe', 'subscribed', 'unsubscribe', 'unknown'])(
    '45-29 GEN-08 type %s is neither join nor exit',
    (type) => {
      const world = inVerona(['Romeo'], [phone]);
      expect(world.hear(`<presence type='${type}' from='${phone}' to='${room}/Other'/>`)).toEqual({ stanzas: [] });
      expect(world.face.clients(verona)).toEqual([phone]);
    },
  );
});
