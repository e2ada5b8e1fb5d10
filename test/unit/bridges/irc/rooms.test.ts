/** Joining, members, and changing things, against a server that says what the test wants: refusals, late answers, orders of events. */
import { describe, expect, test } from 'vitest';
import { type Act, chatId, type Power, personId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { type Met, mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;

describe('joining', () => {
  test('45-20 members first, then the room with topic and who set it, then the join resolves', async () => {
    const { us, server } = await meet();
    const joining = us.join('#room');
    await server.admit(
      '#Room',
      '~a!ua@ha &b @+c %d +e juliet f@strange',
      ':s.test 332 juliet #Room :the \x02topic',
      ':s.test 333 juliet #Room romeo!r@h 1700000000',
    );
    await joining;
    await using _ = us;
    const [list, room] = us.events.all.filter((event) => event.kind === 'members' || event.kind === 'room');
    expect(list).toMatchObject({ complete: true, chat: '#room' });
    const powers =
      list?.kind === 'members' ? list.changes.map((one) => (one.is === 'in' ? one.member : undefined)) : [];
    expect(powers.map((member) => `${member?.nick} ${member?.power} ${member?.address ?? ''}`)).toEqual([
      'a owner ua@ha',
      'b admin ',
      'c moderator ',
      'd helper ',
      'e voiced ',
      'juliet participant ',
      'f@strange participant ',
    ]);
    expect(room).toMatchObject({
      change: { topic: 'the topic', topicBy: 'romeo', topicAt: new Date(1_700_000_000_000) },
    });
  });

  test("45-71 a rank of the server's own is as good as op, and takes nothing from who is more", async () => {
    const isupport = 'PREFIX=(Yqaohv)!~&@%+ CHANTYPES=#';
    const { us } = await inRoom('juliet !~a !&b !@c !%d !e', { isupport });
    await using _ = us;
    const [list] = us.events.all.filter((event) => event.kind === 'members');
    const members = list?.kind === 'members' ? list.changes.map((one) => one.is === 'in' && one.member.power) : [];
    expect(members).toEqual(['participant', 'owner', 'admin', 'moderator', 'moderator', 'moderator']);
  });

  test.each([
    ['403', 'no-such-room'],
    ['405', 'over-quota'],
    ['437', 'not-now'],
    ['439', 'not-now'],
    ['471', 'room-full'],
    ['473', 'members-only'],
    ['474', 'banned'],
    ['475', 'wrong-password'],
    ['476', 'bad-address'],
    ['477', 'members-only'],
    ['479', 'bad-address'],
    ['489', 'members-only'],
    ['500', 'not-now'],
    ['520', 'members-only'],
  ])('45-30 %s is %s, with the words of the server', async (numeric, code) => {
    const { us, server } = await meet();
    await using _ = us;
    const joining = us.join('#room');
    await server.expect(/^JOIN #room$/);
    server.say(`:s.test ${numeric} juliet #Room :Cannot join, says the server`);
    await expect(joining).rejects.toMatchObject({ code, message: expect.stringMatching(/says the server/) });
    const again = us.join('#room');
    await server.admit('#room', 'juliet');
    await again;
  });

  test('45-30 where the channel is named in words alone (UnrealIRCd) the refusal is the same', async () => {
    const { us, server } = await meet();
    await using _ = us;
    server.answer = (line) =>
      line === 'JOIN #room' ? [':s.test 520 juliet :Cannot join channel #room (IRCops only)'] : [];
    const message = '#room: Cannot join channel #room (IRCops only)';
    await expect(us.join('#room')).rejects.toMatchObject({ code: 'members-only', message });
  });

  async function forwarded(met: Met) {
    const { us, server } = met;
    const joining = us.join('#room');
    await server.expect(/^JOIN/);
    server.say(':s.test 470 juliet #room ##Room :Forwarding to another channel');
    server.enter('##Room', 'juliet a b');
    await expect(joining).rejects.toMatchObject({
      code: 'forwarded',
      message: '#room ##Room: Forwarding to another channel',
      details: { elsewhere: '##room' },
    });
    expect(await us.event('invited')).toMatchObject({
      chat: '##room',
      by: 'irc.test',
      reason: '#room sends you on to it',
    });
    await mark(met);
    expect(us.events.all.some((event) => event.kind === 'members')).toBe(false);
  }

  test('a channel that forwards: refused with where to; one is invited there, and in at once', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    await forwarded({ us, server });
    await us.join('##room');
    expect((await us.event('members', ({ complete }) => complete === true)).changes).toHaveLength(3);
    await clock.advance(300_000);
    await mark({ us, server });
    expect(server.lines.all.filter((line) => /^(JOIN|PART)/.test(line))).toEqual(['JOIN #room']);
    expect(us.events.all.filter(({ kind }) => kind === 'invited')).toHaveLength(1);
  });

  test('a channel with an id in its name is found without it, and is a room under its whole name (RFC 2811 §3.2)', async () => {
    const { us, server } = await meet({ isupport: 'CHANTYPES=#&!+ IDCHAN=!:5' });
    await using _ = us;
    const joining = us.join('!hall');
    await server.expect(/^JOIN !hall$/);
    server.enter('!1A2B3Hall', 'juliet a b');
    const whole = {
      code: 'forwarded',
      message: 'The whole name of !hall is !1A2B3Hall.',
      details: { elsewhere: '!1a2b3hall' },
    };
    await expect(joining).rejects.toMatchObject(whole);
    expect(await us.event('invited')).toMatchObject({ chat: '!1a2b3hall' });
    await us.join('!1a2b3hall');
    expect((await us.event('members', ({ complete }) => complete === true)).changes).toHaveLength(3);
  });

  test('whoever does not come after a forward is out of it again after five minutes', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    await forwarded({ us, server });
    await clock.advance(299_000);
    await mark({ us, server });
    expect(server.lines.all.some((line) => line.startsWith('PART'))).toBe(false);
    await clock.advance(1000);
    await server.expect(/^PART ##Room$/);
  });

  test('where too much waits to be sent then, it is five minutes later', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    await forwarded({ us, server });
    await clock.advance(299_999);
    const waiting = Array.from({ length: 4_200 }, () => us.say('nurse', 'o').catch(() => undefined));
    await clock.advance(1);
    await clock.advance(300_000);
    await server.expect(/^PART ##Room$/);
    us.stop.abort(new Error('enough'));
    await Promise.all(waiting);
  });

  test('45-31 no answer within 30 seconds is an error, and a late entry is left again', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    const joining = us.join('#room').catch((error: unknown) => error);
    await server.expect(/^JOIN/);
    await clock.advance(30_000);
    expect(await joining).toMatchObject({ code: 'timed-out' });
    server.enter('#room', 'juliet');
    await server.expect(/^PART #room$/);
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'invited')).toEqual([]);
  });

  test('an aborted join ends at once', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const giving = new AbortController();
    const joining = us.live.rooms?.join(chatId('#room'), { nick: 'x' }, giving.signal);
    await server.expect(/^JOIN/);
    giving.abort(new Error('enough'));
    await expect(joining).rejects.toThrow('enough');
    server.enter('#room', 'juliet');
    await server.expect(/^PART #room$/);
  });

  test('put into a channel by the server: its owner is invited, nobody sees its people, and a join needs no JOIN', async () => {
    const clock = createManualClock();
    const { us, server } = await meet(undefined, { clock });
    await using _ = us;
    await clock.advance(5000);
    server.enter('#other', 'juliet @op');
    expect(await us.event('invited')).toMatchObject({
      chat: '#other',
      by: 'irc.test',
      reason: expect.stringMatching(/put you into it/),
    });
    expect(us.events.all).not.toContainEqual(expect.objectContaining({ isOwn: true }));
    server.say(':op!u@h PRIVMSG #other :hello');
    await mark({ us, server });
    expect(us.events.all.map(({ kind }) => kind)).toEqual(['invited', 'notice']);
    await us.join('#other');
    expect((await us.event('members', (event) => event.complete === true)).changes).toHaveLength(2);
    expect(server.lines.all.some((line) => line.startsWith('JOIN'))).toBe(false);
  });

  test('CASEMAPPING: one channel, whatever its spelling; events name it as it was asked for', async () => {
    const { us, server } = await meet();
    await using _ = us;
    const joining = us.join('#r[x]');
    await server.admit('#R{X}', 'juliet');
    await joining;
    expect((await us.event('members')).chat).toBe('#r[x]');
    server.say(':Romeo!u@h PRIVMSG #R[x} :hi');
    expect((await us.event('message')).chat).toBe('#r[x]');
    await expect(us.join('#r{x}')).rejects.toMatchObject({ code: 'bad-address' });
  });

  test('a text is never two channels or two lines', async () => {
    const { us, server } = await meet();
    await using _ = us;
    await expect(us.join('#a,#b')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(us.join('#a\r\nQUIT')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(us.join('nick')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(us.join('#a', 'key key')).rejects.toMatchObject({ code: 'wrong-password' });
    await expect(us.join('#a', 'k,#b')).rejects.toMatchObject({ code: 'wrong-password' });
    await mark({ us, server });
    expect(server.lines.all.filter((line) => /^(QUIT|JOIN #a,)/.test(line))).toEqual([]);
  });
});

describe('members', () => {
  test('multi-prefix ranks: the highest counts, and the next when it is lost', async () => {
    const { us, server } = await inRoom('juliet @+Romeo');
    await using _ = us;
    server.say(':op!u@h MODE #room -o Romeo');
    const lost = await us.event('members');
    expect(lost.changes).toEqual([{ is: 'power', person: 'romeo', power: 'voiced', by: 'op' }]);
    server.say(':s.test MODE #room +a-v Romeo Romeo');
    const batch = await us.event('members');
    expect(batch.changes).toEqual([{ is: 'power', person: 'romeo', power: 'admin', by: 's.test' }]);
  });

  test('a batch of modes is one event', async () => {
    const { us, server } = await inRoom('juliet @Romeo a b c');
    await using _ = us;
    server.say(':Romeo!u@h MODE #room +vvo-k a b c key');
    expect((await us.event('members')).changes).toHaveLength(3);
  });

  test('45-60 QUIT and NICK reach every shared channel, a netsplit is a loss', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const joining = us.join('#other');
    await server.admit('#other', 'juliet Romeo x');
    await joining;
    await us.event('members', (event) => event.complete === true);
    server.say(':Romeo!u@h NICK :Romeo2');
    expect([(await us.event('members')).chat, (await us.event('members')).chat]).toEqual(['#room', '#other']);
    server.say(':Romeo2!u@h QUIT :a.example.net b.example.net', ':x!u@h QUIT :Quit: tea');
    expect((await us.event('members')).changes).toEqual([
      { is: 'out', person: 'romeo2', how: 'lost', reason: 'a.example.net b.example.net' },
    ]);
    await us.event('members');
    expect((await us.event('members')).changes).toMatchObject([{ person: 'x', how: 'left' }]);
  });

  test('our nick changed by the server is followed, here and as who we are', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':juliet!u@h NICK Guest1');
    expect((await us.event('members')).changes).toEqual([
      { is: 'renamed', person: 'juliet', nick: 'Guest1', as: 'guest1' },
    ]);
    expect(us.live.me).toBe('guest1');
  });

  test('45-61 a ban and a kick behind it is a ban; ours too', async () => {
    const { us, server } = await inRoom('juliet @Romeo mercutio!m@bad.host');
    await using _ = us;
    server.say(':Romeo!u@h MODE #room +b *!*@bad.*', ':Romeo!u@h KICK #room mercutio :out');
    expect((await us.event('members')).changes).toMatchObject([
      { is: 'out', how: 'banned', by: 'Romeo', reason: 'out' },
    ]);
    server.say(':Romeo!u@h MODE #room +b juliet!*@*', ':Romeo!u@h KICK #room juliet');
    expect(await us.event('removed')).toMatchObject({ how: 'banned', by: 'Romeo' });
  });

  test('why somebody goes is told without its colours: their numbers are no part of it', async () => {
    const { us, server } = await inRoom('juliet @Romeo n m o');
    await using _ = us;
    server.say(
      ':n!u@h PART #room :\x0304,01gone\x03 \x02for good',
      ':m!u@h QUIT :Quit: \x0312blue',
      ':Romeo!u@h KICK #room o :\x02\x0304out\x0f!',
      ':Romeo!u@h KICK #room juliet :\x0304out',
    );
    for (const reason of ['gone for good', 'Quit: blue', 'out!'])
      expect((await us.event('members')).changes).toMatchObject([{ is: 'out', reason }]);
    expect(await us.event('removed')).toMatchObject({ how: 'kicked', reason: 'out' });
  });

  test('parted by the server without our asking', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':juliet!user@host PART #room :SAPART');
    expect(await us.event('removed')).toMatchObject({ how: 'lost', reason: 'SAPART' });
  });

  test('modes of the room: 324 and changes, told once', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':s.test 324 juliet #room +imkns key');
    expect((await us.event('room')).change).toEqual({
      isPublic: false,
      isModerated: true,
      isMembersOnly: true,
      hasPassword: true,
    });
    expect((await us.event('members')).changes).toMatchObject([{ person: 'juliet', power: 'visitor' }]);
    server.say(':s.test 324 juliet #room +imkns key', ':Romeo!u@h MODE #room -k *');
    expect((await us.event('room')).change.hasPassword).toBe(false);
  });
});

describe('changing', () => {
  test('a server that says nothing to NICK is not waited for longer than its next PONG', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const asking = us.live.rooms?.nick?.(chatId('#room'), 'other', live());
    await server.expect(/^NICK other$/);
    await expect(asking).rejects.toMatchObject({ code: 'timed-out' });
    expect(us.live.me).toBe('juliet');
  });

  test('45-53 a nick that the server cuts is changed: it is ours, and stays so', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    puppets.ircd.answersPings = false;
    const asking = us.live.rooms?.nick?.(chatId('#room'), 'Juliet-of-the-Capulets', live());
    await server.expect(/^NICK Juliet-of-the-Capulets$/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(':juliet!u@h NICK Juliet-of-the-Ca', `:s.test PONG s.test :${token}`);
    await asking;
    puppets.ircd.answersPings = true;
    expect(us.live.me).toBe('juliet-of-the-ca');
    expect(await us.live.describe?.(live())).toContainEqual({ label: 'You are', value: 'Juliet-of-the-Ca' });
  });

  test.each([
    ['433', 'nick-taken'],
    ['434', 'network-refused'],
    ['438', 'network-refused'],
    ['432', 'bad-nick'],
    ['447', 'nick-locked'],
  ])('45-53 %s is %s', async (numeric, code) => {
    const { us, server } = await inRoom();
    await using _ = us;
    puppets.ircd.answersPings = false;
    const asking = us.live.rooms?.nick?.(chatId('#room'), 'other', live()).catch((error: unknown) => error);
    await server.expect(/^NICK other$/);
    const token = (await server.expect(/^PING :?(\S+)/))[1];
    server.say(`:s.test ${numeric} juliet other :No, says the server`, `:s.test PONG s.test :${token}`);
    const error = await asking;
    expect(error).toMatchObject({ code });
    expect(Reflect.get(Object(error), 'next')).toBe('stop');
  });

  test('45-65 ranks and bans go as few lines as the server takes, by host where it is known', async () => {
    const { us, server } = await inRoom('@juliet Romeo!r@verona.host tybalt mercutio', {
      isupport: 'MODES=2 PREFIX=(ov)@+ CHANMODES=b,k,l,imnst',
    });
    await using _ = us;
    const act = (person: string, action: 'ban' | 'unban', reason?: string): Act => ({
      person: personId(person),
      action,
      ...(reason !== undefined && { reason }),
    });
    const give = (person: string, power: Power): Act => ({ person: personId(person), action: 'power', power });
    const moderate = (...acts: Act[]) => us.live.rooms?.moderate?.(chatId('#room'), acts, live());
    await moderate(give('romeo', 'voiced'), give('tybalt', 'voiced'), give('mercutio', 'voiced'));
    await moderate(act('romeo', 'ban', 'sword'), act('tybalt', 'ban'));
    await moderate(act('romeo', 'unban'));
    await expect(moderate(give('romeo', 'helper'))).rejects.toMatchObject({ code: 'network-cannot' });
    expect(server.lines.all.filter((line) => /^(MODE #room .|KICK)/.test(line))).toEqual([
      'MODE #room +vv romeo tybalt',
      'MODE #room +v mercutio',
      'MODE #room +bb *!*@verona.host tybalt!*@*',
      'KICK #room romeo sword',
      'KICK #room tybalt',
      'MODE #room -bb *!*@verona.host romeo!*@*',
    ]);
  });
});
