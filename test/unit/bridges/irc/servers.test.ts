/** A session against real servers: ngIRCd, which has nearly no capabilities, and InspIRCd, which has most. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatId, GatewayError, personId, plainText } from '../../../../src/bridge/index.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectIrc, type IrcClient } from '../../../harness/irc-client.ts';
import { connectSession, live, type TestSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { startNgircd } from '../../../harness/ngircd.ts';

for (const [name, start] of [
  ['ngircd', startNgircd],
  ['inspircd', startInspircd],
] as const) {
  describe(name, () => {
    let ircd: Ircd;
    let count = 0;
    beforeAll(async () => {
      ircd = await start();
    });
    afterAll(() => ircd[Symbol.asyncDispose]());

    /** A user of ours and a person on IRC in a channel of their own; the person has founded it. */
    async function meet(): Promise<{ us: TestSession; them: IrcClient; room: string; nick: string; theirs: string }> {
      count += 1;
      const [room, nick, theirs] = [`#room${count}`, `us${count}`, `Them${count}`];
      const [them, us] = await Promise.all([
        connectIrc({ port: ircd.port, nick: theirs }),
        connectSession({ port: ircd.port, nick }),
      ]);
      await them.join(room);
      await us.join(room);
      return { us, them, room, nick, theirs };
    }

    test('45-60 a join tells everybody with their ranks before it resolves, then the room', async () => {
      const { us, room, nick, theirs } = await meet();
      await using _ = us;
      const list = await us.event('members', (event) => event.complete === true);
      expect(list.chat).toBe(room);
      expect(
        list.changes.map((change) => (change.is === 'in' ? [change.member.nick, change.member.power] : [])).sort(),
      ).toEqual([
        [theirs, 'moderator'],
        [nick, 'participant'],
      ]);
      const told = await us.event('room');
      expect(told.change.name).toBe(`${room} on irc.test`);
    });

    test('messages both ways, a receipt for ours, ACTION as action', async () => {
      const { us, them, room, nick, theirs } = await meet();
      await using _ = us;
      const sent = await us.say(room, 'hello');
      expect(sent.refs).toHaveLength(1);
      expect(await them.hears(nick, room)).toBe('hello');
      await us.live.send({ text: plainText('waves'), action: true }, us.attempt(room));
      expect(await them.hears(nick, room)).toBe('\x01ACTION waves\x01');
      await us.say(room, '/me waves again');
      expect(await them.hears(nick, room)).toBe('\x01ACTION waves again\x01');
      them.say(room, '\x02bold\x02 move');
      const heard = await us.event('message', (event) => event.nick === theirs);
      expect(heard).toMatchObject({ chat: room, by: personId(theirs.toLowerCase()), nick: theirs });
      expect(heard.content.text).toEqual({ plain: 'bold move', marks: [{ is: 'strong', from: 0, to: 4 }] });
      them.say(room, '\x01ACTION dances\x01');
      const acted = await us.event('message', (event) => event.nick === theirs);
      expect(acted.content).toEqual({ text: plainText('dances'), action: true });
    });

    test('a text of several lines and too long for one arrives whole and in order', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      const long = `${'é'.repeat(400)} end`;
      const sent = await us.say(room, `first\n\n${long}`);
      expect(await them.hears(nick, room)).toBe('first');
      let got = '';
      while (!got.endsWith('end')) got += await them.hears(nick, room);
      expect(got).toBe(long);
      expect(sent.refs.length).toBeGreaterThanOrEqual(3);
      expect(new Set(sent.refs.map(({ id }) => id)).size).toBe(sent.refs.length);
    });

    test('200 messages at once arrive in order and each has its receipt', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      const order: number[] = [];
      await Promise.all(
        Array.from({ length: 200 }, (_unused, at) => us.say(room, `n${at}`).then(() => order.push(at))),
      );
      expect(order).toEqual(Array.from({ length: 200 }, (_unused, at) => at));
      for (let at = 0; at < 200; at++) expect(await them.hears(nick, room)).toBe(`n${at}`);
    });

    test('45-41 a channel that refuses (+m) makes an error and never a receipt; the next that it takes is sent', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      them.send(`MODE ${room} +m`);
      await us.event('room', (event) => event.change.isModerated === true);
      await expect(us.say(room, 'unheard')).rejects.toMatchObject({ code: 'not-allowed-there' });
      them.send(`MODE ${room} +v ${nick}`);
      await us.event('members', (event) =>
        event.changes.some((change) => change.is === 'power' && change.power === 'voiced'),
      );
      await us.say(room, 'heard');
      expect(await them.hears(nick, room)).toBe('heard');
    });

    test('45-63 in a moderated channel who has no rank is a visitor, and is none again', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      them.send(`MODE ${room} +m`);
      const changed = await us.event('members', (event) => event.changes[0]?.is === 'power');
      expect(changed.changes).toMatchObject([{ is: 'power', person: nick, power: 'visitor' }]);
      them.send(`MODE ${room} -m`);
      const back = await us.event('members', (event) => event.changes[0]?.is === 'power');
      expect(back.changes).toMatchObject([{ is: 'power', person: nick, power: 'participant' }]);
    });

    test('private messages both ways; to nobody is an error', async () => {
      const { us, them, nick, theirs } = await meet();
      await using _ = us;
      await us.say(theirs.toLowerCase(), 'psst');
      await them.expect(new RegExp(`^:${nick}!\\S+ PRIVMSG ${theirs} :psst$`, 'i'));
      them.say(nick, 'what?');
      const heard = await us.event('message', (event) => event.nick === theirs);
      expect(heard).toMatchObject({ chat: theirs.toLowerCase(), direct: true });
      await expect(us.say('nobody-there', 'hello?')).rejects.toMatchObject({ code: 'no-such-person' });
    });

    test.skipIf(name !== 'ngircd')('to who talks only with people of their channels is an error', async () => {
      const { us, them, theirs, room } = await meet();
      await using _ = us;
      them.send(`MODE ${theirs} +C`);
      await them.expect(new RegExp(`MODE ${theirs} :?\\+C`));
      await us.live.rooms?.leave(chatId(room), undefined, live());
      await expect(us.say(theirs, 'psst')).rejects.toMatchObject({
        code: 'not-allowed-there',
        message: /common channel/,
      });
    });

    test('45-30 refused joins: +i +k +l +b and a name that is none', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      const refused: readonly (readonly [string, string, string])[] = [
        ['+i', '-i', 'members-only'],
        ['+k sesame', '-k sesame', 'wrong-password'],
        ['+l 1', '-l', 'room-full'],
        ['+b *!*@*', '-b *!*@*', 'banned'],
      ];
      const other = `${room}x`;
      await them.join(other);
      for (const [on, off, code] of refused) {
        them.send(`MODE ${other} ${on}`);
        await them.roundtrip();
        await expect(us.join(other), on).rejects.toMatchObject({ code });
        them.send(`MODE ${other} ${off}`);
        await them.roundtrip();
      }
      await us.join(other);
      await expect(us.join('no channel')).rejects.toMatchObject({ code: 'bad-address' });
    });

    test('a key opens a channel', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      await them.join(`${room}k`);
      them.send(`MODE ${room}k +k sesame`);
      await them.roundtrip();
      await us.join(`${room}k`, 'sesame');
      expect(
        (await us.event('room', (event) => event.chat === `${room}k` && event.change.hasPassword === true)).kind,
      ).toBe('room');
    });

    test('45-39 topic: set by them, set by us, refused', async () => {
      const { us, them, room, theirs } = await meet();
      await using _ = us;
      them.send(`TOPIC ${room} :of theirs`);
      expect((await us.event('room', (event) => event.change.topic === 'of theirs')).change.topicBy).toBe(theirs);
      them.send(`MODE ${room} +t`);
      await them.roundtrip();
      await expect(us.live.rooms?.topic?.(chatId(room), 'of ours', live())).rejects.toMatchObject({
        code: 'not-allowed-there',
      });
      them.send(`MODE ${room} -t`);
      await them.roundtrip();
      await us.live.rooms?.topic?.(chatId(room), 'of\nours', live());
      await them.expect(/ TOPIC #\S+ :of ours$/);
    });

    test('45-52 nick: ours changes, a taken one is a conflict, theirs is followed', async () => {
      const { us, them, room, nick, theirs } = await meet();
      await using _ = us;
      await expect(us.live.rooms?.nick?.(chatId(room), theirs, live())).rejects.toMatchObject({ code: 'nick-taken' });
      await expect(us.live.rooms?.nick?.(chatId(room), 'a b', live())).rejects.toMatchObject({ code: 'bad-nick' });
      await us.live.rooms?.nick?.(chatId(room), `${nick}New`, live());
      expect(us.live.me).toBe(`${nick}new`);
      const renamed = await us.event('members', (event) => event.changes[0]?.is === 'renamed');
      expect(renamed.changes).toEqual([{ is: 'renamed', person: nick, nick: `${nick}New`, as: `${nick}new` }]);
      them.send(`NICK ${theirs}2`);
      const others = await us.event('members', (event) => event.changes[0]?.is === 'renamed');
      expect(others.changes).toMatchObject([{ person: theirs.toLowerCase(), nick: `${theirs}2` }]);
    });

    test('45-61 being kicked is told with who and why; 45-65 kicking and banning are confirmed', async () => {
      const { us, them, room, nick, theirs } = await meet();
      await using _ = us;
      const victim = await connectIrc({ port: ircd.port, nick: `victim${count}` });
      await victim.join(room);
      const kick = [{ person: personId(`victim${count}`), action: 'kick', reason: 'out' }] as const;
      await expect(us.live.rooms?.moderate?.(chatId(room), kick, live())).rejects.toMatchObject({
        code: 'not-allowed-there',
      });
      them.send(`MODE ${room} +o ${nick}`);
      await us.event('members', (event) =>
        event.changes.some((change) => change.is === 'power' && change.power === 'moderator'),
      );
      await us.live.rooms?.moderate?.(chatId(room), [{ ...kick[0], action: 'power', power: 'voiced' }], live());
      await us.event('members', (event) =>
        event.changes.some((change) => change.is === 'power' && change.power === 'voiced'),
      );
      await us.live.rooms?.moderate?.(chatId(room), kick, live());
      expect((await us.event('members', (event) => event.changes[0]?.is === 'out')).changes).toMatchObject([
        { is: 'out', person: `victim${count}`, how: 'kicked', by: nick, reason: 'out' },
      ]);
      await us.event('members', (event) => event.changes[0]?.is === 'in' && event.complete !== true);
      await victim.join(room);
      await us.event('members', (event) => event.changes[0]?.is === 'in' && event.complete !== true);
      await us.live.rooms?.moderate?.(chatId(room), [{ ...kick[0], action: 'ban' }], live());
      expect((await us.event('members', (event) => event.changes[0]?.is === 'out')).changes).toMatchObject([
        { how: 'banned' },
      ]);
      await us.live.rooms?.moderate?.(chatId(room), [{ ...kick[0], action: 'unban' }], live());
      await victim.join(room);
      await expect(
        us.live.rooms?.moderate?.(
          chatId(room),
          [{ person: personId('nobody'), action: 'power', power: 'moderator' }],
          live(),
        ),
      ).rejects.toBeInstanceOf(GatewayError);
      them.send(`KICK ${room} ${nick} :enough`);
      expect(await us.event('removed')).toMatchObject({ chat: room, how: 'kicked', by: theirs, reason: 'enough' });
      await expect(us.say(room, 'still here')).rejects.toMatchObject({ code: 'not-in-room' });
      await us.join(room);
    });

    test('45-60 others part and quit', async () => {
      const { us, them, room } = await meet();
      await using _ = us;
      const other = await connectIrc({ port: ircd.port, nick: `other${count}` });
      await other.join(room);
      await us.event('members', (event) => event.changes[0]?.is === 'in' && event.complete !== true);
      other.send(`PART ${room} :tea`);
      expect((await us.event('members', (event) => event.changes[0]?.is === 'out')).changes).toMatchObject([
        { how: 'left', reason: 'tea' },
      ]);
      them.send('QUIT :night');
      const gone = await us.event('members', (event) => event.changes[0]?.is === 'out');
      expect(gone.changes).toMatchObject([{ is: 'out', how: 'left' }]);
    });

    test('leaving parts, and a room left is not spoken in', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      await us.live.rooms?.leave(chatId(room), 'bye now', live());
      await them.expect(new RegExp(`^:${nick}!\\S+ PART ${room} :?"?bye now`));
      await expect(us.say(room, 'x')).rejects.toMatchObject({ code: 'not-in-room' });
      await us.live.rooms?.leave(chatId(room), undefined, live());
    });

    test('45-30 a nick in use at the first join is a conflict', async () => {
      const { us, port, theirs } = { ...(await meet()), port: ircd.port };
      await using _ = us;
      await expect(connectSession({ port, nick: theirs })).rejects.toMatchObject({
        code: 'nick-taken',
        condition: 'conflict',
      });
      await expect(connectSession({ port, nick: '9lives' })).rejects.toMatchObject({ code: 'bad-nick' });
    });

    test('several joins at once', async () => {
      const { us, room } = await meet();
      await using _ = us;
      await Promise.all(['a', 'b', 'c', 'd'].map((end) => us.join(room + end)));
      for (const end of ['a', 'b', 'c', 'd'])
        await us.event('members', (event) => event.chat === room + end && event.complete === true);
    });

    test('CTCP VERSION is answered and told to nobody', async () => {
      const { us, them, room, nick } = await meet();
      await using _ = us;
      them.send(`PRIVMSG ${nick} :\x01VERSION\x01`);
      await them.expect(/NOTICE \S+ :\x01VERSION Isthmus/);
      them.say(room, 'after');
      await us.event('message', (event) => event.content.text?.plain === 'after');
      expect(us.events.all.some((event) => event.kind === 'message' && event.direct === true)).toBe(false);
    });

    test('end says QUIT', async () => {
      const { us, them, nick } = await meet();
      await us.live.end('so long');
      await them.expect(new RegExp(`^:${nick}!\\S+ QUIT .*so long`));
    });

    test('a server that dies and comes back: rejoined with the key, everything in flight fails to be tried again', async () => {
      const { us, room } = await meet();
      await using _ = us;
      await us.join(`${room}k`, 'sesame');
      await ircd.restart();
      await us.event('state', (event) => event.state === 'reconnecting');
      await expect(us.say(room, 'lost')).rejects.toMatchObject({ code: 'network-away' });
      await us.event('state', (event) => event.state === 'ready');
      await us.event('members', (event) => event.chat === room && event.complete === true);
      await us.say(room, 'back');
    });
  });
}
