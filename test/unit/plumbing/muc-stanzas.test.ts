/** What our occupants say to a MUC, and how what it says is read. */
import { describe, expect, test } from 'vitest';
import * as muc from '../../../src/plumbing/muc-stanzas.ts';
import { parse } from '../../../src/xml/document.ts';
import { readStanza, type Stanza } from '../../../src/xmpp/stanza.ts';

const room = 'piazza@muc.test';
const me = '#verona@net.test/x';

function stanza(markup: string): Stanza {
  const read = readStanza(parse(markup.replace(/^<(\w+)/, `<$1 xmlns='jabber:client' to='${me}'`)));
  if (read === undefined) throw new Error(markup);
  return read;
}

const presence = (attrs: string, inside: string) =>
  muc.readPresence(stanza(`<presence from='${room}/nurse' ${attrs}>${inside}</presence>`));
const x = (inside: string): string => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;

describe('presences', () => {
  test('of oneself, with rank', () =>
    expect(
      presence('', x(`<item affiliation='owner' role='moderator'/><status code='110'/><status code='201'/>`)),
    ).toEqual({
      nick: 'nurse',
      is: 'here',
      isSelf: true,
      codes: new Set([110, 201]),
      affiliation: 'owner',
      role: 'moderator',
      isDestroyed: false,
    }));

  test('of who goes, why, and under which name they go on', () => {
    expect(
      presence(`type='unavailable'`, x(`<item role='none'><reason>hush</reason></item><status code='307'/>`)),
    ).toMatchObject({
      is: 'gone',
      isSelf: false,
      reason: 'hush',
    });
    expect(presence(`type='unavailable'`, x(`<item nick='angelica'/><status code='303'/>`))).toMatchObject({
      newNick: 'angelica',
    });
    expect(presence(`type='unavailable'`, x(`<item/><destroy><reason>over</reason></destroy>`))).toMatchObject({
      isDestroyed: true,
      reason: 'over',
    });
  });

  test('of services that say little', () => {
    expect(presence('', '')).toMatchObject({ is: 'here', isSelf: false, affiliation: 'none' });
    expect(presence(`type='probe'`, '')).toBeUndefined();
  });

  test('refusals', () =>
    expect(
      presence(`type='error'`, `<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`),
    ).toMatchObject({ is: 'refused', error: { condition: 'conflict' } }));
});

describe('messages', () => {
  const line = (attrs: string, inside: string) => muc.readLine(parse(`<message ${attrs}>${inside}</message>`), room);

  test('who said it, and what it is called: the room’s own word counts', () => {
    const other = `<stanza-id xmlns='urn:xmpp:sid:0' by='evil@muc.test' id='no'/>`;
    const own = `<stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='a1'/>`;
    const said = line(`from='${room}/nurse' id='i1'`, `<body>hi</body>${other}${own}`);
    expect(said).toMatchObject({ nick: 'nurse', id: 'i1', archived: 'a1', at: undefined });
    expect(muc.nameOf(said)).toBe('a1');
    expect(muc.nameOf(line(`from='${room}/nurse' id='i1'`, `<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>`))).toBe(
      'nurse\no1',
    );
    expect(muc.nameOf(line(`from='${room}/nurse'`, ''))).toBeUndefined();
    expect(line(`from='${room}'`, '').nick).toBe('');
  });

  test('when it was said, where it is of the past', () =>
    expect(line(`from='${room}/nurse'`, `<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:01Z'/>`).at).toBe(
      Date.UTC(2026, 0, 1, 0, 0, 1),
    ));

  test('a subject is one without anything said', () => {
    const subject = (inside: string) => muc.subjectIn(parse(`<message>${inside}</message>`));
    expect(subject('<subject>ball</subject>')).toBe('ball');
    expect(subject('<subject/>')).toBe('');
    expect(subject('<subject>ball</subject><body>hi</body>')).toBeUndefined();
    expect(subject('<body>hi</body>')).toBeUndefined();
  });
});

test('joining asks for no past, or for what was said since', () => {
  expect(muc.joinMuc(me, room, 'nurse')).toMatchObject({ kind: 'presence', from: me, to: [`${room}/nurse`] });
  expect(muc.joinMuc(me, room, 'nurse').body.text).toContain(`maxstanzas='0'`);
  expect(muc.joinMuc(me, room, 'nurse', { since: 0 }).body.text).toContain(`since='1970-01-01T00:00:00`);
  expect(muc.joinMuc(me, room, 'nurse', { password: 'sesame' }).body.text).toContain('<password>sesame</password>');
  expect(muc.leaveMuc(me, room, 'nurse', 'bye')).toMatchObject({ type: 'unavailable' });
});
