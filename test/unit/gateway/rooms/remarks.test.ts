/** What the room itself says: from its own address, once to everybody, kept as what it is. */
import { describe, expect, test } from 'vitest';
import { germanSentences } from '../../../../bridges/irc/sentences-german.ts';
import { plainText } from '../../../../src/core/content.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';
import type { EventOf } from '../../../../src/gateway/rooms/feature.ts';
import { bodyOf, child, textOf } from '../../../harness/markup.ts';
import { createWorld, desk, inbox, inVerona, noon, phone, room, verona, type World } from './world.ts';

const remarks = (world: World, plain: string) =>
  world.event({ kind: 'remark', chat: verona, text: plainText(plain), at: new Date(noon) });

test('45-40 to all, from the room, with its stanza-id; into the archive as a remark', () => {
  const world = inVerona(['Romeo'], [phone, desk]);
  const stanzas = remarks(world, 'Mode +m by juliet');
  expect(stanzas).toMatchObject([{ type: 'groupchat', from: room, to: [phone, desk], keep: true }]);
  const [one] = inbox(stanzas, desk);
  expect(one && bodyOf(one)).toBe('Mode +m by juliet');
  expect(child(one, 'stanza-id')?.attrs).toEqual({ by: room, id: one?.attrs.id });
  expect(child(one, 'occupant-id')).toBeUndefined();
  expect(world.archive).toMatchObject([{ nick: '', kind: 'remark', id: one?.attrs.id, at: noon }]);
});

test('45-35 in the history it is the room’s own as well', () => {
  const world = inVerona(['Romeo'], [phone]);
  remarks(world, 'Mode +m by juliet');
  const got = inbox(world.enter(desk, 'Romeo', undefined, world.archive), desk);
  expect(got.filter((one) => bodyOf(one) !== undefined).map((one) => one.attrs.from)).toEqual([room]);
});

test('45-20 behind the subject for who is being let in; nothing for nobody', () => {
  const world = inVerona(['Romeo'], [phone]);
  const entering = world.begin(desk, 'Romeo');
  remarks(world, 'meanwhile');
  expect(inbox(entering.finish([]), desk).map(bodyOf).at(-1)).toBe('meanwhile');
  expect(remarks(world, '')).toEqual([]);
});

describe('GEN-10 in the language in which a client of theirs spoke last', () => {
  const translate = createTranslate({ de: germanSentences });
  const at = new Date(noon);
  const inGerman = (): World => {
    const world = createWorld('romeo', {}, { translate });
    const entering = world.begin(phone, 'romeo');
    world.list('romeo');
    entering.finish([]);
    world.hear(`<presence from='${phone}' to='${room}/romeo' xml:lang='de'/>`);
    return world;
  };

  test.each([
    ['Mode #verona [+o juliet] by tybalt', 'Modus #verona [+o juliet] von tybalt'],
    ['The page of #verona: https://verona.test/', 'Die Seite von #verona: https://verona.test/'],
    ['User paris is KNOCKing on #verona', 'User paris is KNOCKing on #verona'],
  ])('%s', (english, german) => {
    const world = inGerman();
    expect(inbox(remarks(world, english), phone).map(bodyOf)).toEqual([german]);
    expect(world.archive.at(-1)?.body).toContain(german);
  });

  const reasonFor = (more: Partial<EventOf<'removed'>>): string | undefined => {
    const event = { kind: 'removed', chat: verona, how: 'lost', at, ...more } as const;
    const [out] = inbox(inGerman().event(event), phone);
    const x = child(out, 'x', 'http://jabber.org/protocol/muc#user');
    return textOf(child(child(x, 'item'), 'reason') ?? child(out, 'status') ?? child(child(x, 'destroy'), 'reason'));
  };

  test('why a room ended, by the bridge', () => {
    const reason = 'This channel is now called #mantua.';
    expect(reasonFor({ how: 'gone', by: 'tybalt', reason })).toBe('Dieser Kanal heißt jetzt #mantua.');
    expect(reasonFor({ reason: 'You are not in #verona.' })).toBe('Du bist nicht in #verona.');
  });

  test('but not by a person, whose words they are', () => {
    const reason = 'You are not in #verona.';
    expect(reasonFor({ how: 'kicked', by: 'tybalt', reason })).toBe(reason);
  });

  test('why one is invited, by the server', () => {
    const invited = { kind: 'invited', chat: chatId('#mantua'), by: 'net', at } as const;
    const reason = '#verona sends you on to it';
    const because = (event: EventOf<'invited'>) =>
      inGerman()
        .event(event)
        .map(({ body }) => body.text)
        .join();
    expect(because({ ...invited, reason })).toContain('#verona schickt dich dorthin weiter');
    expect(because({ ...invited, reason, person: personId('tybalt') })).toContain(reason);
  });
});
