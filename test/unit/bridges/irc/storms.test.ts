/** Netsplits, with batches and without: one event a channel, in order with all else, and time in proportion to how many there are. */
import { describe, expect, test } from 'vitest';
import { createBatches } from '../../../../bridges/irc/batches.ts';
import { parseLine } from '../../../../bridges/irc/wire/line.ts';
import type { NetworkEvent } from '../../../../src/bridge/index.ts';
import { cpuMs } from '../../../harness/cpu.ts';
import type { TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;
const tagged = { caps: 'message-tags batch away-notify', isupport: 'CASEMAPPING=rfc1459 PREFIX=(ov)@+ CHANTYPES=#' };
const split = 'irc.hub other.host';

const line = (text: string) => {
  const parsed = parseLine(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

type Members = Extract<NetworkEvent, { kind: 'members' }>;
const since = (us: TestSession): readonly Members[] =>
  us.events.all.flatMap((event) => (event.kind === 'members' && event.complete !== true ? [event] : []));
const told = ({ changes }: Members): readonly string[] =>
  changes.map((one) => `${one.is} ${one.is === 'in' ? `${one.member.nick} ${one.member.power}` : one.person}`);

describe('batches', () => {
  test('nested: a label and a type hold for what lies within, and end with the batch', () => {
    const batches = createBatches();
    batches.hear(line('@label=l1 :s BATCH +outer labeled-response'));
    batches.hear(line('@batch=outer :s BATCH +inner netjoin a.x b.x'));
    const within = line('@batch=inner :a!b@c JOIN #x');
    expect(batches.labelOf(within)).toBe('l1');
    expect(batches.of(within)?.params).toEqual(['a.x', 'b.x']);
    expect([batches.isIn(within, 'netjoin'), batches.isIn(within, 'labeled-response')]).toEqual([true, true]);
    expect(batches.isIn(within, 'netsplit')).toBe(false);
    expect(batches.labelOf(line('@label=l2;batch=inner :s PONG'))).toBe('l2');
    expect(batches.hear(line(':s BATCH -inner'))?.type).toBe('netjoin');
    expect(batches.of(within)).toBeUndefined();
    expect(batches.hear(line(':s BATCH -inner'))).toBeUndefined();
  });

  test('bounded in number and in depth', () => {
    const batches = createBatches();
    for (let i = 0; i < 20; i++) batches.hear(line(`${i === 0 ? '' : `@batch=d${i - 1} `}:s BATCH +d${i} t`));
    expect(batches.of(line('@batch=d7 :s X'))?.type).toBe('t');
    expect(batches.of(line('@batch=d8 :s X'))).toBeUndefined();
    for (let i = 0; i < 200; i++) batches.hear(line(`:s BATCH +w${i} t`));
    expect(batches.of(line('@batch=w199 :s X'))).toBeUndefined();
    batches.clear();
    expect(batches.of(line('@batch=d1 :s X'))).toBeUndefined();
  });
});

describe('a split', () => {
  test('45-64 in a batch: one event a channel, whatever the QUITs say', async () => {
    const { us, server } = await inRoom('juliet a b c', tagged);
    await using _ = us;
    server.say(`:s.test BATCH +x netsplit ${split}`);
    server.say('@batch=x :a!a@a QUIT :lost', '@batch=x :b!b@b QUIT :lost', ':s.test BATCH -x');
    await mark({ us, server });
    expect(since(us).map(told)).toEqual([['out a', 'out b']]);
    expect(since(us)[0]?.changes[0]).toEqual({ is: 'out', person: 'a', how: 'lost', reason: 'lost' });
  });

  test('45-64 without batches: known by the two servers in its QUITs; what comes next is told behind it', async () => {
    const { us, server } = await inRoom('juliet a b c', tagged);
    await using _ = us;
    server.say(`:a!a@a QUIT :${split}`, `:b!b@b QUIT :*.net *.split`, ':c!c@c PRIVMSG #room :oh');
    await us.event('message');
    const kinds = us.events.all.slice(-2).map(({ kind }) => kind);
    expect(kinds).toEqual(['members', 'message']);
    expect(since(us).map(told)).toEqual([['out a', 'out b']]);
  });

  test.each(['Quit: a.b c.d', 'see www.example.org', 'a.b  c.d', 'http://a.b c.d', 'a b', 'a.b c.d e.f'])(
    'is not what somebody says: %j',
    async (reason) => {
      const { us, server } = await inRoom('juliet a b', tagged);
      await using _ = us;
      server.say(`:a!a@a QUIT :${reason}`, `:b!b@b QUIT :${reason}`);
      await mark({ us, server });
      expect(since(us).map(told)).toEqual([['out a'], ['out b']]);
      expect(since(us)[0]?.changes[0]).toMatchObject({ how: 'left' });
    },
  );

  test('45-64 those who return come in one event, with the ranks and the absence that follow', async () => {
    const { us, server } = await inRoom('juliet @a b c', tagged);
    await using _ = us;
    server.say(`:a!a@a QUIT :${split}`, `:b!b@b QUIT :${split}`);
    await mark({ us, server });
    server.say(':a!a@a JOIN #room', ':s.test MODE #room +o a', ':b!b@b JOIN #room', ':b!b@b AWAY :out');
    server.say(':s.test MODE #room +v b', ':new!n@n JOIN #room');
    await mark({ us, server });
    expect(since(us).map(told)).toEqual([
      ['out a', 'out b'],
      ['in a moderator', 'in b voiced'],
      ['in new participant'],
    ]);
    expect(since(us)[1]?.changes[1]).toMatchObject({ member: { show: 'away', status: 'out' } });
    expect(us.events.all.some(({ kind }) => kind === 'remark')).toBe(false);
  });

  test('those who return come one by one where their owner likes that: in that room, and not before who went', async () => {
    const roomSettings = (chat: string) => ({ netjoins: chat === '#room' ? 'one-by-one' : 'together' });
    const met = await inRoom('juliet @a b', tagged, { roomSettings });
    const { us, server } = met;
    await using _ = us;
    const joining = us.join('#other');
    await server.admit('#other', 'juliet a b');
    await joining;
    await mark(met);
    const began = us.events.all.length;
    server.say(`:a!a@a QUIT :${split}`, `:b!b@b QUIT :${split}`, `:s.test BATCH +j netjoin ${split}`);
    for (const nick of ['a', 'b']) {
      server.say(`@batch=j :${nick}!u@h JOIN #room`, `@batch=j :${nick}!u@h JOIN #other`);
    }
    server.say(':s.test BATCH -j');
    await mark(met);
    const events = us.events.all.slice(began).flatMap((event) => (event.kind === 'members' ? [event] : []));
    const of = (chat: string) => events.filter((event) => event.chat === chat).map(told);
    expect(of('#room')).toEqual([['out a', 'out b'], ['in a participant'], ['in b participant']]);
    expect(of('#other')).toEqual([['out a', 'out b', 'in a participant', 'in b participant']]);
  });

  test('a netjoin batch is one event, also of people who were never here', async () => {
    const { us, server } = await inRoom('juliet', tagged);
    await using _ = us;
    server.say(`:s.test BATCH +j netjoin ${split}`, '@batch=j :x!x@x JOIN #room', '@batch=j :y!y@y JOIN #room');
    server.say(':s.test BATCH -j');
    await mark({ us, server });
    expect(since(us).map(told)).toEqual([['in x participant', 'in y participant']]);
  });

  test('back and away again within a moment: told in order', async () => {
    const { us, server } = await inRoom('juliet a', tagged);
    await using _ = us;
    for (let i = 0; i < 2; i++) server.say(`:a!a@a QUIT :${split}`, ':a!a@a JOIN #room');
    server.say(`:a!a@a QUIT :${split}`);
    await mark({ us, server });
    expect(since(us).flatMap(told)).toEqual(['out a', 'in a participant', 'out a', 'in a participant', 'out a']);
  });

  test('a lull is an end, even if the server says nothing more', async () => {
    const clock = createManualClock();
    const { us, server } = await inRoom('juliet a', tagged, { clock });
    await using _ = us;
    server.say(`:a!a@a QUIT :${split}`, 'PING :barrier');
    await server.expect(/^PONG :?barrier/);
    expect(since(us)).toEqual([]);
    await clock.advance(200);
    expect(since(us).map(told)).toEqual([['out a']]);
  });
});

describe('ten thousand members', () => {
  test('a list, a split and a return take time in proportion, and few events', { timeout: 30_000 }, async () => {
    const { us, server } = await meet(tagged);
    await using _ = us;
    const nicks = Array.from({ length: 10_000 }, (_, index) => `member${index}`);
    const joining = us.join('#room');
    await server.expect(/^JOIN #room/);
    server.say(':juliet!u@h JOIN #room');
    for (let at = 0; at < nicks.length; at += 40) {
      server.say(`:s.test 353 juliet = #room :${nicks.slice(at, at + 40).join(' ')}`);
    }
    server.say(':s.test 353 juliet = #room :juliet', ':s.test 366 juliet #room :End');
    await joining;
    const began = cpuMs();
    server.say(...nicks.map((nick) => `:${nick}!u@h QUIT :${split}`));
    await mark({ us, server });
    server.say(...nicks.map((nick) => `:${nick}!u@h JOIN #room`));
    await mark({ us, server });
    // Linear work is some 100 ms; whatever is quadratic takes minutes.
    expect(cpuMs() - began).toBeLessThan(10_000);
    const changes = since(us);
    expect(changes.length).toBeLessThan(50);
    expect(changes.flatMap((event) => event.changes)).toHaveLength(20_000);
  });
});
