/** CHECKLIST 10.1, 10.4: conversations of two, receipts, and what the network says itself. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { chatId, messageId, personId } from '../../../../src/core/ids.ts';
import { bodyOf, child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import {
  createWorld,
  desk,
  inbox,
  inVerona,
  key,
  noon,
  origin,
  owner,
  phone,
  received,
  room,
  sendIntent,
  text,
  verona,
} from '../rooms/world.ts';

const juliet = 'juliet%net@irc.test';
const toJuliet = { kind: 'send', chat: chatId('juliet'), content: text('hello') } as const;
const asked = origin(phone, juliet, { via: 'message', type: 'chat', stanzaId: 'm1', receipt: true });
const direct = { direct: true, chat: chatId('juliet') } as const;

describe('to us', () => {
  test('MSG-01 MSG-02 GEN-09 280-01 one chat message from the contact to the bare JID, with an id, kept', () => {
    const world = createWorld();
    const stanzas = world.says('juliet', 'a < b', direct);
    expect(stanzas).toMatchObject([{ kind: 'message', type: 'chat', from: present(juliet), to: [owner], keep: true }]);
    expect(stanzas[0]?.id).toBeTruthy();
    expect(inbox(stanzas, owner).map(bodyOf)).toEqual(['a < b']);
    // The server makes its carbons itself.
    expect(inbox(stanzas, owner).map((one) => /urn:xmpp:(carbons|hints)/.test(JSON.stringify(one)))).toEqual([false]);
    expect(world.archive).toMatchObject([{ chat: 'juliet', id: stanzas[0]?.id, by: 'juliet', refs: [{ part: 0 }] }]);
  });

  test('172-01 the first message of who is no contact says what they are called, and no other does', () => {
    const world = createWorld();
    const nicks = ['x', 'y'].map((said) => {
      const [one] = world.says('juliet', said, direct);
      return one && textOf(child(received(one, owner), 'nick', 'http://jabber.org/protocol/nick'));
    });
    expect(nicks).toEqual(['juliet', '']);
    const befriended = createWorld();
    befriended.face.knowContacts([personId('juliet')]);
    const [known] = befriended.says('juliet', 'x', direct);
    expect(known && child(received(known, owner), 'nick')).toBeUndefined();
  });

  const bounce = (id: string | undefined, condition: string, from = phone): string =>
    `<message type='error' id='${id}' from='${from}' to='${present(juliet)}'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;

  test.each(['policy-violation', 'service-unavailable'])(
    'ROS-35 GEN-05 whose server lets nobody through who is no contact (%s) is told once how to hear them',
    (condition) => {
      const world = createWorld();
      const [first, second] = ['x', 'y'].flatMap((said) => world.says('juliet', said, direct));
      expect(world.hear(bounce('other', condition)).stanzas).toEqual([]);
      expect(world.hear(bounce(first?.id, 'remote-server-timeout')).stanzas).toEqual([]);
      expect(world.hear(bounce(first?.id, condition, 'mercutio@verona.test/x')).stanzas).toEqual([]);
      const told = world.hear(bounce(first?.id, condition)).stanzas;
      expect(inbox(told, owner).map(bodyOf)).toEqual([
        `juliet has written to you, and your server did not let it through. If you want to read them, add ${juliet} to your contacts.`,
      ]);
      for (const { id } of [first, second].flatMap((one) => one ?? []))
        expect(world.hear(bounce(id, condition)).stanzas).toEqual([]);
    },
  );

  test('ROS-35 of a contact it has another cause, and nothing is said', () => {
    const world = createWorld();
    world.face.knowContacts([personId('juliet')]);
    const [said] = world.says('juliet', 'x', direct);
    expect(world.hear(bounce(said?.id, 'service-unavailable')).stanzas).toEqual([]);
  });

  test('359-03 313-03 with the stanza-id of the contact’s archive, and none by the user, for that is the server’s', () => {
    const world = createWorld();
    const [said] = world.says('juliet', 'x', direct);
    const one = said && received(said, owner);
    expect(childrenOf(one, 'stanza-id').map(({ attrs }) => attrs)).toEqual([{ by: juliet, id: world.archive[0]?.id }]);
    expect(child(one, 'occupant-id')).toBeUndefined();
    expect(child(one, 'delay')).toBeUndefined();
  });

  test('MSG-08 late ones with their time, from the domain', () => {
    const [said] = createWorld().says('juliet', 'x', { ...direct, history: true, at: new Date(noon - 60_000) });
    expect(said && child(received(said, owner), 'delay')?.attrs).toEqual({
      from: 'irc.test',
      stamp: '2026-11-21T11:59:00.000Z',
    });
  });

  test('MSG-07 actions, files, and nothing for nothing', () => {
    const world = createWorld();
    const body = (content: object) =>
      world.says('juliet', '', { ...direct, content }).map((one) => bodyOf(received(one, owner)));
    expect(body({ ...text('waves'), action: true })).toEqual(['/me waves']);
    expect(body({ files: [{ url: 'https://example.org/f', name: 'f' }] })).toEqual(['https://example.org/f']);
    expect(body({})).toEqual([]);
  });

  test('45-47 a name that no contact’s address holds speaks from the server’s, where it can be answered', () => {
    const stanzas = createWorld().says('#odd', 'x', { direct: true, chat: chatId('#odd') });
    expect(stanzas).toMatchObject([{ from: 'net@irc.test/#odd', to: [owner] }]);
  });

  test('380-01 OTR is passed on as it is, and named as what it is', () => {
    const world = createWorld();
    const [said] = world.says('juliet', '?OTR:AAMD=.', direct);
    expect(world.archive).toEqual([]);
    const one = said && received(said, owner);
    expect(one && bodyOf(one)).toBe('?OTR:AAMD=.');
    expect(child(one, 'encryption', 'urn:xmpp:eme:0')?.attrs).toEqual({ namespace: 'urn:xmpp:otr:0', name: 'OTR' });
  });

  test('280-02 280-04 our own words are not shown, sent from here or from elsewhere', () => {
    const world = createWorld();
    expect(world.says('Romeo', 'x', { ...direct, sentBy: key('1') })).toEqual([]);
    expect(world.says('Romeo', 'x', direct)).toEqual([]);
  });

  const answers = { replyTo: { id: messageId('m1'), part: 0 } } as const;
  const reply = (to: string, id: string) => `<reply xmlns='urn:xmpp:reply:0' to='${to}' id='${id}'/>`;

  test('308-04 461-01 a correction of what answers something answers it still', () => {
    const world = createWorld();
    const [asks] = world.says('juliet', 'Shall I?', { ...direct, ref: answers.replyTo });
    const ref = { id: messageId('m2'), part: 0 };
    world.says('juliet', 'Yse', { ...direct, ref, content: { ...text('Yse'), ...answers } });
    const by = personId('juliet');
    const content = { ...text('Yes'), ...answers };
    const [said] = world.event({ kind: 'edited', at: new Date(noon), chat: direct.chat, by, target: ref, content });
    const named = reply(present(juliet), asks?.id ?? '');
    expect(said?.body.text).toContain(`<body>&gt; juliet: Shall I?\nYes</body>`);
    expect(said?.body.text).toContain(named);
    expect(world.archive.at(-1)?.body).toContain(named);
  });

  test('356-23 461-01 what our user answers elsewhere names what it answers', () => {
    const world = createWorld();
    const [asks] = world.says('juliet', 'Shall I?', { ...direct, ref: answers.replyTo });
    world.says('romeo', 'Yes', { ...direct, content: { ...text('Yes'), ...answers } });
    expect(world.archive.at(-1)?.body).toContain(`<body>&gt; juliet: Shall I?\nYes</body>`);
    expect(world.archive.at(-1)?.body).toContain(reply(present(juliet), asks?.id ?? ''));
  });

  test('45-47 somebody of the room writes privately: a conversation like any', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(world.says('juliet', 'psst', direct)).toMatchObject([{ from: present(juliet), to: [owner], type: 'chat' }]);
  });
});

describe('another name', () => {
  test('172-02 is told by the old one, with the address that reaches them now', () => {
    const world = createWorld();
    const at = new Date(noon);
    const stanzas = world.event({ kind: 'moved', chat: chatId('juliet'), to: chatId('capulet'), nick: 'Capulet', at });
    expect(stanzas).toMatchObject([{ from: present(juliet), to: [owner], type: 'chat' }]);
    expect(inbox(stanzas, owner).map(bodyOf)).toEqual(['/me is called Capulet now (capulet%net@irc.test)']);
  });

  test('172-02 to whoever has the conversation by a shared account, and not to its operator', () => {
    const world = createWorld('bot', {}, { talker: () => 'paris@example.org' });
    const moved = { kind: 'moved', chat: chatId('juliet'), to: chatId('capulet'), nick: 'Capulet' } as const;
    expect(world.event({ ...moved, at: new Date(noon) })).toMatchObject([{ to: ['paris@example.org'] }]);
  });
});

describe('from us', () => {
  test('184-01 the receipt comes with the network’s confirmation, to the client that asked, with its id', () => {
    const world = createWorld();
    world.face.check(toJuliet, asked);
    world.face.sending(key('1'), toJuliet, asked);
    const { stanzas, archive, result } = world.face.done(key('1'), toJuliet, asked, { at: noon });
    expect(stanzas).toMatchObject([{ kind: 'message', type: 'chat', from: juliet, to: [phone] }]);
    const [one] = inbox(stanzas, phone);
    expect(child(one, 'received', 'urn:xmpp:receipts')?.attrs.id).toBe('m1');
    expect(child(one, 'request')).toBeUndefined();
    expect(archive).toEqual([]);
    expect(
      inbox(world.face.again(toJuliet, asked, result ?? ''), phone).map((again) => child(again, 'received')?.attrs.id),
    ).toEqual(['m1']);
  });

  test('184-02 none where none was asked for, none without an id', () => {
    const world = createWorld();
    const { receipt, ...plain } = asked;
    expect(world.face.done(key('1'), toJuliet, plain).stanzas).toEqual([]);
    const { stanzaId, ...nameless } = asked;
    expect(world.face.done(key('2'), toJuliet, nameless).stanzas).toEqual([]);
    expect(world.face.again(toJuliet, plain, 'done')).toEqual([]);
  });

  test('184-02 none for a groupchat message, whatever it asks for', () => {
    const world = inVerona(['Romeo'], [phone]);
    const said = origin(phone, room, { via: 'message', type: 'groupchat', stanzaId: 'm1', receipt: true });
    world.face.sending(key('1'), sendIntent('x'), said);
    const { stanzas } = world.face.done(key('1'), sendIntent('x'), said);
    expect(stanzas).toHaveLength(1);
    expect(inbox(stanzas, phone).map((one) => child(one, 'received'))).toEqual([undefined]);
  });

  test('45-46 45-47 through R/N: the receipt comes from there', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const intent = { ...sendIntent('psst'), privately: 'juliet' };
    const from = { ...asked, to: `${room}/juliet` };
    world.face.check(intent, from);
    const meant = { ...intent, chat: chatId('juliet') };
    world.face.sending(key('1'), meant, from);
    expect(world.face.done(key('1'), meant, from).stanzas).toMatchObject([
      { from: `${room}/juliet`, type: 'chat', to: [phone] },
    ]);
  });

  test('MSG-03 refused: the error comes from where it was sent to, with its id', () => {
    const world = createWorld();
    const { stanzas } = world.face.failed(
      key('1'),
      toJuliet,
      asked,
      new GatewayError('no-such-person', { text: 'No such nick' }),
    );
    const [one] = inbox(stanzas, phone);
    expect(one?.attrs).toEqual({ type: 'error', from: juliet, to: phone, id: 'm1' });
    expect(one && conditionOf(one)).toBe('item-not-found');
    expect(child(one, 'error')?.attrs.by).toBeUndefined();
  });
});

describe('the network itself', () => {
  const state = (what: 'connecting' | 'ready' | 'reconnecting' | 'ended', more = {}) =>
    ({ kind: 'state', state: what, at: new Date(noon), ...more }) as const;

  test('a notice is one chat from the server’s address, not to be stored and not kept', () => {
    const world = createWorld();
    const stanzas = world.event({ kind: 'notice', text: { plain: 'Welcome\nto net', marks: [] }, at: new Date(noon) });
    expect(stanzas).toMatchObject([{ kind: 'message', type: 'chat', from: 'net@irc.test', to: [owner] }]);
    const [one] = inbox(stanzas, owner);
    expect(one && bodyOf(one)).toBe('Welcome\nto net');
    expect(child(one, 'no-store', 'urn:xmpp:hints')).toBeDefined();
    expect(stanzas[0]?.keep).toBeUndefined();
    expect(world.event({ kind: 'notice', text: { plain: '', marks: [] }, at: new Date(noon) })).toEqual([]);
  });

  test('GEN-10 what is translated says in which language it is, and nothing else does', () => {
    const world = createWorld();
    world.hear(`<presence xml:lang='de-AT' from='${phone}' to='juliet%net@irc.test'/>`);
    const [lost] = world.event(state('reconnecting'));
    expect([lost?.lang, lost && bodyOf(received(lost, owner))]).toEqual([
      'de',
      expect.stringMatching(/^Die Verbindung/),
    ]);
    const [said] = world.event({ kind: 'notice', text: { plain: 'Welcome', marks: [] }, at: new Date(noon) });
    expect(said?.lang).toBeUndefined();
  });

  test('334-01 with clients in rooms it is for each of them alone', () => {
    const world = inVerona(['Romeo'], [phone, desk]);
    const [said, ...more] = world.event({ kind: 'notice', text: { plain: 'hm', marks: [] }, at: new Date(noon) });
    expect(more).toEqual([]);
    expect(said?.to).toEqual([phone, desk]);
    const one = said && received(said, desk);
    expect(child(one, 'private', 'urn:xmpp:carbons:2')).toBeDefined();
    for (const hint of ['no-copy', 'no-store']) expect(child(one, hint, 'urn:xmpp:hints')).toBeDefined();
  });

  test('a short loss is told once, until it is over', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(world.event(state('reconnecting'))).toHaveLength(1);
    expect(world.event(state('reconnecting', { text: 'again' }))).toEqual([]);
    expect(world.face.clients(verona)).toEqual([phone]);
    expect(world.face.isIn(verona)).toBe(true);
    expect(world.event(state('ready'))).toEqual([]);
    expect(inbox(world.event(state('reconnecting', { text: 'Ping timeout' })), phone).map(bodyOf)).toEqual([
      'Ping timeout',
    ]);
  });

  test('what a bridge says while it connects is passed on', () => {
    const world = createWorld();
    expect(inbox(world.event(state('connecting', { text: 'Connecting to net:6697' })), owner).map(bodyOf)).toEqual([
      'Connecting to net:6697',
    ]);
    expect(world.event(state('connecting'))).toEqual([]);
  });

  test('events of features that are not there yet are ignored', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const at = new Date(noon);
    const by = personId('juliet');
    const target = { id: messageId('m'), part: 0 };
    expect(world.event({ kind: 'presence', person: by, show: 'away', at })).toEqual([]);
    expect(world.event({ kind: 'person', person: by, change: { name: 'J' }, at })).toEqual([]);
    expect(world.event({ kind: 'edited', chat: verona, by, target, content: text('y'), at })).toEqual([]);
    expect(world.event({ kind: 'retracted', chat: verona, by, target, at })).toEqual([]);
    expect(world.event({ kind: 'reaction', chat: verona, by, target, emoji: '!', present: true, at })).toEqual([]);
    expect(world.event({ kind: 'read', chat: verona, by, upTo: target, at })).toEqual([]);
  });
});

test('333-01 who has read up to a message that was taken back has read what was said before it', () => {
  const world = createWorld();
  const said = (stanzaId: string, at: number) => {
    const refs = [{ id: messageId(stanzaId), part: 0 }];
    world.face.done(key(stanzaId), toJuliet, { ...asked, stanzaId }, { at, refs });
    return refs[0] ?? { id: messageId(''), part: 0 };
  };
  said('m1', noon);
  const theirs = { id: messageId('t1'), part: 0 };
  world.clock += 1_000;
  world.says('juliet', 'x', { ...direct, ref: theirs, at: new Date(world.clock) });
  const about = { chat: chatId('juliet'), by: personId('juliet'), at: new Date(world.clock) };
  world.event({ kind: 'retracted', ...about, target: theirs });
  const [read] = world.event({ kind: 'read', ...about, upTo: theirs });
  expect(read && child(received(read, owner), 'displayed', 'urn:xmpp:chat-markers:0')?.attrs.id).toBe('m1');
});
