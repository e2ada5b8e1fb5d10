/** What was said in many rooms while we were away is asked for without keeping anybody waiting, and has an end. */
import { expect, test } from 'vitest';
import { chatId, type NetworkEvent } from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const welcome = {
  caps: 'batch server-time message-tags draft/chathistory',
  isupport: 'CHANTYPES=# PREFIX=(ov)@+ CHATHISTORY=100 MSGREFTYPES=timestamp,msgid',
};
const names = Array.from({ length: 40 }, (_unused, at) => `#room${at}`);
const textsOf = (events: readonly NetworkEvent[] | undefined): readonly string[] =>
  (events ?? []).flatMap((event) => (event.kind === 'message' ? [event.content.text?.plain ?? ''] : []));

const stamp = (second: number): string => `time=2020-01-02T00:00:${second}.000Z`;

test('MSG-09 gaps of many rooms are asked for one at a time: what is said goes before all but one of them', async () => {
  const clock = createManualClock();
  const options = { throttle: { burst: 5, perSecond: 1 } };
  const met = await puppets.meet(welcome, { clock, options });
  const { us, server } = met;
  await using _ = us;
  server.answer = (line) => {
    const entered = /^JOIN (\S+)/.exec(line)?.[1]?.split(',') ?? [];
    const asked = /^CHATHISTORY AFTER (\S+)/.exec(line)?.[1];
    const past = asked === undefined ? [] : [`:s.test BATCH +h chathistory ${asked}`, ':s.test BATCH -h'];
    const list = (name: string) => [`:juliet!u@h JOIN ${name}`, `:s.test 366 juliet ${name} :End`];
    return [...past, ...entered.flatMap(list)];
  };
  const passes = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await clock.advance(1000);
      await mark(met);
      await mark(met);
    }
  };
  const joins = Promise.all(names.map((name) => us.join(name)));
  await passes(5);
  await joins;
  const gaps = Promise.all(names.map((name) => us.live.history?.after?.(chatId(name), 0, 100)));
  const said = us.say('#room0', 'hello');
  await passes(5);
  await server.expect(/^PRIVMSG #room0 hello$/);
  await said;
  await passes(2 * names.length);
  expect(await gaps).toEqual(names.map(() => []));
  const asked = server.lines.all.filter((line) => line.startsWith('CHATHISTORY'));
  expect(asked).toHaveLength(names.length);
});

test('MSG-09 a room in which somebody speaks is asked for next: what they say waits for its gap', async () => {
  const { us, server } = await puppets.meet(welcome);
  await using _ = us;
  server.answer = (line) => {
    const [, name] = /^JOIN (\S+)/.exec(line) ?? [];
    if (name !== undefined) return [`:juliet!u@h JOIN ${name}`, `:s.test 366 juliet ${name} :End`];
    if (!line.startsWith('CHATHISTORY AFTER #a ')) return [];
    return ['#d', '#e', '#d'].map((room) => `:Romeo!u@h PRIVMSG ${room} :is anybody here?`);
  };
  const rooms = ['#a', '#b', '#c', '#d', '#e'];
  for (const name of rooms) await us.join(name);
  const gaps = rooms.map((name) => us.live.history?.after?.(chatId(name), 0, 100));
  expect(await Promise.all(gaps)).toEqual(rooms.map(() => []));
  const asked = server.lines.all.flatMap((line) => /^CHATHISTORY AFTER (\S+)/.exec(line)?.[1] ?? []);
  expect(asked).toEqual(['#a', '#d', '#e', '#b', '#c']);
});

test.each([
  ['says when it let us in', `@${stamp(20)} `, undefined],
  // As soju has it for channels in which it was before.
  ['does not, and tells live what is said while it is asked', '', `@${stamp(20)} :Romeo!u@h PRIVMSG #room :live`],
])(
  'MSG-09 what comes live is no part of a gap, of which there is an end where people go on talking: a server that %s',
  async (_how, tag, live) => {
    const { us, server } = await puppets.meet(welcome);
    await using _ = us;
    const joining = us.join('#room');
    await server.expect(/^JOIN #room$/);
    server.say(
      `${tag}:juliet!u@h JOIN #room`,
      ':s.test 353 juliet = #room :juliet Romeo',
      ':s.test 366 juliet #room :End',
    );
    await joining;
    let second = 18;
    server.answer = (line) => {
      if (!line.startsWith('CHATHISTORY AFTER')) return [];
      second += 5;
      const said = [second, second + 1].map(
        (one) => `@batch=h;msgid=m${one};${stamp(one)} :Romeo!u@h PRIVMSG #room :said at ${one}`,
      );
      return [...(live === undefined ? [] : [live]), ':s.test BATCH +h chathistory #room', ...said, ':s.test BATCH -h'];
    };
    const after = async () => textsOf(await us.live.history?.after?.(chatId('#room'), 0, 100));
    // Servers' clocks differ by some seconds.
    expect(await after()).toEqual(['said at 23', 'said at 24']);
    expect(await after()).toEqual(['said at 28', 'said at 29']);
    expect(await after()).toEqual([]);
  },
);
