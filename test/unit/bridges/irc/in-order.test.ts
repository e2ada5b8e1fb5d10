/** What somebody does on IRC comes in the order in which they did it, throttle or not; what is urgent waits only for what leaves at once. */
import { describe, expect, test } from 'vitest';
import { chatId, personId } from '../../../../src/bridge/index.ts';
import { live, type TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import type { PuppetClient } from '../../../harness/puppet-ircd.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();
const room = chatId('#room');

/** Seconds pass until that line has come; resolves with all those that people would see, in order. */
async function until(server: PuppetClient, clock: ManualClock, last: string): Promise<readonly string[]> {
  for (let at = 0; at < 60 && !server.lines.all.includes(last); at++) {
    await clock.advance(1000);
    server.say(`PING :t${at}`);
    await server.expect(new RegExp(`^PONG :?t${at}$`));
  }
  const seen = server.lines.all.filter((line) =>
    /^(?:PRIVMSG|NOTICE|NICK|PART|TOPIC|KICK|MODE|INVITE|AWAY) /.test(line),
  );
  return seen.filter((line) => line !== 'NICK juliet' && line !== 'MODE #room');
}

function sayAll(us: TestSession, count: number): readonly string[] {
  const words = Array.from({ length: count }, (_unused, at) => `n${at}`);
  for (const word of words) us.say('#room', word).catch(() => {});
  return words.map((word) => `PRIVMSG #room ${word}`);
}

const ignore = (): void => {};
const slow = { burst: 10, perSecond: 1 };

type Deed = readonly [name: string, line: string, act: (us: TestSession) => Promise<unknown> | undefined];

const inTurn: readonly Deed[] = [
  ['a name', 'NICK capulet', (us) => us.live.rooms?.nick?.(room, 'capulet', live())],
  ['a topic', 'TOPIC #room news', (us) => us.live.rooms?.topic?.(room, 'news', live())],
  ['a notice that is typed', 'NOTICE #room hush', (us) => us.live.commands?.run(room, '/notice #room hush', live())],
  ['a farewell that is typed', 'PART #room bye', (us) => us.live.commands?.run(room, '/part bye', live())],
  ['a farewell as a line', 'PART #room :so long', (us) => us.live.commands?.raw('PART #room :so long', live())],
  ['being away', 'AWAY lunch', (us) => us.live.status?.appear('away', 'lunch')],
];

const urgent: readonly Deed[] = [
  [
    'a kick',
    'KICK #room romeo',
    (us) => us.live.rooms?.moderate?.(room, [{ person: personId('romeo'), action: 'kick' }], live()),
  ],
  [
    'a rank',
    'MODE #room +v romeo',
    (us) => us.live.rooms?.moderate?.(room, [{ person: personId('romeo'), action: 'power', power: 'voiced' }], live()),
  ],
  [
    'an invitation',
    'INVITE tybalt #room',
    (us) => us.live.rooms?.invite?.(room, personId('tybalt'), undefined, live()),
  ],
  ['a line that is typed', 'MODE #room +i', (us) => us.live.commands?.run(room, '/mode +i', live())],
];

describe.each(['off', slow])('throttle %j', (throttle) => {
  test.each(inTurn)('what was said before %s comes before it', async (_, line, act) => {
    const clock = createManualClock();
    const { us, server } = await inRoom('@juliet Romeo', {}, { clock, options: { throttle } });
    await using _us = us;
    const said = sayAll(us, 24);
    act(us)?.catch(ignore);
    expect(await until(server, clock, line)).toEqual([...said, line]);
  });

  test.each(urgent)('what was said right before %s comes before it', async (_, line, act) => {
    const clock = createManualClock();
    const { us, server } = await inRoom('@juliet Romeo', {}, { clock, options: { throttle } });
    await using _us = us;
    const said = sayAll(us, 3);
    act(us)?.catch(ignore);
    expect(await until(server, clock, line)).toEqual([...said, line]);
  });
});

test.each(urgent)('%s does not wait for the throttle', async (_, line, act) => {
  const clock = createManualClock();
  const { us, server } = await inRoom('@juliet Romeo', {}, { clock, options: { throttle: slow } });
  await using _us = us;
  const said = sayAll(us, 24);
  await server.expect(/^PRIVMSG #room n2$/);
  act(us)?.catch(ignore);
  const came = await until(server, clock, line);
  expect(came.indexOf(line)).toBeLessThan(said.length - 5);
});

test('what is refused meanwhile is not what waits', async () => {
  const clock = createManualClock();
  const { us, server } = await inRoom('juliet Romeo', {}, { clock, options: { throttle: slow } });
  await using _us = us;
  sayAll(us, 24);
  await server.expect(/^PRIVMSG #room n2$/);
  const topic = us.live.rooms?.topic?.(room, 'news', live()).then(
    () => 'done',
    () => 'refused',
  );
  const kick = us.live.rooms?.moderate?.(room, [{ person: personId('romeo'), action: 'kick' }], live()).then(
    () => 'done',
    () => 'refused',
  );
  server.answer = (line) => (line.startsWith('KICK') ? [':s.test 482 juliet #room :You are no operator'] : []);
  await until(server, clock, 'TOPIC #room news');
  await clock.advance(5000);
  expect([await kick, await topic]).toEqual(['refused', 'done']);
});
