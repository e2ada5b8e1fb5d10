/** What an occupant of the MUC says, as an intent of the network's room. */
import { describe, expect, test } from 'vitest';
import { chatId } from '../../../src/core/ids.ts';
import { createMucIds } from '../../../src/plumbing/muc-ids.ts';
import { readLine } from '../../../src/plumbing/muc-stanzas.ts';
import { createNames } from '../../../src/plumbing/names.ts';
import type { Nicks } from '../../../src/plumbing/nicks.ts';
import { createToNetwork } from '../../../src/plumbing/to-network.ts';
import { parse } from '../../../src/xml/document.ts';

const muc = 'piazza@muc.test';
const chat = chatId('#verona');

/** Somebody of the network whose name is somebody's in the MUC. */
const nicks: Nicks = {
  inMuc: (name) => (name === 'ada' ? 'ada (net)' : undefined),
  otherwise: () => [['ada (net)', 'ada']],
};

function setUp() {
  const names = createNames([
    { muc: 'theirs', room: 'r1' },
    { muc: 'long-ago', room: 'r0' },
  ]);
  const find = (name: string) =>
    name === 'r1' ? { nick: 'tybalt', text: 'me', isMine: false, isRetracted: false } : undefined;
  const toNetwork = createToNetwork({
    isTakenBack: (name) => name === 'kept-gone',
    onSecret: () => {},
    muc,
    chat,
    herald: 'herald@gateway.test',
    names,
    nicks,
    known: [],
    mucIds: createMucIds('piazza'),
    find,
  });
  const read = (nick: string, id: string, inside: string) => {
    const from = nick === '' ? muc : `${muc}/${nick}`;
    const kept = `<stanza-id xmlns='urn:xmpp:sid:0' by='${muc}' id='kept-${id}'/>`;
    return toNetwork.read(readLine(parse(`<message from='${from}' id='${id}'>${inside}${kept}</message>`), muc));
  };
  return { toNetwork, read };
}

const body = (text: string): string => `<body>${text}</body>`;
const about = (name: string, ns: string, id: string, inside = ''): string =>
  `<${name} xmlns='${ns}' id='${id}'>${inside}</${name}>`;
const retract = (id: string): string => about('retract', 'urn:xmpp:message-retract:1', id);
const replace = (id: string): string => about('replace', 'urn:xmpp:message-correct:0', id);

describe('what is said', () => {
  test('has its author, is called as the archive calls it, and is meant once', () => {
    const { toNetwork, read } = setUp();
    expect(read('nurse', 'a', body('hi'))).toEqual({
      id: 'muc:piazza:kept-a',
      intent: {
        kind: 'send',
        chat,
        content: {
          author: { nick: 'nurse', jid: `${muc}/nurse`, askedBy: 'herald@gateway.test' },
          text: { plain: 'hi', marks: [] },
        },
      },
    });
    expect(read('nurse', 'a', body('hi'))).toBeUndefined();
    expect([toNetwork.speakerOf('muc:piazza:kept-a'), toNetwork.speakerOf('muc:piazza:x')]).toEqual([
      'nurse',
      undefined,
    ]);
  });

  const refersTo = (nick: string, begin: number, end: number): string =>
    `<reference xmlns='urn:xmpp:reference:0' type='mention' begin='${begin}' end='${end}' uri='xmpp:${muc}/${encodeURIComponent(nick)}'/>`;

  test.each([
    ['ada (net): hi', 'ada: hi', '', []],
    ['hi @ada (net), ada (net) and ada (nets)', 'hi @ada, ada and ada (nets)', '', []],
    [
      'ho ada (net) ho',
      'ho ada ho',
      refersTo('ada (net)', 3, 12) + refersTo('nurse', 13, 15),
      [
        { from: 3, to: 6, is: 'named', nick: 'ada' },
        { from: 7, to: 9, is: 'named', nick: 'nurse' },
      ],
    ],
    // The MUC has an Ada of its own.
    ['ho ada', 'ho ada', refersTo('ada', 3, 6), []],
  ])('whoever has another name in the MUC is meant by it: %s', (said, plain, inside, marks) =>
    expect(setUp().read('nurse', 'a', body(said) + inside)?.intent).toMatchObject({
      content: { text: { plain, marks } },
    }),
  );

  test.each([
    ['nothing', ''],
    ['a state', `<composing xmlns='http://jabber.org/protocol/chatstates'/>`],
    ['a secret', `<encrypted xmlns='urn:xmpp:omemo:2'><payload/></encrypted>${body('OMEMO')}`],
  ])('%s is nothing for the network', (_, inside) => expect(setUp().read('nurse', 'a', inside)).toBeUndefined());

  test('nor is what the room itself says', () => expect(setUp().read('', 'a', body('configured'))).toBeUndefined());

  test('replies name the network’s message, or the MUC’s own', () => {
    const { read } = setUp();
    const reply = (id: string): string => about('reply', 'urn:xmpp:reply:0', id);
    expect(read('nurse', 'a', body('ay') + reply('theirs'))?.intent).toMatchObject({
      content: { replyTo: { stanzaId: 'r1' } },
    });
    expect(read('peter', 'b', body('ay') + reply('kept-a'))?.intent).toMatchObject({
      content: { replyTo: { stanzaId: 'muc:piazza:kept-a' } },
    });
  });
});

describe('what is done to messages', () => {
  test('what a moderator of the MUC took back, in the words of either version, but for what the network took back itself', () => {
    const { read } = setUp();
    read('nurse', 'a', body('hi'));
    read('nurse', 'gone', body('ho'));
    const old = (id: string): string =>
      `<apply-to xmlns='urn:xmpp:fasten:0' id='${id}'><moderated xmlns='urn:xmpp:message-moderate:0'><retract xmlns='urn:xmpp:message-retract:0'/><reason>spam</reason></moderated></apply-to>`;
    const now = (id: string): string =>
      `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'><moderated xmlns='urn:xmpp:message-moderate:1'/><reason>spam</reason></retract>`;
    const intent = { kind: 'retract', chat, target: { stanzaId: 'muc:piazza:kept-a' }, reason: 'spam' };
    expect(read('', 'b', now('kept-a'))?.intent).toEqual(intent);
    expect(read('', 'c', old('kept-a'))?.intent).toEqual(intent);
    expect(read('peter', 'd', old('kept-a'))).toBeUndefined();
    expect(read('', 'e', now('kept-gone'))).toBeUndefined();
  });

  test('a correction is of the same speaker’s, else it is said anew', () => {
    const { read } = setUp();
    read('nurse', 'a', body('hi'));
    expect(read('nurse', 'b', body('ho') + replace('a'))?.intent).toMatchObject({
      kind: 'edit',
      target: { stanzaId: 'muc:piazza:kept-a' },
    });
    expect(read('peter', 'c', body('ho') + replace('a'))?.intent).toMatchObject({ kind: 'send' });
  });

  test('one’s own is taken back by oneself, or by the room', () => {
    const { read } = setUp();
    read('nurse', 'a', body('hi'));
    const target = { stanzaId: 'muc:piazza:kept-a' };
    expect(read('peter', 'b', retract('kept-a'))).toBeUndefined();
    expect(read('nurse', 'c', retract('kept-a'))?.intent).toEqual({ kind: 'retract', chat, target });
    expect(read('', 'd', retract('kept-a'))?.intent).toEqual({ kind: 'retract', chat, target });
  });

  test('whose it is the MUC’s own mark says, whatever they are called by then', () => {
    const { read } = setUp();
    const as = (id: string): string => about('occupant-id', 'urn:xmpp:occupant-id:0', id);
    read('nurse', 'a', body('hi') + as('o1'));
    const target = { stanzaId: 'muc:piazza:kept-a' };
    expect(read('nurse', 'b', body('ho') + replace('a') + as('o2'))?.intent).toMatchObject({ kind: 'send' });
    expect(read('nurse', 'c', retract('kept-a') + as('o2'))).toBeUndefined();
    expect(read('angelica', 'd', body('ho') + replace('a') + as('o1'))?.intent).toMatchObject({ kind: 'edit', target });
    expect(read('angelica', 'e', retract('kept-a') + as('o1'))?.intent).toEqual({ kind: 'retract', chat, target });
    expect(read('peter', 'f', retract('kept-a') + as('nurse\n'))).toBeUndefined();
  });

  test('a moderator of the MUC takes back what was said before a restart, too', () =>
    expect(setUp().read('', 'a', retract('kept-old'))?.intent).toEqual({
      ...{ kind: 'retract', chat, target: { stanzaId: 'muc:piazza:kept-old' } },
    }));

  test('the network’s are not the MUC’s to take back', () => {
    const { read } = setUp();
    expect([read('peter', 'a', retract('theirs')), read('', 'b', retract('theirs'))]).toEqual([undefined, undefined]);
  });

  test('who gives themselves an occupant id is nobody else by it, where the MUC gives none', () => {
    const { read } = setUp();
    read('nurse', 'a', body('hi'));
    const forged = `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='nurse&#10;'/>`;
    expect(read('peter', 'b', retract('kept-a') + forged)).toBeUndefined();
    expect(read('peter', 'c', body('bye') + replace('a') + forged)?.intent.kind).toBe('send');
    const halved = `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='nurse'/>`;
    expect(read('peter', 'e', body('bye') + replace('&#10;a') + halved)?.intent.kind).toBe('send');
    expect(read('nurse', 'd', retract('kept-a'))?.intent.kind).toBe('retract');
  });

  test('of reactions what is new is said, by each who reacts', () => {
    const { read } = setUp();
    let id = 0;
    const said = (nick: string, target: string, ...emoji: readonly string[]): string | undefined => {
      const inside = emoji.map((one) => `<reaction>${one}</reaction>`).join('');
      const intent = read(nick, `r${id++}`, about('reactions', 'urn:xmpp:reactions:0', target, inside))?.intent;
      return intent?.kind === 'send' ? /with (.*) to/.exec(intent.content.text?.plain ?? '')?.[1] : undefined;
    };
    for (const target of ['theirs', 'long-ago']) {
      expect(said('nurse', target, '👍')).toBe('👍');
      expect(said('nurse', target, '👍', '🎉', '🎉')).toBe('🎉');
      expect(said('nurse', target, '👍')).toBeUndefined();
      expect(said('peter', target, '👍', '🎉')).toBe('👍 🎉');
    }
  });

  test('reactions are said in words, where it is known to what', () => {
    const { read } = setUp();
    const react = (id: string, inside: string): string => about('reactions', 'urn:xmpp:reactions:0', id, inside);
    expect(read('nurse', 'a', react('theirs', '<reaction>👍</reaction>'))?.intent).toMatchObject({
      kind: 'send',
      content: { author: { nick: 'nurse' }, action: true, text: { plain: 'reacted with 👍 to tybalt: “me”' } },
    });
    expect(read('nurse', 'b', react('theirs', ''))).toBeUndefined();
    expect(read('nurse', 'd', react('long-ago', '<reaction>👍</reaction>'))?.intent).toMatchObject({
      kind: 'send',
      content: { action: true, text: { plain: 'reacted with 👍 to an earlier message' }, replyTo: { stanzaId: 'r0' } },
    });
    expect(read('nurse', 'c', react('other', '<reaction>👍</reaction>'))).toBeUndefined();
  });
});
