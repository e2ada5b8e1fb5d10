/** What we ask and say of our own accord waits behind what our user wants: who has blocked many people, or is in many rooms, need not wait for that. */
import { expect, test } from 'vitest';
import { chatId, personId } from '../../../../src/bridge/index.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type Met, mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const slow = { throttle: { burst: 5, perSecond: 1 } };

/** Everything that was sent has come. */
async function arrived({ us, server }: Met): Promise<void> {
  await mark({ us, server });
  await mark({ us, server });
}

/** A server that lets us into each channel of a list. */
const letsIn = (line: string): readonly string[] =>
  (/^JOIN (\S+)/.exec(line)?.[1] ?? '')
    .split(',')
    .filter(Boolean)
    .flatMap((name) => [
      `:juliet!u@h JOIN ${name}`,
      `:s.test 353 juliet = ${name} :juliet`,
      `:s.test 366 juliet ${name} :End`,
    ]);

test('191-02 who has blocked many comes into a room at once, and is heard there', async () => {
  const clock = createManualClock();
  const isupport = 'PREFIX=(ov)@+ CHANTYPES=# SILENCE=32';
  const { us, server } = await puppets.meet({ isupport }, { clock, options: slow });
  await using _ = us;
  for (let at = 0; at < 32; at++) us.live.blocks?.block(personId(`n${at}`)).catch(() => {});
  const joining = us.join('#room');
  await clock.advance(3000);
  await server.admit('#room', 'juliet');
  await joining;
  const said = us.say('#room', 'hello');
  await clock.advance(3000);
  await server.expect(/^PRIVMSG #room hello$/);
  await said;
  expect(server.lines.all.filter((line) => line.startsWith('SILENCE')).length).toBeLessThan(10);
  await clock.advance(120_000);
  await arrived({ us, server });
  expect(server.lines.all.filter((line) => line.startsWith('SILENCE'))).toHaveLength(32);
});

test('who is in many rooms is heard in the first before the modes of the last are known', async () => {
  const clock = createManualClock();
  const { us, server } = await puppets.meet({}, { clock, options: slow });
  await using _ = us;
  const rooms = Array.from({ length: 30 }, (_unused, at) => `#room${at}`);
  const joins = rooms.map((room) => us.join(room));
  server.answer = letsIn;
  for (let second = 0; second < 5; second++) {
    await clock.advance(1000);
    await mark({ us, server });
  }
  await Promise.all(joins);
  const said = us.say('#room0', 'hello');
  await clock.advance(4000);
  await server.expect(/^PRIVMSG #room0 hello$/);
  await said;
  expect(server.lines.all.filter((line) => line.startsWith('MODE')).length).toBeLessThan(30);
});

const many = Array.from({ length: 200 }, (_unused, at) => `#room${at}`);

/** So many seconds later, all that was sent by then has come. */
async function later(met: Met, clock: ManualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1000);
    await arrived(met);
  }
}

const asked = ({ server }: Met): readonly string[] => server.lines.all.filter((line) => line.startsWith('JOIN'));

test('who comes with two hundred channels is in all of them in seconds, and heard in the first', async () => {
  const clock = createManualClock();
  const met = await puppets.meet({}, { clock, options: slow });
  const { us, server } = met;
  await using _ = us;
  server.answer = letsIn;
  const joins = Promise.all(many.map((room) => us.join(room)));
  await us.event('members', ({ chat }) => chat === '#room0');
  const said = us.say('#room0', 'hello');
  await later(met, clock, 15);
  await joins;
  await server.expect(/^PRIVMSG #room0 hello$/);
  await said;
  expect(asked(met).flatMap((line) => line.slice(5).split(','))).toEqual(many);
  expect(Math.max(...asked(met).map((line) => line.length))).toBeLessThan(400);
});

test('of channels that are asked for in one line each has its own key, and whoever gives up one is not put into it', async () => {
  const clock = createManualClock();
  const met = await puppets.meet({}, { clock, options: slow });
  const { us, server } = met;
  await using _ = us;
  server.answer = letsIn;
  const giveUp = new AbortController();
  const join = (name: string, password?: string, signal = us.stop.signal) =>
    us.live.rooms?.join(chatId(name), { nick: 'juliet', ...(password !== undefined && { password }) }, signal);
  const joins = [join('#first'), join('#open'), join('#one', 'k1'), join('#other'), join('#two', 'k2')];
  const given = join('#given', undefined, giveUp.signal)?.catch((error: unknown) => error);
  giveUp.abort(new Error('enough'));
  expect(await given).toMatchObject({ message: 'enough' });
  await later(met, clock, 3);
  await Promise.all(joins);
  expect(asked(met)).toEqual(['JOIN #first', 'JOIN #one,#two,#open,#other k1,k2']);
});

const six = ['#a', '#b', '#c', '#d', '#e', '#f'];

test('a line asks for no more than the server says that it reads', async () => {
  const clock = createManualClock();
  const met = await puppets.meet({ isupport: 'TARGMAX=JOIN:2' }, { clock, options: slow });
  const { us, server } = met;
  await using _ = us;
  server.answer = letsIn;
  const joins = Promise.all(six.map((room) => us.join(room)));
  await later(met, clock, 3);
  await joins;
  expect(asked(met)).toEqual(['JOIN #a', 'JOIN #b,#c', 'JOIN #d,#e', 'JOIN #f']);
});

test.each([
  ['reads no further', ['#d']],
  ['says so of each', ['#d', '#e', '#f']],
])(
  'a server that finds a channel one too many and %s: all of them are refused for that, at once',
  async (_how, told) => {
    const clock = createManualClock();
    const met = await puppets.meet({}, { clock, options: slow });
    const { us, server } = met;
    await using _ = us;
    server.answer = (line) =>
      line.startsWith('JOIN')
        ? [
            ...letsIn(line).filter((one) => !/#[def]/.test(one)),
            ...told
              .filter((name) => line.includes(name))
              .map((name) => `:s.test 405 juliet ${name} :Too many channels`),
          ]
        : [];
    const joins = Promise.allSettled(six.map((room) => us.join(room)));
    await later(met, clock, 3);
    const refused = (name: string) => ({ reason: { code: 'over-quota', message: `${name}: Too many channels` } });
    expect(await joins).toMatchObject([{}, {}, {}, refused('#d'), refused('#e'), refused('#f')]);
    expect(server.lines.all.filter((line) => line.startsWith('PING')).length).toBeLessThan(3);
    expect(us.events.all.filter((event) => event.kind === 'notice' && event.text.plain.includes('Too many'))).toEqual(
      [],
    );
  },
);

test('who leaves two hundred channels is out of all of them in seconds; a server that reads no more than some of a line is asked for the others', async () => {
  const clock = createManualClock();
  const met = await puppets.meet({}, { clock, options: slow });
  const { us, server } = met;
  await using _ = us;
  let reads = Number.POSITIVE_INFINITY;
  server.answer = (line) => {
    const left = /^PART (\S+)/.exec(line)?.[1]?.split(',') ?? [];
    return [...letsIn(line), ...left.slice(0, reads).map((name) => `:juliet!u@h PART ${name}`)];
  };
  const leave = async (names: readonly string[], seconds: number) => {
    const joins = Promise.all(names.map((room) => us.join(room)));
    await later(met, clock, 15);
    await joins;
    const parts = Promise.all(
      names.map((name) => us.live.rooms?.leave(chatId(name), name === '#room9' ? 'bye' : undefined, us.stop.signal)),
    );
    await later(met, clock, seconds);
    await parts;
    return server.lines.all.filter((line) => line.startsWith('PART')).map((line) => line.slice(5));
  };
  const lines = await leave(many, 30);
  expect(lines.flatMap((line) => line.split(' ')[0]?.split(','))).toEqual(many);
  expect(lines.slice(0, 3)).toEqual([
    '#room0',
    '#room1,#room2,#room3,#room4,#room5,#room6,#room7,#room8',
    '#room9 bye',
  ]);
  reads = 2;
  const before = lines.length;
  expect((await leave(['#a', '#b', '#c', '#d', '#e'], 15)).slice(before)).toEqual(['#a', '#b,#c,#d,#e', '#d', '#e']);
});
