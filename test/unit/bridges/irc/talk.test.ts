/** What is said and heard, against a server that says what the test wants: echoes, labels, notices, injection, back-pressure. */
import { describe, expect, test } from 'vitest';
import { chatId, type NetworkEvent, personId, plainText } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;

describe('what is said', () => {
  test('server-time and msgid are used', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport: 'STATUSMSG=@+ CHANTYPES=# PREFIX=(ov)@+' });
    await using _ = us;
    server.say('@time=2020-01-02T03:04:05.678Z;msgid=abc :Romeo!u@h PRIVMSG #room :for all');
    expect(await us.event('message')).toEqual({
      kind: 'message',
      at: new Date('2020-01-02T03:04:05.678Z'),
      chat: '#room',
      by: 'romeo',
      nick: 'Romeo',
      ref: { id: 'abc', part: 0 },
      content: { text: plainText('for all') },
    });
  });

  test('what is for those of a rank alone shows for whom it is, in the channel', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport: 'STATUSMSG=@+ CHANTYPES=# PREFIX=(ov)@+' });
    await using _ = us;
    server.say(
      ':Romeo!u@h PRIVMSG @#Room :for \x02ops\x02',
      ':Romeo!u@h NOTICE +#room :hush',
      ':Romeo!u@h PRIVMSG @#room :\x01ACTION frowns\x01',
    );
    expect(await us.event('message')).toMatchObject({
      chat: '#room',
      content: { text: { plain: '[@#Room] for ops', marks: [{ is: 'strong', from: 13, to: 16 }] } },
    });
    expect(await us.event('message')).toMatchObject({ notice: true, content: { text: plainText('[+#room] hush') } });
    expect((await us.event('message')).content).toEqual({ text: plainText('[@#room] frowns'), action: true });
  });

  test('ids that the network does not give are never twice the same', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':Romeo!u@h PRIVMSG #room :a', ':Romeo!u@h PRIVMSG #room :a');
    const [one, other] = [await us.event('message'), await us.event('message')];
    expect(one.ref.id).not.toBe(other.ref.id);
    expect(one.ref.id.length).toBeGreaterThan(10);
  });

  test('notices: of a person in the room, of a person to us, of the server, of services', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(
      ':Romeo!u@h NOTICE #room :to all',
      ':ChanServ!s@services.test NOTICE juliet :to you',
      ':s.test NOTICE juliet :from the server',
      ':Tybalt!s@h NOTICE juliet :\x02identify\x02 please',
    );
    expect(await us.event('message')).toMatchObject({ notice: true, chat: '#room' });
    expect(await us.event('message')).toMatchObject({ notice: true, direct: true, chat: 'chanserv' });
    expect((await us.event('notice')).text.plain).toBe('from the server');
    expect((await us.event('notice')).text).toEqual({
      plain: 'Tybalt: identify please',
      marks: [{ is: 'strong', from: 8, to: 16 }],
    });
    await us.say('tybalt', 'help');
    server.say(':Tybalt!s@h NOTICE juliet :this is help');
    expect(await us.event('message')).toMatchObject({
      direct: true,
      chat: 'tybalt',
      content: { text: plainText('this is help') },
    });
  });

  test('CTCP is answered four times at most, and shown to nobody', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    for (let at = 0; at < 20; at++) server.say(`:Romeo!u@h PRIVMSG juliet :\x01PING ${at}\x01`);
    server.say(':Romeo!u@h PRIVMSG #room :\x01VERSION\x01', ':Romeo!u@h PRIVMSG juliet :\x01DCC RESUME x\x01');
    server.say(':Romeo!u@h NOTICE juliet :\x01VERSION x\x01');
    await mark({ us, server });
    await us.say('#room', 'x');
    expect(server.lines.all.filter((line) => line.startsWith('NOTICE')).length).toBe(3);
    expect(us.events.all.some((event) => event.kind === 'message')).toBe(false);
  });

  test('a file or a chat by DCC, which can not come through, is told as offered', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(
      ':Romeo!u@h PRIVMSG juliet :\x01DCC SEND "the balcony.jpg" 3232235521 5000 123456\x01',
      ':Romeo!u@h PRIVMSG juliet :\x01DCC SEND x.iso 1 2\x01',
      ':Romeo!u@h PRIVMSG juliet :\x01DCC CHAT chat 1 2\x01',
      ':Romeo!u@h PRIVMSG #room :\x01DCC SEND x 1 2\x01',
      ':Romeo!u@h PRIVMSG juliet :\x01DCC\x01',
    );
    const offer = (what: string) => `offers ${what} by DCC, which does not pass this gateway; a link would.`;
    for (const what of ['“the balcony.jpg”', '“x.iso”', 'a chat'])
      expect(await us.event('message')).toMatchObject({
        chat: 'romeo',
        direct: true,
        content: { text: plainText(offer(what)), action: true },
      });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'message')).toHaveLength(3);
  });

  test('a wallop and an unknown numeric are told', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.say(':op!u@h WALLOPS :restart soon', ':s.test 999 juliet :??');
    expect((await us.event('notice')).text.plain).toBe('op: restart soon');
  });

  test('the socket is held back while the gateway has no room, and nothing is lost', async () => {
    let open: () => void = () => {};
    let held = 0;
    const onEvent = (event: NetworkEvent): Promise<void> | undefined => {
      if (event.kind !== 'message' || event.content.text?.plain !== 'stop') return undefined;
      held++;
      return new Promise((resolve) => {
        open = resolve;
      });
    };
    const { us, server } = await inRoom('juliet @Romeo', {}, { onEvent });
    await using _ = us;
    const seen = () => us.events.all.filter((event) => event.kind === 'message').length;
    server.say(':Romeo!u@h PRIVMSG #room :stop');
    await us.event('message');
    expect(held).toBe(1);
    const many = 5000;
    for (let at = 0; at < many; at++) server.say(`:Romeo!u@h PRIVMSG #room :${at} ${'x'.repeat(300)}`);
    const sending = us.say('#room', 'answered behind all that');
    await server.expect(/^PING/);
    for (let turn = 0; turn < 200; turn++) await settle();
    expect(seen()).toBeLessThan(many);
    open();
    await us.event('message', (event) => event.content.text?.plain.startsWith(`${many - 1} `) === true);
    expect(seen()).toBe(many + 1);
    await sending;
  }, 30_000);
});

describe('saying', () => {
  test('45-42 with echo-message and labels: told at the echo, and by it sent', async () => {
    const { us, server } = await inRoom('juliet', {
      caps: 'echo-message labeled-response batch message-tags server-time',
    });
    await using _ = us;
    const sending = us.say('#room', 'hello');
    const label = (await server.expect(/^@label=(\S+) PRIVMSG #room hello$/))[1];
    server.say(':Romeo!u@h PRIVMSG #room :before');
    server.say(`@label=${label};msgid=m1;time=2020-01-02T03:04:05.000Z :juliet!user@host PRIVMSG #room :hello`);
    expect(await sending).toEqual({ refs: [{ id: 'm1', part: 0 }], at: Date.parse('2020-01-02T03:04:05.000Z') });
    expect((await us.event('message')).content.text?.plain).toBe('before');
    expect(await us.event('message')).toMatchObject({ sentBy: 'k1', nick: 'juliet', ref: { id: 'm1' } });
  });

  test.each([
    ['707', 'network-refused'],
    ['493', 'not-allowed-there'],
    ['494', 'not-allowed-there'],
    ['936', 'not-allowed-there'],
  ])('what a server does not pass on to somebody is not sent: %s', async (numeric, code) => {
    const { us, server } = await meet();
    await using _ = us;
    server.answer = (line) =>
      line.startsWith('PRIVMSG') ? [`:s.test ${numeric} juliet romeo :Not passed on, says the server`] : [];
    await expect(us.say('romeo', 'hello')).rejects.toMatchObject({ code, message: /says the server/ });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  });

  test.each(['', 'echo-message'])(
    'what a channel takes only of those who are logged in is not sent, caps: %s',
    async (caps) => {
      const { us, server } = await inRoom('juliet', { caps });
      await using _ = us;
      // As Solanum (+R) and OFTC (+M) have it.
      server.answer = (line) =>
        line.startsWith('PRIVMSG #room')
          ? [':s.test 415 juliet #room :Cannot send message to channel (+R) - log in']
          : [];
      const message = '#room: Cannot send message to channel (+R) - log in';
      await expect(us.say('#room', 'hello')).rejects.toMatchObject({ code: 'not-allowed-there', message });
      await mark({ us, server });
      expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
    },
  );

  test.each(['', 'echo-message'])(
    'what a server drops as too much is not sent, though it has no numeric for that, caps: %s',
    async (caps) => {
      const { us, server } = await inRoom('juliet', { caps });
      await using _ = us;
      const notice = ':s.test NOTICE juliet :*** Message to #Room throttled due to flooding';
      server.answer = (line) => (line.startsWith('PRIVMSG #room') ? [notice] : []);
      await expect(us.say('#room', 'hello')).rejects.toMatchObject({
        code: 'network-refused',
        message: '#Room: Message to #Room throttled due to flooding',
      });
      server.say(notice);
      await mark({ us, server });
      const told = us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
      expect(told.filter((text) => text.includes('throttled'))).toHaveLength(1);
    },
  );

  test('whom a message did not reach may be named in words alone (492 of Solanum)', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const said = 'Cannot send to user romeo (User only accepts messages from secure connections (+Z))';
    server.answer = (line) => (line.startsWith('PRIVMSG') ? [`:s.test 492 juliet :${said}`] : []);
    await expect(us.say('romeo', 'hello')).rejects.toMatchObject({ code: 'not-allowed-there' });
  });

  test('487: so DALnet names the services that take no messages, and how they are to be reached', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const said =
      'Error! "/msg NickServ" is no longer supported. Use "/msg NickServ@services.dal.net" or "/NickServ" instead.';
    server.answer = (line) => (line.startsWith('PRIVMSG') ? [`:s.test 487 juliet :${said}`] : []);
    await expect(us.say('nickserv', 'help')).rejects.toMatchObject({
      code: 'not-allowed-there',
      message: expect.stringContaining('or "/NickServ" instead'),
    });
    server.answer = () => [];
    server.say(':s.test 487 juliet :SVSNICK is a server only command');
    await mark({ us, server });
    const told = us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
    expect(told).toEqual(['SVSNICK is a server only command', 'the mark']);
  });

  test('a label on a batch counts for the lines within', async () => {
    const { us, server } = await inRoom('juliet', { caps: 'echo-message labeled-response batch message-tags' });
    await using _ = us;
    const sending = us.say('#room', 'hello').catch((error: unknown) => error);
    const label = (await server.expect(/^@label=(\S+) PRIVMSG/))[1];
    server.say(
      `@label=${label} :s.test BATCH +b1 labeled-response`,
      '@batch=b1 :s.test 404 juliet #room :no',
      ':s.test BATCH -b1',
    );
    expect(await sending).toMatchObject({ code: 'not-allowed-there' });
  });

  test.each([
    [':s.test 404 juliet #room :No notices here', 'No notices'],
    [':s.test FAIL NOTICE X #room :No notices here', 'No notices'],
  ])('what is refused of a line that was typed is not refused of a message: %s', async (refusal, why) => {
    const { us, server } = await inRoom('juliet', {
      caps: 'echo-message labeled-response batch message-tags standard-replies',
    });
    await using _ = us;
    server.answer = (line) => {
      const label = /^@label=(\S+) NOTICE #room/.exec(line)?.[1];
      return label === undefined ? [] : [`@label=${label} ${refusal}`, `@label=gone ${refusal}`];
    };
    const sending = us.say('#room', 'hello');
    const [, said] = await server.expect(/^@label=(\S+) PRIVMSG #room hello$/);
    const typed = us.live.commands?.run(chatId('#room'), '/notice #room hear', live()).catch((error: unknown) => error);
    await server.expect(/^PING/);
    server.say(`@label=${said};msgid=m1 :juliet!u@h PRIVMSG #room hello`);
    expect((await sending).refs).toEqual([{ id: 'm1', part: 0 }]);
    expect(await typed).toMatchObject({ message: expect.stringContaining(why) });
  });

  test('to oneself it arrives twice: as sent, and as heard', async () => {
    const { us, server } = await meet({ caps: 'echo-message' });
    await using _ = us;
    const sending = us.say('juliet', 'note');
    await server.expect(/^PRIVMSG juliet note/);
    server.say(':juliet!user@host PRIVMSG juliet :note', ':juliet!user@host PRIVMSG juliet :note');
    await sending;
    expect(await us.event('message')).toMatchObject({ sentBy: 'k1' });
    const heard = await us.event('message');
    expect(heard.sentBy).toBeUndefined();
  });

  test('without echo a PING behind it is the receipt, and nothing is told', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    puppets.ircd.answersPings = false;
    let sent = false;
    const sending = us.say('#room', 'hello').then((receipt) => {
      sent = true;
      return receipt;
    });
    await server.expect(/^PRIVMSG #room hello/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    await mark({ us, server });
    expect(sent).toBe(false);
    server.say(`:s.test PONG s.test :${token}`);
    expect((await sending).refs).toHaveLength(1);
    expect(us.events.all.some((event) => event.kind === 'message')).toBe(false);
  });

  test.each([
    ['a line', 'echo-message', /^PRIVMSG #room :(.*)$/],
    ['a line of a batch', 'batch message-tags draft/multiline=max-bytes=9999', /^@batch=\w+ PRIVMSG #room :(.*)$/],
  ])('where the server takes longer lines, one of them is a longer text: %s', async (_, caps, pattern) => {
    const { us, server } = await inRoom('juliet', { caps, isupport: 'CHANTYPES=# LINELEN=2048' });
    await using _us = us;
    const long = 'word '.repeat(200).trim();
    const sending = us.say('#room', `${long}\n${long}`).catch((error: unknown) => error);
    expect((await server.expect(pattern))[1]).toBe(long);
    us.stop.abort();
    await sending;
  });

  test('what was said before the server began to echo is sent, and not refused by its silence', async () => {
    const { us, server } = await inRoom('juliet', { caps: 'cap-notify' });
    await using _ = us;
    puppets.ircd.answersPings = false;
    const sending = us.say('#room', 'hello');
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(':s.test CAP juliet NEW :echo-message');
    await server.expect(/^CAP REQ/);
    server.say(':s.test CAP juliet ACK :echo-message', `:s.test PONG s.test :${token}`);
    expect((await sending).refs).toHaveLength(1);
  });

  test('nobody injects a line: not by text, topic, reason, key or nick', async () => {
    const { us, server } = await inRoom('@juliet Romeo');
    await using _ = us;
    const evil = 'x\r\nQUIT :pwned\r\n\0QUIT';
    const rooms = us.live.rooms;
    await us.say('#room', evil);
    await us.say('romeo', evil);
    await us.say(`romeo ${evil}`, 'x').catch(() => {});
    await rooms?.topic?.(chatId('#room'), evil, live());
    await rooms?.nick?.(chatId('#room'), evil, live()).catch(() => {});
    await rooms
      ?.moderate?.(chatId('#room'), [{ person: personId(evil), action: 'kick', reason: evil }], live())
      .catch(() => {});
    await rooms?.moderate?.(chatId('#room'), [{ person: personId('romeo'), action: 'kick', reason: evil }], live());
    await us.join('#other', evil).catch(() => {});
    await rooms?.leave(chatId('#room'), evil, live());
    await us.live.end(evil);
    const quits = server.lines.all.filter((line) => line.startsWith('QUIT'));
    expect(quits).toHaveLength(1);
    expect(quits[0]).toMatch(/^QUIT :x QUIT :pwned /);
  });

  test.each(['off', { burst: 20, perSecond: 1 }])(
    '45-44 what was said goes before the farewell: throttle %j',
    async (throttle) => {
      const clock = createManualClock();
      const { us, server } = await inRoom('juliet @Romeo', {}, { clock, options: { throttle } });
      await using _ = us;
      const words = Array.from({ length: 24 }, (_unused, at) => `n${at}`);
      for (const word of words) us.say('#room', word).catch(() => {});
      us.live.rooms?.leave(chatId('#room'), undefined, live()).catch(() => {});
      for (let at = 0; at < 40 && !server.lines.all.includes('PART #room'); at++) {
        await clock.advance(1000);
        server.say(`PING :t${at}`);
        await server.expect(new RegExp(`^PONG :?t${at}$`));
      }
      const order = server.lines.all.filter((line) => /^(PRIVMSG|PART) /.test(line));
      expect(order).toEqual([...words.map((word) => `PRIVMSG #room ${word}`), 'PART #room']);
    },
  );

  test('the throttle lets a burst go and keeps PONG first', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom(
      'juliet @Romeo',
      {},
      { clock, options: { throttle: { burst: 20, perSecond: 1 } } },
    );
    await using _ = us;
    const all = Array.from({ length: 40 }, (_unused, at) => us.say('#room', `n${at}`).catch(() => {}));
    await server.expect(/PRIVMSG #room n5$/);
    server.say('PING :now');
    await server.expect(/^PONG :?now/);
    const soFar = server.lines.all.filter((line) => line.startsWith('PRIVMSG')).length;
    expect(soFar).toBeLessThan(20);
    for (let at = 0; at < 80 && server.lines.all.at(-1) !== 'PRIVMSG #room n39'; at++) {
      await clock.advance(1000);
      server.say(`PING :t${at}`);
      await server.expect(new RegExp(`^PONG :?t${at}$`));
    }
    const texts = server.lines.all
      .filter((line) => line.startsWith('PRIVMSG'))
      .map((line) => line.slice('PRIVMSG #room '.length));
    expect(texts).toEqual(Array.from({ length: 40 }, (_unused, at) => `n${at}`));
    expect(all).toHaveLength(40);
  });
});
