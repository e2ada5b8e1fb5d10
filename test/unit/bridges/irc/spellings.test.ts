/** Nicks with two spellings (CASEMAPPING): whom our owner names by one is meant where the server's lines are read by the other. */
import { expect, test } from 'vitest';
import { personId, plainText } from '../../../../src/bridge/index.ts';
import type { TestSession } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom, meet } = usePuppets();
const caps = 'message-tags server-time extended-monitor draft/message-redaction draft/read-marker';
const isupport = 'CASEMAPPING=rfc1459 PREFIX=(ov)@+ CHANTYPES=# MONITOR=3';
const watch = (us: TestSession, ...nicks: readonly string[]): void => us.live.watch?.(nicks.map(personId));

test('JID-13 whose nick has two spellings is told of by each that is watched, by MONITOR and by ISON', async () => {
  const { us, server } = await meet({ caps, isupport: isupport.replace('=3', '=1') });
  await using _ = us;
  watch(us, 'tom[m]', 'tom{m}', 'ned[m]');
  await server.expect(/^MONITOR \+ tom\[m\]$/);
  await server.expect(/^ISON tom\{m\} ned\[m\]$/);
  server.say(':s.test 730 juliet :Tom[m]!t@h', ':s.test 303 juliet :Tom[m] Ned[m]', ':Tom[m]!t@h AWAY :in love');
  await mark({ us, server });
  const told = us.events.all.flatMap((event) => (event.kind === 'presence' ? [[event.person, event.show]] : []));
  expect(told).toEqual([
    ['tom{m}', 'online'],
    ['tom[m]', 'online'],
    ['ned[m]', 'online'],
    ['tom{m}', 'away'],
    ['tom[m]', 'away'],
  ]);
});

test('JID-13 one of two spellings that is watched no more leaves the other on the server’s list', async () => {
  const { us, server } = await meet({ caps, isupport });
  await using _ = us;
  watch(us, 'tom[m]', 'tom{m}');
  await server.expect(/^MONITOR \+ /);
  watch(us, 'tom{m}');
  watch(us);
  expect((await server.expect(/^MONITOR - (.*)$/))[1]).toBe('tom{m}');
});

test('JID-13 whose nick has two spellings does all of it in the conversation by the one that was written to', async () => {
  const { us, server } = await inRoom('juliet @Tom[m]', { caps });
  await using _ = us;
  us.live.send({ text: plainText('?') }, us.attempt('tom[m]')).catch(() => {});
  server.say(
    '@msgid=m1;time=2023-11-14T22:13:20.000Z :Tom[m]!u@h PRIVMSG juliet :here',
    '@+typing=active :Tom[m]!u@h TAGMSG juliet',
    '@+draft/react=🎉;+draft/reply=m2 :Tom[m]!u@h TAGMSG juliet',
    ':s.test 301 juliet Tom[m] :gone fishing',
    ':Tom[m]!u@h REDACT juliet m1',
    ':s.test MARKREAD Tom[m] timestamp=2033-11-14T22:13:20.000Z',
    ':Tom[m]!u@h PRIVMSG #room :to all',
    ':Tom[m]!u@h INVITE juliet #verona',
    ':Tom[m]!u@h NICK Ned',
  );
  await mark({ us, server });
  const told = us.events.all.flatMap((event) =>
    'chat' in event && event.kind !== 'members' && event.kind !== 'room'
      ? [[event.kind, event.chat, 'by' in event ? event.by : '']]
      : [],
  );
  const [there, here] = ['tom[m]', 'juliet'];
  expect(told).toEqual([
    ['message', there, there],
    ['typing', there, there],
    ['reaction', there, there],
    ['message', there, there],
    ['retracted', there, there],
    ['read', there, here],
    ['message', '#room', 'tom{m}'],
    ['invited', '#verona', 'Tom[m]'],
    ['moved', there, ''],
  ]);
  expect(us.events.all.find(({ kind }) => kind === 'invited')).toMatchObject({ person: there });
});

test('JID-13 who is written to by one spelling and then by the other answers from the latter', async () => {
  const { us, server } = await inRoom('juliet @Tom[m]', { caps });
  await using _ = us;
  for (const nick of ['tom[m]', 'tom{m}']) {
    us.live.send({ text: plainText('?') }, us.attempt(nick)).catch(() => {});
    server.say(':Tom[m]!u@h PRIVMSG juliet :here');
    await mark({ us, server });
  }
  const told = us.events.all.flatMap((event) => (event.kind === 'message' ? [event.chat] : []));
  expect(told).toEqual(['tom[m]', 'tom{m}']);
});
