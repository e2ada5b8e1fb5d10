/** What a bouncer does that no server does: it puts us into its channels and plays them back before we ask, and tells of the past by time alone. */
import { describe, expect, test } from 'vitest';
import { chatId, type MessageRef, messageId, type NetworkEvent } from '../../../../src/bridge/index.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const room = chatId('#room');
const textsOf = (events: readonly NetworkEvent[] | undefined): readonly (string | undefined)[] =>
  (events ?? []).flatMap((event) => (event.kind === 'message' ? [event.content.text?.plain] : []));
/** The second of its stamp, and the text. */
type Said = readonly [number, string];
const past = (...said: readonly Said[]): readonly string[] => [
  ':s.test BATCH +h znc.in/playback #room',
  ...said.map(([second, text]) => `@batch=h;time=2020-01-02T00:00:0${second}.000Z :Romeo!u@h PRIVMSG #room :${text}`),
  ':s.test BATCH -h',
];

describe('its channels', () => {
  const caps = 'batch server-time';
  const channelWith = (...said: readonly Said[]): readonly string[] => [
    ':juliet!u@h JOIN #room',
    ':s.test 353 juliet = #room :juliet @Romeo',
    ':s.test 366 juliet #room :End of /NAMES list.',
    ...past(...said),
  ];
  const chatHistory = [
    ':s.test BATCH +c chathistory #room',
    '@batch=c;time=2020-01-02T00:00:03.000Z;msgid=m1 :Romeo!u@h PRIVMSG #room :meanwhile',
    ':s.test BATCH -c',
  ];
  const connected = async () => {
    const clock = createManualClock();
    const us = new TestSession();
    const connecting = openWith(us, { port: puppets.ircd.port, nick: 'juliet', clock });
    const server = await puppets.ircd.next();
    await server.welcome({ caps, more: channelWith([1, 'one'], [2, 'two']) });
    await connecting;
    return { us, server, clock };
  };

  test('whoever asks for one gets what was played back, and no invitation', async () => {
    const { us, server, clock } = await connected();
    await using _ = us;
    await us.join('#room');
    expect((await us.event('members')).complete).toBe(true);
    expect([await us.event('message'), await us.event('message')]).toMatchObject([
      { content: { text: { plain: 'one' } }, history: true },
      { content: { text: { plain: 'two' } }, history: true },
    ]);
    await clock.advance(60_000);
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'invited')).toEqual([]);
    expect(server.lines.all.some((line) => line.startsWith('JOIN'))).toBe(false);
  });

  test('of the others their owner is told in the end', async () => {
    const { us, clock } = await connected();
    await using _ = us;
    expect(us.events.all).toEqual([]);
    await clock.advance(10_000);
    expect((await us.event('invited')).chat).toBe('#room');
  });

  test("that come a moment after it has let us in are its user's own all the same", async () => {
    const clock = createManualClock();
    const { us, server } = await puppets.meet({ caps }, { clock });
    await using _ = us;
    server.say(...channelWith(), ...channelWith().map((line) => line.replaceAll('#room', '#other')));
    await mark({ us, server });
    await us.join('#room');
    await clock.advance(4999);
    expect(us.events.all.filter(({ kind }) => kind === 'invited')).toEqual([]);
    await clock.advance(1);
    expect(await us.event('invited')).toMatchObject({ chat: '#other', isOwn: true });
  });

  test('313-09 whoever is told that we are back in one, in the read that lets us in, can ask at once what was said meanwhile', async () => {
    let wasCut = false;
    let gap: Promise<readonly NetworkEvent[]> | undefined;
    const clock = createManualClock();
    const withHistory = { caps: 'batch server-time message-tags draft/chathistory' };
    const onEvent = (event: NetworkEvent): undefined => {
      if (wasCut && event.kind === 'members' && event.complete === true)
        gap = us.live.history?.after?.(room, Date.parse('2020-01-01T00:00:00Z'), 100);
    };
    const { us, server } = await puppets.inRoom(undefined, withHistory, { clock, onEvent });
    await using _ = us;
    wasCut = true;
    const coming = puppets.ircd.next();
    server.cut();
    await us.event('state');
    await clock.advance(60_000);
    const again = await coming;
    again.answer = (line) => (line.startsWith('CHATHISTORY AFTER') ? chatHistory : []);
    await again.welcome({ ...withHistory, more: channelWith().slice(0, 3) });
    await us.event('members');
    expect(textsOf(await gap)).toEqual(['meanwhile']);
  });

  test('that nobody had asked for are there to be asked for when the connection is made again', async () => {
    const { us, server, clock } = await connected();
    await using _ = us;
    const coming = puppets.ircd.next();
    server.cut();
    await us.event('state');
    await clock.advance(60_000);
    const again = await coming;
    await again.welcome({ caps, more: channelWith() });
    expect((await us.event('state')).state).toBe('ready');
    await us.join('#room');
    expect((await us.event('members')).complete).toBe(true);
    expect(again.lines.all.some((line) => line.startsWith('JOIN'))).toBe(false);
  });

  test('that it puts us into again at once are not asked for, and nobody is thrown out of them', async () => {
    const { us, server, clock } = await connected();
    await using _ = us;
    await us.join('#room');
    await us.event('members');
    const coming = puppets.ircd.next();
    server.cut();
    await us.event('state');
    await clock.advance(60_000);
    const again = await coming;
    await again.welcome({ caps, more: channelWith([3, 'three']) });
    expect((await us.event('state')).state).toBe('ready');
    expect((await us.event('members')).complete).toBe(true);
    expect(await us.event('message', ({ content }) => content.text?.plain === 'three')).toMatchObject({
      history: true,
    });
    await clock.advance(60_000);
    await settle();
    expect(us.events.all.filter(({ kind }) => kind === 'removed')).toEqual([]);
    expect(again.lines.all.some((line) => line.startsWith('JOIN'))).toBe(false);
  });
});

test('of a buffer that is longer than what is kept the last lines are told', async () => {
  const { us, server } = await puppets.inRoom('juliet @Romeo', { caps: 'batch server-time' });
  await using _ = us;
  const [begin = '', line = '', end = ''] = past([1, 'word']);
  const told = async (count: number, word: string) => {
    const before = us.events.all.length;
    const said = Array.from({ length: count }, (__, at) => line.replace('word', `${word} ${at}`));
    server.say(begin, ...said, end);
    await mark({ us, server });
    return textsOf(us.events.all.slice(before));
  };
  const many = await told(1500, 'word');
  expect([many.length, many[0], many.at(-1)]).toEqual([1000, 'word 500', 'word 1499']);
  const long = await told(999, 'o'.repeat(400));
  expect(long.length).toBeLessThan(999);
  expect(long.at(-1)).toMatch(/ 998$/);
});

describe('its past', () => {
  const isupport = 'CHANTYPES=# PREFIX=(ov)@+ CHATHISTORY=1000 MSGREFTYPES=timestamp';
  const caps = 'batch server-time draft/chathistory';
  const at = (second: number): number => Date.parse(`2020-01-02T00:00:0${second}.000Z`);
  const answer = (...said: readonly Said[]): readonly string[] =>
    past(...said).map((line) => line.replace('znc.in/playback', 'chathistory'));

  test('is asked for by time; of a stamp that a full page may have cut nothing is taken', async () => {
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps, isupport });
    await using _ = us;
    const before = us.live.history?.before(room, at(5), 3);
    await server.expect(/^CHATHISTORY BEFORE #room timestamp=2020-01-02T00:00:05\.000Z 3$/);
    server.say(...answer([2, 'b'], [3, 'c'], [4, 'd']));
    expect(textsOf(await before)).toEqual(['c', 'd']);
    const after = us.live.history?.after?.(room, at(1), 3);
    await server.expect(/^CHATHISTORY AFTER #room timestamp=2020-01-02T00:00:01\.000Z 3$/);
    server.say(...answer([2, 'b'], [3, 'c'], [3, 'd']));
    expect(textsOf(await after)).toEqual(['b']);
    const latest = us.live.history?.before(room, undefined, 2);
    await server.expect(/^CHATHISTORY LATEST #room \* 2$/);
    server.say(...answer([3, 'c'], [3, 'd']));
    expect(textsOf(await latest)).toEqual(['c', 'd']);
    const rest = us.live.history?.before(room, at(3), 3);
    await server.expect(/^CHATHISTORY BEFORE/);
    server.say(...answer([1, 'a'], [2, 'b']));
    expect(textsOf(await rest)).toEqual(['a', 'b']);
  });

  test('MSG-09 where a page is of one stamp alone, all of that stamp is asked for: none of the others would ever come', async () => {
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps, isupport });
    await using _ = us;
    const after = us.live.history?.after?.(room, at(1), 2);
    await server.expect(/^CHATHISTORY AFTER #room timestamp=2020-01-02T00:00:01\.000Z 2$/);
    server.say(...answer([2, 'b'], [2, 'c']));
    await server.expect(/^CHATHISTORY AFTER #room timestamp=2020-01-02T00:00:01\.000Z 1000$/);
    server.say(...answer([2, 'b'], [2, 'c'], [2, 'd'], [3, 'e']));
    expect(textsOf(await after)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('of a page that is longer than what is kept of one, less is asked for at once: its newest are not lost', async () => {
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps, isupport });
    await using _ = us;
    const [begin = '', line = '', end = ''] = answer([2, 'word']);
    const all = Array.from({ length: 80 }, (__, turn) =>
      line.replace('word', `word${turn} ${'o'.repeat(4000)}`).replace('02.000Z', `02.0${10 + turn}Z`),
    );
    server.answer = (asked) => {
      const limit = /^CHATHISTORY LATEST #room \* (\d+)$/.exec(asked)?.[1];
      return limit === undefined ? [] : [begin, ...all.slice(-limit), end];
    };
    const page = textsOf(await us.live.history?.before(room, undefined, 100));
    const words = page.map((text) => text?.split(' ')[0]);
    expect([words.length, words.at(-1)]).toEqual([49, 'word79']);
  });

  test('is asked for those who have written, the last first; channels and we ourselves are none of them', async () => {
    const { us, server } = await puppets.inRoom('juliet @Romeo', { caps, isupport: `${isupport} CHATHISTORY=50` });
    await using _ = us;
    const row = (name: string, second: number) =>
      `@batch=t :s.test CHATHISTORY TARGETS ${name} 2020-01-02T00:00:0${second}.000Z`;
    const rows = [row('Paris', 2), row('#room', 3), row('juliet', 3), row('Nurse', 4), row('a,b', 5)];
    let answer = [':s.test BATCH +t draft/chathistory-targets', ...rows, ':s.test BATCH -t'];
    server.answer = (line) =>
      /^CHATHISTORY TARGETS timestamp=\S+ timestamp=2020-01-02T00:00:01\.000Z 50$/.test(line) ? answer : [];
    expect(await us.live.history?.spokenSince?.(at(1))).toEqual([
      { chat: 'nurse', at: at(4) },
      { chat: 'paris', at: at(2) },
    ]);
    answer = [':s.test FAIL CHATHISTORY INVALID_PARAMS TARGETS :Unknown command'];
    await expect(us.live.history?.spokenSince?.(at(1))).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('is not asked for by names that it does not take', async () => {
    const { us } = await puppets.inRoom('juliet @Romeo', { caps, isupport });
    await using _ = us;
    const named: MessageRef = { id: messageId('m1'), part: 0 };
    await expect(us.live.history?.before(room, named, 3)).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(us.live.history?.after?.(room, named, 3)).rejects.toMatchObject({ code: 'network-cannot' });
  });
});
