/** What a server or its operators do to us unasked, and replies that no numeric has: FAIL, WARN, NOTE, RENAME, KILL, being thrown out and coming back. */
import { describe, expect, test } from 'vitest';
import { chatId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;

describe('standard replies', () => {
  test('a FAIL reaches the message with its label', async () => {
    const { us, server } = await inRoom(undefined, { caps: 'labeled-response batch message-tags echo-message' });
    await using _ = us;
    const refused = us.say('#room', 'one');
    const label = (await server.expect(/^@label=(\S+) PRIVMSG #room one$/))[1];
    server.say(`@label=${label} FAIL PRIVMSG INVALID_UTF8 :Message is not \x02UTF-8`);
    await expect(refused).rejects.toMatchObject({ code: 'bad-request', message: 'Message is not UTF-8' });
  });

  test('or the message to whom it names; one of something else fails nothing', async () => {
    const { us, server } = await inRoom(undefined, { caps: 'echo-message' });
    await using _ = us;
    const refused = us.say('#room', 'one');
    await server.expect(/^PRIVMSG #room one$/);
    server.say(
      ':s.test FAIL SETNAME INVALID_REALNAME :No',
      ':s.test FAIL PRIVMSG ACCOUNT_REQUIRED #Room :Log in first',
    );
    await expect(refused).rejects.toMatchObject({ code: 'not-allowed-there', message: '#Room: Log in first' });
    expect((await us.event('notice')).text.plain).toBe('SETNAME: No');
  });

  test('a FAIL reaches a join, a question, or the owner', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const joining = us.join('#old');
    await server.expect(/^JOIN #old$/);
    server.say(':s.test FAIL JOIN CHANNEL_RENAMED #old #new :The channel has been renamed');
    await expect(joining).rejects.toMatchObject({
      code: 'no-such-room',
      message: '#old #new: The channel has been renamed',
    });
    server.answer = (line) => (line.startsWith('NICK') ? [':s.test FAIL NICK NICKNAME_RESERVED x :Reserved'] : []);
    await expect(us.live.rooms?.nick?.(chatId('#room'), 'x', live())).rejects.toMatchObject({
      code: 'nick-taken',
      message: 'x: Reserved',
    });
    server.say(
      ':s.test FAIL JOIN X #nobody :asked',
      ':s.test WARN REHASH CERTS :expired',
      ':s.test NOTE * OPER :Hello',
    );
    const texts = [await us.event('notice'), await us.event('notice'), await us.event('notice')];
    expect(texts.map(({ text }) => text.plain)).toEqual(['JOIN: asked', 'REHASH: expired', 'Hello']);
  });
});

test.each([
  ['UnrealIRCd', '*** Message to romeo blocked: No advertising'],
  ['InspIRCd 2', 'Your message to Romeo was blocked and opers notified: No advertising'],
])(
  '45-44 what a filter of %s keeps from somebody is not sent, though there is no numeric for that',
  async (_, said) => {
    const { us, server } = await meet();
    await using _us = us;
    server.answer = (line) => (line.startsWith('PRIVMSG') ? [`:s.test NOTICE juliet :${said}`] : []);
    await expect(us.say('romeo', 'buy this')).rejects.toMatchObject({
      code: 'not-allowed-there',
      message: expect.stringContaining('blocked'),
    });
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(1);
  },
);

test('who is put back into a channel in the read of their leave is in it, and can come in again', async () => {
  const { us, server } = await inRoom();
  await using _ = us;
  server.answer = (line) => {
    if (!line.startsWith('PART')) return [];
    const entry = [':s.test 353 juliet = #room :juliet @Romeo', ':s.test 366 juliet #room :End'];
    return [':juliet!user@host.test PART #room', ':juliet!user@host.test JOIN #room', ...entry];
  };
  await us.live.rooms?.leave(chatId('#room'), undefined, live());
  await us.join('#room');
  expect(server.lines.all.filter((line) => line.startsWith('JOIN'))).toEqual(['JOIN #room']);
});

describe('a channel with a new name', () => {
  test('the old room is over, we are asked into the new one, and need no JOIN', async () => {
    const { us, server } = await inRoom('juliet @Romeo');
    await using _ = us;
    server.say(':Romeo!r@h RENAME #room #Verona :better');
    expect(await us.event('removed')).toMatchObject({
      chat: '#room',
      how: 'gone',
      by: 'Romeo',
      to: '#verona',
      reason: expect.stringMatching(/#Verona/),
    });
    expect(await us.event('invited')).toMatchObject({
      chat: '#verona',
      by: 'Romeo',
      person: 'romeo',
      reason: 'better',
    });
    await us.join('#verona');
    const list = await us.event('members', ({ complete }) => complete === true);
    expect(list).toMatchObject({
      chat: '#verona',
      changes: [{ member: { nick: 'juliet' } }, { member: { nick: 'Romeo' } }],
    });
    expect(server.lines.all.filter((line) => line.startsWith('JOIN'))).toEqual(['JOIN #room']);
    server.say(':Romeo!r@h PRIVMSG #verona :hi');
    expect((await us.event('message')).chat).toBe('#verona');
    await expect(us.say('#room', 'x')).rejects.toMatchObject({ code: 'not-in-room' });
  });

  test('the same name in other letters is the same room; what is no channel is ignored', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':Romeo!r@h RENAME #room nobody :', ':Romeo!r@h RENAME #other #x :', ':Romeo!r@h RENAME #room #ROOM :');
    expect(await us.event('room')).toMatchObject({ chat: '#room', change: { name: '#ROOM on irc.test' } });
    await mark({ us, server });
    expect(us.events.all.some(({ kind }) => kind === 'removed' || kind === 'invited')).toBe(false);
  });
});

describe('thrown out', () => {
  test('45-61 kicked, and back again', async () => {
    const { us, server } = await inRoom('juliet @Romeo');
    await using _ = us;
    server.say(':Romeo!r@h KICK #room juliet :out');
    expect(await us.event('removed')).toMatchObject({ how: 'kicked', by: 'Romeo', reason: 'out' });
    await expect(us.say('#room', 'x')).rejects.toMatchObject({ code: 'not-in-room' });
    const joining = us.join('#room');
    await server.admit('#room', '@Romeo juliet');
    await joining;
    const said = us.say('#room', 'back');
    await server.expect(/^PRIVMSG #room back$/);
    await said;
  });

  test.each([
    ['495', 'not-now'],
    ['519', 'members-only'],
    ['480', 'network-refused'],
    ['470', 'members-only'],
  ])('45-30 %s to a join is %s', async (numeric, code) => {
    const { us, server } = await meet();
    await using _ = us;
    const joining = us.join('#room');
    await server.expect(/^JOIN/);
    server.say(`:s.test ${numeric} juliet #room :No, says the server`);
    await expect(joining).rejects.toMatchObject({ code, message: expect.stringMatching(/says the server/) });
  });

  test('as whom others see us on a new connection is not known before it is seen: what fits a line is counted for the worst', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom('juliet', {}, { clock });
    await using _ = us;
    server.say(':s.test 396 juliet short :is now your displayed host', 'PING :seen');
    await server.expect(/^PONG :?seen/);
    const seen = us.live.limits(chatId('romeo')).textBytes;
    const coming = puppets.ircd.next();
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    await clock.advance(5_000);
    const again = await coming;
    await again.welcome();
    await us.event('state', ({ state }) => state === 'ready');
    expect(us.live.limits(chatId('romeo')).textBytes).toBeLessThan(seen);
    again.say(':juliet!user@short JOIN #room', 'PING :seen');
    await again.expect(/^PONG :?seen/);
    expect(us.live.limits(chatId('romeo')).textBytes).toBe(seen);
  });

  test('killed: its owner is told by whom, then the connection is made again', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':op!o@h KILL juliet :spam', ':s.test ERROR :Closing Link: juliet (Killed (op (spam)))');
    server.end();
    expect((await us.event('notice')).text.plain).toBe('op has ended your connection: spam');
    expect(await us.event('state', ({ state }) => state === 'reconnecting')).toMatchObject({
      text: expect.stringMatching(/Killed/),
    });
  });
});
