/** Who of a user's clients is asked for people of the network, by which address, and what of an answer is told. */
import { describe, expect, test } from 'vitest';
import { chatId, personId } from '../../../src/core/ids.ts';
import { timeIn, versionIn } from '../../../src/gateway/own-client.ts';
import { parse } from '../../harness/markup.ts';
import { createWorld, desk, inVerona, phone, room, verona } from './rooms/world.ts';

const juliet = personId('juliet');

const people = ['Romeo', 'Juliet'];

describe('who is asked', () => {
  test('in a room by the occupant, else by the contact; of equals who came last', () => {
    const { face } = inVerona(people, [phone, desk]);
    expect(face.askedBy({ person: juliet, chat: verona })).toEqual({ from: `${room}/Juliet`, to: desk });
    expect(face.askedBy({ person: juliet })).toEqual({ from: 'juliet%net@irc.test/gateway', to: desk });
  });

  test('who is at the keyboard before who is away', () => {
    const world = inVerona(people, [phone, desk]);
    world.hear(`<presence from='${desk}' to='${room}/Romeo'><show>away</show></presence>`);
    expect(world.face.askedBy({ person: juliet })?.to).toBe(phone);
    world.hear(`<presence from='${phone}' to='${room}/Romeo'><show>xa</show></presence>`);
    expect(world.face.askedBy({ person: juliet })?.to).toBe(desk);
  });

  test('in a room only who is in it; somebody whom the room does not have asks as a contact', () => {
    const { face } = inVerona(people, [phone]);
    expect(face.askedBy({ person: personId('nurse'), chat: verona })?.from).toBe('nurse%net@irc.test/gateway');
    expect(face.askedBy({ person: juliet, chat: chatId('#elsewhere') })?.to).toBe(phone);
  });

  test('nobody for somebody who is blocked', () => {
    const { face } = inVerona(people, [phone]);
    face.block([juliet], true);
    expect(face.askedBy({ person: juliet })).toBeUndefined();
    expect(face.askedBy({ person: juliet, chat: verona })).toBeUndefined();
    face.block([juliet], false);
    expect(face.askedBy({ person: juliet })?.to).toBe(phone);
  });

  test('nobody, where no client is in a room', () => {
    expect(createWorld().face.askedBy({ person: juliet })).toBeUndefined();
  });
});

describe('what is told', () => {
  const versionOf = (inner: string) => versionIn(parse(`<query xmlns='jabber:iq:version'>${inner}</query>`));
  const timeOf = (inner: string) => timeIn(parse(`<time xmlns='urn:xmpp:time'>${inner}</time>`));

  test('092-01 a name, with a version or without; never more than that', () => {
    expect(versionOf('<name>Dino</name>')).toEqual({ name: 'Dino' });
    expect(versionOf('<name> Dino </name><version>0.4</version><os>GNU</os>')).toEqual({
      name: 'Dino',
      version: '0.4',
    });
    expect(versionOf('<version>0.4</version>')).toBeUndefined();
    expect(versionOf('<name> </name>')).toBeUndefined();
    expect(timeIn(parse("<query xmlns='jabber:iq:version'><name>Dino</name></query>"))).toBeUndefined();
  });

  test('no line ends, no controls, and no more than is worth telling', () => {
    expect(versionOf('<name>a\n\tb\u2028c</name>')).toEqual({ name: 'a b c' });
    expect(versionOf(`<name>${'🙂'.repeat(500)}</name>`)?.name.length).toBeLessThanOrEqual(64);
  });

  test.each([
    ['<tzo>+02:00</tzo><utc>2026-11-21T12:00:00Z</utc>', 120],
    ['<tzo>-03:30</tzo><utc>2026-11-21T12:00:00.5Z</utc>', -210],
    ['<tzo>Z</tzo><utc>2026-11-21T12:00:00Z</utc>', 0],
    ['<tzo>soon</tzo><utc>2026-11-21T12:00:00Z</utc>', undefined],
    ['<tzo>+02:00</tzo><utc>noon</utc>', undefined],
    ['<utc>2026-11-21T12:00:00Z</utc>', undefined],
    ['<tzo>+02:00</tzo>', undefined],
  ])('202-01 a clock and its zone: %s', (inner, ahead) => {
    expect(timeOf(inner)?.aheadMinutes).toBe(ahead);
  });
});
