/** What is done to messages on IRC: reactions, replies, retractions, typing and read markers, on a server that has the drafts and on one that has none. */
import { describe, expect, test } from 'vitest';
import { type ChatId, chatId, messageId, plainText } from '../../../../src/bridge/index.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { inRoom, meet } = puppets;
const caps = 'message-tags echo-message labeled-response batch draft/message-redaction draft/read-marker server-time';
const ref = (id: string) => ({ id: messageId(id), part: 0 });
const room: ChatId = chatId('#room');
const settled = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: { readonly code: string }) => error.code,
  );

test('DESIGN 1.9 a server without the drafts offers nothing of it', async () => {
  const { us } = await inRoom();
  await using _ = us;
  const { reactions, replies, retractions, typing, receipts } = us.live;
  expect([reactions, replies, retractions, typing, receipts]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('tags that the server drops are not offered', async () => {
  const denied = 'CASEMAPPING=ascii CHANTYPES=# PREFIX=(ov)@+ CLIENTTAGDENY=*,-draft/reply';
  const { us } = await inRoom('juliet', { caps, isupport: denied });
  await using _ = us;
  expect(us.live.replies).toBeDefined();
  expect([us.live.reactions, us.live.typing]).toEqual([undefined, undefined]);
  const named = denied.replace('*,-draft/reply', 'typing');
  const other = await inRoom('juliet', { caps, isupport: named });
  await using __ = other.us;
  expect(other.us.live.typing).toBeUndefined();
  expect(other.us.live.reactions).toBeDefined();
});

describe('what others do', () => {
  test('444-01 reactions come and go; words and what names no message do not', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(
      '@+draft/react=👍;+draft/reply=m1 :Romeo!u@h TAGMSG #room',
      '@+draft/unreact=👍;+reply=m1 :Romeo!u@h TAGMSG #room',
      '@+draft/react=👍 :Romeo!u@h TAGMSG #room',
      `@+draft/react=${'x'.repeat(100)};+draft/reply=m1 :Romeo!u@h TAGMSG #room`,
      '@label=z;+draft/react=👍;+draft/reply=m1 :juliet!u@h TAGMSG #room',
      '@+draft/react=👍;+draft/reply=m1 :Romeo!u@h TAGMSG #elsewhere',
      '@+draft/react=🎉;+draft/reply=m2 :Romeo!u@h TAGMSG juliet',
    );
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'reaction')).toMatchObject([
      { chat: '#room', by: 'romeo', target: ref('m1'), emoji: '👍', present: true },
      { chat: '#room', target: ref('m1'), emoji: '👍', present: false },
      { chat: 'romeo', target: ref('m2'), emoji: '🎉', present: true },
    ]);
  });

  test('444-01 a reaction that is redacted is taken back, ours too', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(
      '@msgid=r1;+draft/react=👍;+draft/reply=m1 :Nurse!u@h TAGMSG #room',
      '@msgid=r2;+draft/react=🎉;+draft/reply=m2 :Romeo!u@h TAGMSG juliet',
      '@label=z;msgid=r3;+draft/react=😀;+draft/reply=m1 :juliet!u@h TAGMSG #room',
      ':Romeo!u@h REDACT #room r1 :rude',
      ':Romeo!u@h REDACT #room r1 :rude',
      ':Romeo!u@h REDACT juliet r2',
      ':Romeo!u@h REDACT #room r3',
    );
    await mark({ us, server });
    const deeds = us.events.all.filter(({ kind }) => kind === 'reaction' || kind === 'retracted');
    expect(deeds).toMatchObject([
      { kind: 'reaction', emoji: '👍', present: true },
      { kind: 'reaction', emoji: '🎉', present: true },
      { kind: 'reaction', chat: '#room', by: 'nurse', target: ref('m1'), emoji: '👍', present: false },
      { kind: 'retracted', target: ref('r1') },
      { kind: 'reaction', chat: 'romeo', by: 'romeo', target: ref('m2'), emoji: '🎉', present: false },
      { kind: 'reaction', chat: '#room', by: 'juliet', target: ref('m1'), emoji: '😀', present: false },
    ]);
  });

  test('461-01 a reply names what it answers, by either tag', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(
      '@msgid=m2;+draft/reply=m1 :Romeo!u@h PRIVMSG #room :here',
      '@msgid=m3;+reply=m2 :Romeo!u@h PRIVMSG #room :\x01ACTION nods\x01',
      '@+reply= :Romeo!u@h PRIVMSG #room :nothing',
    );
    expect((await us.event('message')).content.replyTo).toEqual(ref('m1'));
    expect((await us.event('message')).content).toEqual({ text: plainText('nods'), action: true, replyTo: ref('m2') });
    expect((await us.event('message')).content.replyTo).toBeUndefined();
  });

  test('424-01 425-01 what is redacted, in a channel and between two, by whom', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(
      ':Romeo!u@h REDACT #room m1 :spam',
      ':Romeo!u@h REDACT juliet m2',
      ':juliet!u@h REDACT Romeo m3',
      ':s.test REDACT #room m4',
      ':Romeo!u@h REDACT #room',
    );
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'retracted')).toMatchObject([
      { chat: '#room', by: 'romeo', target: ref('m1'), reason: 'spam' },
      { chat: 'romeo', by: 'romeo', target: ref('m2') },
      { chat: 'romeo', by: 'juliet', target: ref('m3') },
      { chat: '#room', by: 's.test', target: ref('m4') },
    ]);
  });

  test('085-02 who writes is told once, and that they have stopped: by word, by a message, by time', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom('juliet @Romeo', { caps }, { clock });
    await using _ = us;
    const typing = () => us.events.all.filter(({ kind }) => kind === 'typing');
    const told = async (state: string) => {
      server.say(`@+typing=${state} :Romeo!u@h TAGMSG #room`);
      await mark({ us, server });
    };
    await told('active');
    await told('active');
    await told('done');
    await told('done');
    expect(typing()).toMatchObject([{ chat: '#room', by: 'romeo', active: true }, { active: false }]);
    await told('active');
    server.say(':Romeo!u@h PRIVMSG #room :there');
    await us.event('message');
    expect(typing()).toHaveLength(4);
    await told('paused');
    await told('nonsense');
    expect(typing()).toHaveLength(4);
    await told('active');
    await clock.advance(5_000);
    expect(typing()).toHaveLength(5);
    await told('paused');
    await clock.advance(29_000);
    expect(typing().at(-1)).toMatchObject({ active: false, paused: true });
    await clock.advance(1_000);
    expect(typing().slice(-1)).toMatchObject([{ active: false }]);
    expect(typing()).toHaveLength(7);
    server.cut();
    await us.event('state');
  });
});

describe('what our user does', () => {
  test('444-01 a set becomes what is new in it and what is gone', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const done = us.live.reactions?.react(ref('m1'), ['👍', '🎉'], us.attempt('#room'), ['😀', '👍']);
    await server.expect(/^@label=\S+;\+draft\/reply=m1;\+reply=m1;\+draft\/react=🎉 TAGMSG #room$/);
    await server.expect(/^@label=\S+;\+draft\/reply=m1;\+reply=m1;\+draft\/unreact=😀 TAGMSG #room$/);
    await done;
    await us.live.reactions?.react(ref('m1'), ['👍'], us.attempt('#room'), ['👍']);
    await expect(us.live.reactions?.react(ref('~local'), ['👍'], us.attempt('#room'), [])).rejects.toMatchObject({
      code: 'network-cannot',
    });
    await expect(us.live.reactions?.react(ref('m1'), ['👍'], us.attempt('#other'), [])).rejects.toMatchObject({
      code: 'not-in-room',
    });
    await expect(us.live.reactions?.react(ref('m1'), ['👍'], us.attempt('a b'), [])).rejects.toMatchObject({
      code: 'no-such-person',
    });
    expect(server.lines.all.filter((line) => line.includes('TAGMSG'))).toHaveLength(2);
  });

  test('461-01 a reply carries its reference with the first line only', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const content = { text: plainText('one\ntwo'), replyTo: ref('m;1') };
    const sending = us.live.send(content, us.attempt('#room'));
    const first = await server.expect(/^@label=(\S+?);\+draft\/reply=m\\:1;\+reply=m\\:1 PRIVMSG #room one$/);
    const second = await server.expect(/^@label=(\S+) PRIVMSG #room two$/);
    server.say(
      `@label=${first[1]};msgid=a :juliet!u@h PRIVMSG #room :one`,
      `@label=${second[1]};msgid=b :juliet!u@h PRIVMSG #room :two`,
    );
    expect((await sending).refs).toEqual([ref('a'), ref('b')]);
    expect(us.live.replies?.canName(ref('m;1'), room)).toBe(true);
    expect(us.live.replies?.canName(ref('~x'), room)).toBe(false);
  });

  test('REDACT with its reason, done when the server has dealt with it', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const done = settled(us.live.retractions?.retract(ref('m1'), 'a\r\nb', us.attempt('#room')) ?? Promise.resolve());
    await server.expect(/^@label=\S+ REDACT #room m1 :a b$/);
    expect(await done).toBe('done');
  });

  test.each([
    ['FAIL REDACT REDACT_FORBIDDEN #room m1 :No', 'not-allowed-there'],
    ['FAIL REDACT UNKNOWN_MSGID #room m1 :No', 'no-such-message'],
    ['FAIL REDACT REDACT_WINDOW_EXPIRED #room m1 60 :Too late', 'message-too-old'],
    [':s.test 482 juliet #room :Not an operator', 'not-allowed-there'],
  ])('425-02 424-03 refused: %s', async (answer, code) => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    puppets.ircd.answersPings = false;
    const done = settled(us.live.retractions?.retract(ref('m1'), undefined, us.attempt('#room')) ?? Promise.resolve());
    await server.expect(/^@label=\S+ REDACT #room m1$/);
    server.say(answer);
    await mark({ us, server });
    for (const line of server.lines.all)
      if (line.startsWith('PING ')) server.say(`:s.test PONG s.test :${line.slice(5)}`);
    expect(await done).toBe(code);
  });

  test('a message that the server never named can not be taken back', async () => {
    const { us } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const done = us.live.retractions?.retract(ref('~x'), undefined, us.attempt('#room'));
    await expect(done).rejects.toMatchObject({ code: 'network-cannot' });
  });

  test('333-02 what was read is told forwards only, and what the server knows is not told', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const read = (at: number) => us.live.receipts?.read(room, ref('m'), at);
    server.say(':s.test MARKREAD #room timestamp=1970-01-01T00:00:05.000Z', ':s.test MARKREAD #room *');
    await mark({ us, server });
    for (const at of [4_000, 5_000, 7_000, 6_000]) await read(at);
    await server.expect(/^MARKREAD #room timestamp=1970-01-01T00:00:07\.000Z$/);
    await us.live.typing?.typing(room, true, false);
    await server.expect(/TAGMSG/);
    expect(server.lines.all.filter((line) => line.startsWith('MARKREAD'))).toHaveLength(1);
  });

  test('085-02 writing is said again while it lasts, never within three seconds, and ends', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom('juliet @Romeo', { caps }, { clock });
    await using _ = us;
    await mark({ us, server });
    await settle();
    const told = async () => {
      await settle();
      us.live.receipts?.read(room, ref('m'), clock.now() + 1);
      await server.expect(/^MARKREAD/);
      return server.lines.all.filter((line) => line.includes('TAGMSG')).map((line) => line.split(/[= ]/)[1]);
    };
    const typing = (active: boolean, paused = false) => us.live.typing?.typing(room, active, paused);
    await typing(true);
    await typing(true);
    await typing(false, true);
    await typing(false, true);
    expect(await told()).toEqual(['active']);
    await clock.advance(3_000);
    expect(await told()).toEqual(['active', 'paused']);
    await typing(false);
    await clock.advance(3_000);
    expect(await told()).toEqual(['active', 'paused', 'done']);
    await typing(false);
    await typing(true);
    await clock.advance(70_000);
    const all = await told();
    expect(all.filter((state) => state === 'active').length).toBeGreaterThan(10);
    expect(all.at(-1)).toBe('done');
    await clock.advance(20_000);
    expect((await told()).length).toBe(all.length);
  });

  test.each([
    ['romeo', '401', 'No such nick'],
    ['#room', '404', 'You need voice'],
  ])(
    '085-02 where the server refuses it (%s, %s), nobody is told and it is not said again',
    async (chat, numeric, why) => {
      const clock = createManualClock();
      const met = await inRoom('juliet @Romeo', { caps: 'message-tags' }, { clock });
      await using us = met.us;
      await mark(met);
      await settle();
      await us.live.typing?.typing(chatId(chat), true, false);
      await met.server.expect(/TAGMSG/);
      met.server.say(`:s.test ${numeric} juliet ${chat} :${why}`);
      await mark(met);
      await clock.advance(20_000);
      await settle();
      await mark(met);
      expect(met.server.lines.all.filter((line) => line.includes('TAGMSG'))).toHaveLength(1);
      const notices = () => us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
      expect(new Set(notices())).toEqual(new Set(['the mark']));
      await clock.advance(20_000);
      met.server.say(`:s.test ${numeric} juliet ${chat} :${why}`);
      await mark(met);
      expect(notices()).toContain(`${chat}: ${why}`);
    },
  );

  test('what is said ends the writing without a word', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ caps }, { clock });
    await using _ = us;
    await mark({ us, server });
    await settle();
    await us.live.typing?.typing(chatId('romeo'), true, false);
    await server.expect(/^@\+typing=active TAGMSG romeo$/);
    const sending = us.say('romeo', 'hello');
    const label = (await server.expect(/^@label=(\S+) PRIVMSG romeo hello$/))[1];
    server.say(`@label=${label};msgid=a :juliet!u@h PRIVMSG romeo :hello`);
    await sending;
    await clock.advance(10_000);
    await settle();
    expect(server.lines.all.filter((line) => line.includes('TAGMSG'))).toHaveLength(1);
  });
});
