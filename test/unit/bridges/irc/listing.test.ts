/** LIST: streamed, bounded, shared by all who ask, kept a while, and never a way to see what is secret. */
import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../../../bridges/irc/directory.ts';
import { createListing } from '../../../../bridges/irc/listing.ts';
import { GatewayError } from '../../../../src/bridge/index.ts';
import type { TestSession } from '../../../harness/irc-session.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import type { PuppetClient } from '../../../harness/puppet-ircd.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';
import { turnsOf } from '../../../harness/turns.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;
const isupport = 'CASEMAPPING=rfc1459 CHANTYPES=# PREFIX=(ov)@+ CHANMODES=b,k,l,imnpst';

const list = (us: TestSession, query: { match?: string; after?: string; max?: number } = {}, signal?: AbortSignal) =>
  us.live.rooms?.list?.({ max: 100, ...query }, signal);
const rows = (...channels: readonly (readonly [string, number])[]): readonly string[] => [
  ':s.test 321 juliet Channel :Users  Name',
  ...channels.map(([name, size]) => `:s.test 322 juliet ${name} ${size} :[+nt] a topic`),
  ':s.test 323 juliet :End of /LIST',
];
const sent = ({ lines }: PuppetClient): readonly string[] => lines.all.filter((line) => line.startsWith('LIST'));

describe('a list', () => {
  test('45-01 the biggest first, by the page; what is no channel, and a secret one of ours, is left out', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { isupport });
    await using _ = us;
    server.say(':Romeo!r@h MODE #room +s');
    server.answer = (line) =>
      line.startsWith('LIST') ? rows(['#A[1]', 3], ['#Room', 2], ['*', 9], ['#big', 40], ['#b', 3]) : [];
    expect(await list(us)).toEqual([
      { chat: '#big', name: '#big', size: 40 },
      { chat: '#a{1}', name: '#A[1]', size: 3 },
      { chat: '#b', name: '#b', size: 3 },
    ]);
    expect((await list(us, { max: 1 }))?.map(({ chat }) => chat)).toEqual(['#big']);
    expect((await list(us, { after: '#big', max: 1 }))?.map(({ chat }) => chat)).toEqual(['#a{1}']);
    expect(await list(us, { after: '#b' })).toEqual([]);
    await expect(list(us, { after: '#gone' })).rejects.toMatchObject({ code: 'no-such-room' });
    expect((await list(us, { match: 'A[' }))?.map(({ chat }) => chat)).toEqual(['#a{1}']);
    expect(sent(server)).toEqual(['LIST']);
  });

  test('who asks meanwhile, from whatever login, shares the answer; after minutes it is asked for again', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport }, { clock });
    await using _ = us;
    const first = list(us);
    const second = list(us, { match: '*' });
    await server.expect(/^LIST$/);
    server.say(...rows(['#a', 1]));
    expect(await first).toBe(await second);
    await clock.advance(299_000);
    expect(await list(us)).toBe(await first);
    await clock.advance(2000);
    const later = list(us);
    await server.expect(/^LIST$/);
    server.say(...rows(['#b', 1]));
    expect((await later)?.map(({ chat }) => chat)).toEqual(['#b']);
    expect(sent(server)).toHaveLength(2);
  });

  test('what an operator is told is kept for them alone: secret channels are in it', async () => {
    const met = await meet({ isupport });
    await using us = met.us;
    const { server } = met;
    const becomes = async (modes: string, ...shown: readonly (readonly [string, number])[]) => {
      server.answer = (line) => (line.startsWith('LIST') ? rows(...shown) : []);
      server.say(`:juliet!u@h MODE juliet ${modes}`);
      await mark(met);
      return (await list(us))?.map(({ name }) => name);
    };
    expect(await becomes('+oiw', ['#open', 5], ['#secret', 2])).toEqual(['#open', '#secret']);
    expect(await becomes('-w+x', ['#open', 5])).toEqual(['#open', '#secret']);
    expect(await becomes('-o', ['#open', 5])).toEqual(['#open']);
    expect(await becomes('+s-x', ['#late', 5])).toEqual(['#open']);
    expect(await becomes('+O', ['#open', 5], ['#secret', 2])).toEqual(['#open', '#secret']);
    expect(sent(server)).toHaveLength(3);
  });

  test.each([
    ['ELIST=MU SAFELIST', undefined, 'LIST'],
    ['ELIST=MU', undefined, 'LIST >2'],
    ['ELIST=MU', 'isth', 'LIST *isth*'],
    ['ELIST=M', '#i*s h,x', 'LIST #i*s*h*x'],
    ['ELIST=U', 'isth', 'LIST >2'],
    ['', '**', 'LIST'],
  ])('with %s, for %s: %s', async (more, match, expected) => {
    const { us, server } = await meet({ isupport: `${isupport} ${more}`.trim() });
    await using _ = us;
    server.answer = (line) => (line.startsWith('LIST') ? rows(['#isthmus', 5], ['#other', 9]) : []);
    const found = await list(us, match === undefined ? {} : { match });
    expect(sent(server)).toEqual([expected]);
    expect(found?.some(({ chat }) => chat === '#other')).toBe(match === undefined || match === '**');
  });

  test('an empty answer is not kept: servers give one to who asks too soon', async () => {
    const { us, server } = await meet({ isupport });
    await using _ = us;
    server.answer = (line) => (line.startsWith('LIST') ? rows() : []);
    expect(await list(us)).toEqual([]);
    server.answer = (line) => (line.startsWith('LIST') ? rows(['#a', 1]) : []);
    expect(await list(us)).toHaveLength(1);
  });
});

describe('no list', () => {
  test.each([
    ['263 juliet LIST :Server load is high', 'too-fast'],
    ['416 juliet LIST :Output too long', 'network-refused'],
  ])('%s', async (numeric, code) => {
    const { us, server } = await meet({ isupport });
    await using _ = us;
    server.answer = (line) => (line.startsWith('LIST') ? [`:s.test ${numeric}`] : []);
    await expect(list(us)).rejects.toMatchObject({ code });
    server.answer = (line) => (line.startsWith('LIST') ? rows(['#a', 1]) : []);
    expect(await list(us)).toHaveLength(1);
  });

  test('who gives up is told at once, and the others are not', async () => {
    const { us, server } = await meet({ isupport });
    await using _ = us;
    const giving = new AbortController();
    const first = list(us, {}, giving.signal);
    const second = list(us);
    await server.expect(/^LIST$/);
    giving.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    server.say(...rows(['#a', 1]));
    expect(await second).toHaveLength(1);
  });

  test("a minute of silence is its end; so is the connection's", async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport }, { clock });
    await using _ = us;
    const first = list(us);
    await server.expect(/^LIST$/);
    server.say(':s.test 322 juliet #a 1 :x');
    await mark({ us, server });
    await Promise.all([expect(first).rejects.toMatchObject({ code: 'timed-out' }), clock.advance(60_000)]);
    const second = list(us);
    await server.expect(/^LIST$/);
    server.cut();
    await expect(second).rejects.toMatchObject({ code: 'network-away' });
    await expect(list(us)).rejects.toMatchObject({ code: 'network-away' });
  });

  test('another pattern while one is under way is too fast', async () => {
    const { us, server } = await meet({ isupport: `${isupport} ELIST=M` });
    await using _ = us;
    const first = list(us, { match: 'a' });
    await expect(list(us, { match: 'b' })).rejects.toMatchObject({ code: 'too-fast' });
    await server.expect(/^LIST/);
    server.say(...rows(['#a', 1]));
    expect(await first).toHaveLength(1);
  });
});

describe('sixty thousand channels', () => {
  /** Of the loop, in which somebody else is served; reading the lines alone takes about nine. */
  const fewestTurns = 4;

  test('fifty thousand are kept, other work goes on meanwhile, and a page is quick', { timeout: 30_000 }, async () => {
    const { us, server } = await meet({ isupport });
    await using _ = us;
    const listing = list(us, { max: 10 });
    await server.expect(/^LIST$/);
    const many = Array.from({ length: 60_000 }, (_, index) => [`#channel${index}`, index % 500] as const);
    const all = rows(...many);
    const turns = await turnsOf(async () => {
      for (let at = 0; at < all.length; at += 1000) server.say(...all.slice(at, at + 1000));
      expect((await listing)?.[0]?.size).toBe(499);
    });
    expect(turns).toBeGreaterThan(fewestTurns);
    const everything = await list(us, { max: 100_000 });
    expect(everything).toHaveLength(50_000);
  });
});

describe('the directory', () => {
  test('keeps some patterns, the oldest go first, and what fails is not kept', async () => {
    const directory = createDirectory(createManualClock());
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return [{ chat: '#a', name: '#a', size: 1 } as never];
    };
    for (let i = 0; i < 17; i++) await directory.get(`*${i}*`, ask);
    await directory.get('*16*', ask);
    expect(asked).toBe(17);
    await directory.get('*0*', ask);
    expect(asked).toBe(18);
    expect(directory.everything()).toBeUndefined();
    await expect(directory.get('', () => Promise.reject(new GatewayError('timed-out')))).rejects.toThrow();
    expect(directory.everything()).toBeUndefined();
    await directory.get('', ask);
    expect(await directory.everything()).toHaveLength(1);
  });

  test('a row or an end that nobody asked for is nothing', () => {
    const listing = createListing(() => ({}) as never, createDirectory(createManualClock()), createManualClock());
    listing.row({ params: ['juliet', '#a', '1'] } as never);
    listing.end();
    expect(listing.refused({ params: ['juliet', 'LIST'] } as never)).toBe(false);
  });
});
