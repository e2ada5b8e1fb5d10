/** Servers that know few commands (Twitch), or errors that we do not: what the gateway tries by itself is no news to anybody, what somebody asks for is refused. */
import { expect, test } from 'vitest';
import { type Act, chatId, personId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const unknown = (line: string): readonly string[] => {
  const command = /^(?:MODE|WHO|AWAY|NICKSERV|USERHOST|ISON|KICK|INVITE|TOPIC)\b/.exec(line)?.[0];
  return command === undefined ? [] : [`:s.test 421 juliet ${command} :Unknown command`];
};

test('what was tried by itself is told to nobody', async () => {
  const clock = createManualClock();
  const settings = { nickserv_password: 'sesame' };
  const { us, server } = await puppets.meet({}, { clock, settings });
  await using _ = us;
  server.answer = unknown;
  us.live.watch?.([personId('romeo')]);
  await us.live.status?.appear('away', 'lunch');
  const joining = us.join('#room');
  await server.admit('#room', 'juliet @Romeo');
  await joining;
  await server.expect(/^MODE #room$/);
  await clock.advance(1000);
  await server.expect(/^WHO #room/);
  await mark({ us, server });
  expect(us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []))).toEqual(['the mark']);
});

test('what somebody asks for is refused', async () => {
  const { us, server } = await puppets.inRoom('@juliet Romeo');
  await using _ = us;
  server.answer = unknown;
  const room = chatId('#room');
  const kick: Act = { action: 'kick', person: personId('romeo') };
  const ban: Act = { action: 'ban', person: personId('nobody') };
  const refused = { code: 'network-cannot', message: /Unknown command/ };
  await expect(us.live.rooms?.moderate?.(room, [kick], live())).rejects.toMatchObject(refused);
  await expect(us.live.rooms?.moderate?.(room, [ban], live())).rejects.toMatchObject(refused);
  await expect(us.live.rooms?.topic?.(room, 'x', live())).rejects.toMatchObject(refused);
  await expect(us.live.rooms?.invite?.(room, personId('tybalt'), undefined, live())).rejects.toMatchObject(refused);
});

test('one that is unknown fails no other question', async () => {
  const { us, server } = await puppets.inRoom('@juliet Romeo');
  await using _ = us;
  server.answer = (line) => (line.startsWith('TOPIC') ? [':s.test 421 juliet MODE :Unknown command'] : []);
  await us.live.rooms?.topic?.(chatId('#room'), 'x', live());
});

test.each([
  ['417', 'message-too-long', 'labeled-response batch message-tags echo-message'],
  ['417', 'message-too-long', 'labeled-response batch message-tags'],
  ['498', 'network-refused', 'labeled-response batch message-tags echo-message'],
  ['482', 'network-refused', 'labeled-response batch message-tags'],
])(
  'an error with the label of a message refuses it at once, whichever it is: %s is %s (%s)',
  async (numeric, code, caps) => {
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps }, { clock: createManualClock() });
    await using _ = us;
    server.answer = (line) => {
      const label = /^@label=(\S+) PRIVMSG/.exec(line)?.[1];
      return label === undefined ? [] : [`@label=${label} :s.test ${numeric} juliet :No, not that`];
    };
    await expect(us.say('#room', 'hello')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/No, not that/),
    });
    await mark({ us, server });
    const told = us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
    expect(told).toEqual(['the mark']);
  },
);
