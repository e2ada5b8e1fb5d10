/** Whatever a server says, the session lives, and so do the sessions beside it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestSession } from '../../../harness/irc-session.ts';
import type { PuppetClient } from '../../../harness/puppet-ircd.ts';
import { type Met, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const caps = 'echo-message labeled-response batch message-tags server-time multi-prefix';
const inRoom = (): Promise<Met> => puppets.inRoom('juliet @Romeo', { caps });

/** Everything before has been read, and the session still works. */
async function alive(us: TestSession, server: PuppetClient, mark: string): Promise<void> {
  server.say(`PING :${mark}`);
  await server.expect(new RegExp(`^PONG :?${mark}$`));
  server.say(`:Romeo!u@h PRIVMSG juliet :alive ${mark}`);
  await us.event('message', (event) => event.content.text?.plain === `alive ${mark}`);
}

const commands =
  'PRIVMSG NOTICE JOIN PART QUIT NICK MODE KICK TOPIC INVITE PONG BATCH CHGHOST FAIL WARN NOTE AWAY ACCOUNT WALLOPS CAP AUTHENTICATE TAGMSG SETNAME MONITOR RENAME REDACT'.split(
    ' ',
  );
const numerics = Array.from({ length: 999 }, (_, at) => String(at + 1).padStart(3, '0'));
// 001 to 005 and the end of the connection say who we are and that it is over: told apart below.
const words = fc.constantFrom(
  'juliet',
  '#room',
  'Romeo',
  '+o',
  '-ov',
  '*',
  '=',
  '@',
  '',
  ':',
  '#other',
  '+b',
  'LS',
  'ACK',
  'NEW',
  'DEL',
  'sasl',
  '+x',
  '-x',
);

test('every command with missing parameters', async () => {
  const { us, server } = await inRoom();
  await using _ = us;
  let count = 0;
  for (const command of [...commands, ...numerics]) {
    for (const source of ['', ':Romeo!u@h ', ':s.test ', ': ', ':juliet!u@h ']) {
      if (source.startsWith(':juliet') && /^(PART|KICK|NICK|QUIT|JOIN)$/.test(command)) continue;
      for (const params of ['', ' ', ' :', ' juliet', ' #room', ' juliet #room']) {
        if (command === '001') continue;
        server.say(`${source}${command}${params}`);
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(10_000);
  await alive(us, server, 'missing');
});

test('any words in any order, 10,000 lines', async () => {
  const { us, server } = await inRoom();
  await using _ = us;
  const line = fc
    .record({
      tags: fc.constantFrom(
        '',
        '@label=x ',
        '@batch=x ',
        '@time=never ',
        '@msgid= ',
        '@;;==; ',
        '@time=99999999999999-01-01T00:00:00Z ',
      ),
      source: fc.constantFrom('', ':Romeo!u@h ', ':s.test ', ':x '),
      command: fc.oneof(fc.constantFrom(...commands), fc.constantFrom(...numerics.slice(5))),
      params: fc.array(words, { maxLength: 8 }),
    })
    .map(({ tags, source, command, params }) => `${tags}${source}${command} ${params.join(' ')}`);
  for (const one of fc.sample(line, 10_000)) server.say(one);
  await alive(us, server, 'words');
});

test('any bytes', async () => {
  const { us, server } = await inRoom();
  await using _ = us;
  for (const one of fc.sample(fc.uint8Array({ maxLength: 200 }), 10_000)) server.raw(Buffer.from(one));
  server.say('', '');
  await alive(us, server, 'bytes');
});

test('a line without an end breaks that connection only', async () => {
  const { us, server } = await inRoom();
  const other = await inRoom();
  await using _ = us;
  await using __ = other.us;
  server.raw(Buffer.alloc(200_000, 'x'));
  expect(await us.event('state')).toMatchObject({ state: 'reconnecting' });
  await alive(other.us, other.server, 'beside');
});

test('no server has us remember any number of members, or of channels', async () => {
  const { us, server } = await inRoom();
  await using _ = us;
  const joining = us.join('#crowd');
  await server.expect(/^JOIN #crowd$/);
  server.say(':juliet!u@h JOIN #crowd');
  const names = (from: number): string => Array.from({ length: 40 }, (__, at) => `n${from + at}`).join(' ');
  server.say(...Array.from({ length: 6000 }, (__, at) => `:s.test 353 juliet = #crowd :${names(at * 40)}`));
  server.say(':s.test 366 juliet #crowd :End');
  await joining;
  const { changes } = await us.event('members', ({ chat, complete }) => chat === '#crowd' && complete === true);
  expect(changes.length).toBeLessThan(200_100);
  server.say(':late!u@h JOIN #crowd');
  for (let at = 0; at < 3000; at++) server.say(`:juliet!u@h JOIN #c${at}`, `:s.test 366 juliet #c${at} :End`);
  await alive(us, server, 'many');
  const asked = server.lines.all.filter((line) => line.startsWith('MODE #c'));
  expect(asked.length).toBeLessThan(1002);
  expect(us.events.all.some((event) => event.kind === 'members' && event.complete !== true)).toBe(false);
  server.say(...Array.from({ length: 1000 }, (__, at) => `:j${at}!u@h JOIN #room`));
  await alive(us, server, 'more');
  const came = us.events.all.filter((event) => event.kind === 'members' && event.complete !== true);
  expect(came.length).toBeLessThan(300);
});
