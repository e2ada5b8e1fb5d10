/** Knocking: what is asked of a server, what its numerics mean, and who sees somebody else's knock. */
import { expect, test } from 'vitest';
import { chatId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { meet, inRoom } = usePuppets();
const knocks = { isupport: 'CHANTYPES=# CASEMAPPING=rfc1459 PREFIX=(ov)@+ KNOCK' };
const type = (us: TestSession, text: string) => us.live.commands?.raw(text, live());

test.each([
  ['that knows KNOCK', knocks, /\(\+i\) You can ask to be let in: .*\/knock/],
  ['that does not', {}, /\(\+i\)$/],
])('45-30 refused by +i on a server %s', async (_, welcome, words) => {
  const { us, server } = await meet(welcome);
  await using __ = us;
  const refused = us.join('#room');
  await server.expect(/^JOIN #room$/);
  server.say(':s.test 473 juliet #room :Cannot join channel (+i)');
  await expect(refused).rejects.toMatchObject({ code: 'members-only', message: expect.stringMatching(words) });
});

test('the line, with a reason always; the answer is the server’s', async () => {
  const { us, server } = await meet();
  await using _ = us;
  server.answer = (line) =>
    line.startsWith('KNOCK #room') ? [':s.test 711 juliet #room :Your KNOCK has been delivered.'] : [];
  expect(await type(us, '/knock #room')).toBe('#room Your KNOCK has been delivered.');
  expect(await type(us, '/knock #room what light is this')).toBe('#room Your KNOCK has been delivered.');
  expect(await type(us, '/knock #silent')).toBe('You have knocked at #silent.');
  expect(server.lines.all.filter((line) => line.startsWith('KNOCK'))).toEqual([
    'KNOCK #room :Let me in, please.',
    'KNOCK #room :what light is this',
    'KNOCK #silent :Let me in, please.',
  ]);
  await expect(type(us, '/knock romeo')).rejects.toMatchObject({ code: 'bad-request' });
});

test.each([
  [':s.test 713 juliet #room :Channel is open.', 'network-refused'],
  [':s.test 712 juliet #room :Too many KNOCKs (channel).', 'network-refused'],
  [':s.test 714 juliet #room :You are already on that channel.', 'network-refused'],
  [':s.test 480 juliet :Cannot knock on #room (not invite only)', 'network-refused'],
  [':s.test 421 juliet KNOCK :Unknown command', 'network-cannot'],
])('%s', async (line, code) => {
  const { us, server } = await meet();
  await using _ = us;
  server.answer = (asked) => (asked.startsWith('KNOCK') ? [line] : []);
  await expect(type(us, '/knock #room')).rejects.toMatchObject({ code });
});

test('somebody else’s knock is a remark in the room, with how to let them in; elsewhere it is nothing', async () => {
  const { us, server } = await inRoom(undefined, { isupport: 'CHANTYPES=# PREFIX=(ov)@+ STATUSMSG=@+' });
  await using _ = us;
  server.say(
    ':s.test 710 #elsewhere #elsewhere tybalt!t@h :has asked for an invite.',
    ':s.test 710 #room #Room tybalt!t@capulet :has asked for an invite.',
    ':s.test 710 #room #Room paris!p@h :is KNOCKing: let me in',
    ':s.test NOTICE @#room :User paris is KNOCKing on #room (the \x02count\x02)',
  );
  expect(await us.event('remark')).toMatchObject({
    chat: chatId('#room'),
    text: { plain: 'tybalt (t@capulet) knocks: has asked for an invite. To let them in: /invite tybalt' },
  });
  const inOwnWords = 'paris (p@h) knocks: is KNOCKing: let me in. To let them in: /invite paris';
  expect((await us.event('remark')).text.plain).toBe(inOwnWords);
  expect((await us.event('remark')).text.plain).toBe('User paris is KNOCKing on #room (the count)');
  await mark({ us, server });
  expect(us.events.all.filter(({ kind }) => kind === 'remark')).toHaveLength(3);
});
