/** What becomes known of people: by capabilities, by tags, by one WHO behind a join; and who is online elsewhere. */
import { describe, expect, test } from 'vitest';
import { chatId, type MemberFacts, personId } from '../../../../src/bridge/index.ts';
import { live, type TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { heapInUse } from '../../../harness/kept-heap.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { type Met, mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const { meet, inRoom } = puppets;
const caps = 'extended-join account-notify account-tag away-notify chghost setname message-tags userhost-in-names';
const isupport = 'CASEMAPPING=rfc1459 PREFIX=(ov)@+ CHANTYPES=# WHOX BOT=B MONITOR=3 AWAYLEN=20';

/** The next facts that are told, of whom. */
async function facts(us: TestSession): Promise<readonly (readonly [string, MemberFacts])[]> {
  const { changes } = await us.event('members', ({ changes }) => changes[0]?.is === 'facts');
  return changes.flatMap((change) => (change.is === 'facts' ? [[change.person, change.facts] as const] : []));
}

describe('capabilities', () => {
  test('are asked for', async () => {
    const { us, server } = await meet({ caps: `${caps} bogus`, isupport });
    await using _ = us;
    const asked = server.lines.all.filter((line) => line.startsWith('CAP REQ')).join(' ');
    for (const cap of caps.split(' ')) expect(asked).toContain(cap);
    expect(asked).not.toContain('bogus');
  });

  test('45-60 a JOIN tells account and real name; a nick repeated is no real name, * is no account', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    server.say(':ada!a@h JOIN #room lovelace :Ada Lovelace', ':bob!b@h JOIN #room * :bob');
    expect((await us.event('members')).changes).toEqual([
      {
        is: 'in',
        member: {
          person: 'ada',
          nick: 'ada',
          power: 'participant',
          address: 'a@h',
          account: 'lovelace',
          realName: 'Ada Lovelace',
        },
      },
    ]);
    expect((await us.event('members')).changes).toEqual([
      { is: 'in', member: { person: 'bob', nick: 'bob', power: 'participant', address: 'b@h' } },
    ]);
  });

  test('of the line by which somebody comes nothing is kept but what is known of them', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    const [people, tags] = [500, 3_900];
    const before = heapInUse();
    for (let n = 0; n < people; n++) {
      const who = `somebody-of-${n}!~u${n}@host-${n}.isp.example`;
      server.say(`@msgid=${'y'.repeat(tags)} :${who} JOIN #room the-account-of-${n} :Somebody of Verona, ${n}`);
    }
    await mark({ us, server });
    expect((heapInUse() - before) / people).toBeLessThan(tags);
  });

  test('ACCOUNT, SETNAME, AWAY and CHGHOST are facts, told once and only where they change something', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    server.say(':Romeo!r@h ACCOUNT montague', ':Romeo!r@h ACCOUNT montague', ':Romeo!r@h ACCOUNT *');
    expect(await facts(us)).toEqual([['romeo', { account: 'montague' }]]);
    expect(await facts(us)).toEqual([['romeo', { account: null }]]);
    server.say(':Romeo!r@h SETNAME :Romeo of Verona', ':Romeo!r@h AWAY :in \x02love', ':Romeo!r@h AWAY');
    expect(await facts(us)).toEqual([['romeo', { realName: 'Romeo of Verona' }]]);
    expect(await facts(us)).toEqual([['romeo', { show: 'away', status: 'in love' }]]);
    expect(await facts(us)).toEqual([['romeo', { show: null, status: null }]]);
    server.say(':Romeo!r@h CHGHOST rm verona.test', ':Romeo!rm@verona.test CHGHOST rm verona.test');
    expect(await facts(us)).toEqual([['romeo', { address: 'rm@verona.test' }]]);
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'members')).toHaveLength(7);
  });

  test('account and bot tags on whatever they do; what is quoted from the past says nothing', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    server.say('@account=mont;bot :Romeo!r@h PRIVMSG #room :hi', '@account=mont;bot :Romeo!r@h PRIVMSG #room :again');
    expect(await facts(us)).toEqual([['romeo', { account: 'mont', isBot: true }]]);
    server.say(':s.test BATCH +h chathistory #room', '@batch=h;account=old :Romeo!r@h PRIVMSG #room :then');
    await mark({ us, server });
    const told = us.events.all.filter((event) => event.kind === 'members' && event.complete !== true);
    expect(told).toHaveLength(1);
  });

  test('facts go with a new nick, are in the next list, and end with the last shared channel', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    server.say(':Romeo!r@h ACCOUNT mont', ':Romeo!r@h NICK :Romeo2', ':Romeo2!r@h ACCOUNT mont');
    await mark({ us, server });
    const joining = us.join('#two');
    await server.admit('#two', 'juliet Romeo2');
    await joining;
    const two = await us.event('members', ({ chat }) => chat === '#two');
    expect(two.changes[1]).toMatchObject({ member: { nick: 'Romeo2', account: 'mont' } });
    server.say(':Romeo2!r@h PART #room', ':Romeo2!r@h PART #two', ':Romeo2!r@h JOIN #two');
    const back = await us.event('members', ({ changes }) => changes[0]?.is === 'in');
    expect(back.changes[0]).toEqual({
      is: 'in',
      member: { person: 'romeo2', nick: 'Romeo2', power: 'participant', address: 'r@h' },
    });
  });

  test('313, 330 and 335 of a WHOIS are lasting facts', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    server.say(':s.test 313 juliet Romeo :is an IRC operator', ':s.test 330 juliet Romeo mont :is logged in as');
    server.say(':s.test 335 juliet Romeo :is a bot', ':s.test 330 juliet stranger x :is logged in as');
    expect([...(await facts(us)), ...(await facts(us)), ...(await facts(us))]).toEqual([
      ['romeo', { isOperator: true }],
      ['romeo', { account: 'mont' }],
      ['romeo', { isBot: true }],
    ]);
  });
});

describe('WHO behind a join', () => {
  test('WHOX: all that is told, as one event; others with the same token, and strangers, are ignored', async () => {
    const { us, server } = await inRoom('juliet @Romeo bot @op', { caps, isupport });
    await using _ = us;
    await server.expect(/^WHO #room %tuhnfar,152$/);
    server.say(
      ':s.test 354 juliet 152 u h juliet H 0 :juliet',
      ':s.test 354 juliet 152 r verona Romeo G@ mont :Romeo of Verona',
      ':s.test 354 juliet 152 b h bot HB 0 :A robot',
      ':s.test 354 juliet 152 o h op H*@ * :op',
      ':s.test 354 juliet 7 x x Romeo H other :Other',
      ':s.test 354 juliet 152 x x nobody H other :Other',
      ':s.test 315 juliet #room :End',
    );
    expect(await facts(us)).toEqual([
      ['juliet', { address: 'u@h' }],
      ['romeo', { show: 'away', account: 'mont', realName: 'Romeo of Verona', address: 'r@verona' }],
      ['bot', { isBot: true, realName: 'A robot', address: 'b@h' }],
      ['op', { isOperator: true, address: 'o@h' }],
    ]);
  });

  test('plain WHO where there is no WHOX; an away text that is known stays', async () => {
    const { us, server } = await inRoom('juliet Romeo', { caps, isupport: 'PREFIX=(ov)@+ CHANTYPES=#' });
    await using _ = us;
    await server.expect(/^WHO #room$/);
    server.say(':Romeo!r@h AWAY :asleep');
    expect(await facts(us)).toEqual([['romeo', { show: 'away', status: 'asleep' }]]);
    server.say(':s.test 352 juliet #room r h s.test Romeo G :0 Romeo M', ':s.test 315 juliet #room :End');
    expect(await facts(us)).toEqual([['romeo', { realName: 'Romeo M', address: 'r@h' }]]);
  });

  test('one at a time, with a pause, never of a big channel, and not for ever', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport: 'PREFIX=(ov)@+ CHANTYPES=#' }, { clock });
    await using _ = us;
    const big = Array.from({ length: 201 }, (_, index) => `n${index}`).join(' ');
    for (const [channel, names] of [
      ['#a', 'juliet a'],
      ['#big', `juliet ${big}`],
      ['#alone', 'juliet'],
      ['#b', 'juliet b'],
      ['#c', 'juliet c'],
    ] as const) {
      const joining = us.join(channel);
      await server.admit(channel, names);
      await joining;
    }
    await server.expect(/^MODE #c$/);
    await clock.advance(0);
    await server.expect(/^WHO #a$/);
    const whos = () => server.lines.all.filter((line) => line.startsWith('WHO '));
    server.say(':s.test 315 juliet #elsewhere :End', ':s.test 315 juliet #a :End');
    await mark({ us, server });
    expect(whos()).toEqual(['WHO #a']);
    await clock.advance(1000);
    await server.expect(/^WHO #b$/);
    await clock.advance(60_000);
    await server.expect(/^WHO #c$/);
    expect(whos()).toEqual(['WHO #a', 'WHO #b', 'WHO #c']);
  });
});

describe('away', () => {
  test('ours: said where it changes, cut to what the server takes; 306 and 305 are facts of ours', async () => {
    const { us, server } = await inRoom(undefined, { caps, isupport });
    await using _ = us;
    await us.live.status?.appear('online');
    await us.live.status?.appear('dnd');
    await us.live.status?.appear('away', 'at the\r\nballroom until twelve');
    await us.live.status?.appear('away', 'at the\r\nballroom until twelve');
    await us.live.status?.appear('chat', 'ignored');
    await server.expect(/^AWAY$/);
    expect(server.lines.all.filter((line) => line.startsWith('AWAY'))).toEqual([
      'AWAY :Do not disturb',
      'AWAY :at the ballroom unti',
      'AWAY',
    ]);
    await us.live.status?.appear('xa');
    server.say(':s.test 306 juliet :You have been marked as being away');
    expect(await facts(us)).toEqual([['juliet', { show: 'away', status: 'Not available' }]]);
    server.say(':s.test 305 juliet :You are no longer marked as being away');
    expect(await facts(us)).toEqual([['juliet', { show: null, status: null }]]);
  });

  test('said again on a new connection', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({}, { clock });
    await using _ = us;
    await us.live.status?.appear('away', 'out');
    await server.expect(/^AWAY out$/);
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    await us.live.status?.appear('away', 'still out');
    await clock.advance(5000);
    const again = await puppets.ircd.next();
    await again.welcome();
    await again.expect(/^AWAY :still out$/);
  });

  test.each([
    '263 juliet AWAY :This command could not be completed because it has been used recently',
    '429 juliet :Too many aways - Flood protection activated',
  ])(
    'what the server finds too often is said again in half a minute, as it is then, and nobody is told: %s',
    async (refusal) => {
      const clock = createManualClock();
      const { us, server } = await inRoom(undefined, undefined, { clock });
      await using _ = us;
      server.answer = (line) => (line.startsWith('AWAY ') ? [`:s.test ${refusal}`] : []);
      await us.live.status?.appear('away', 'lunch');
      await server.expect(/^AWAY lunch$/);
      await mark({ us, server });
      await us.live.status?.appear('away', 'nap');
      await server.expect(/^AWAY nap$/);
      await mark({ us, server });
      server.answer = () => [];
      await clock.advance(30_000);
      await server.expect(/^AWAY nap$/);
      await us.live.status?.appear('online');
      await server.expect(/^AWAY$/);
      await clock.advance(60_000);
      await mark({ us, server });
      expect(server.lines.all.filter((line) => line.startsWith('AWAY'))).toHaveLength(4);
      expect(us.events.all.filter(({ kind }) => kind === 'notice')).toHaveLength(3);
    },
  );
});

describe('away, typed', () => {
  const aways = (server: Met['server']) => server.lines.all.filter((line) => line.startsWith('AWAY'));

  async function typing(more: Partial<TestSessionOptions> = {}) {
    const met = await inRoom(undefined, { caps, isupport }, more);
    met.server.answer = (line) =>
      line === 'AWAY'
        ? [':s.test 305 juliet :You are here']
        : line.startsWith('AWAY')
          ? [':s.test 306 juliet :You are away']
          : [];
    const type = (text: string) => met.us.live.commands?.run(chatId('#room'), text, live());
    return { ...met, type };
  }

  test('it stands whatever is shown, until it is typed away; then what is shown counts from its next change on', async () => {
    const { us, server, type } = await typing();
    await using _ = us;
    expect(await type('/away lunch')).toBe(
      'You are away\nSo it stays until you write /away, whatever your client shows.',
    );
    expect(await facts(us)).toEqual([['juliet', { show: 'away', status: 'lunch' }]]);
    await us.live.status?.appear('away', 'idle for ten minutes');
    await us.live.status?.appear('online');
    await us.live.status?.appear('xa');
    expect(await type('/away')).toBe(
      'You are here\nYour client shows you as away; the next change of that counts again.',
    );
    expect(await facts(us)).toEqual([['juliet', { show: null, status: null }]]);
    await us.live.status?.appear('xa');
    expect(aways(server)).toEqual(['AWAY lunch', 'AWAY']);
    await us.live.status?.appear('dnd');
    await server.expect(/^AWAY :Do not disturb$/);
    await us.live.status?.appear('online');
    await mark({ us, server });
    expect(aways(server)).toEqual(['AWAY lunch', 'AWAY', 'AWAY :Do not disturb', 'AWAY']);
    expect(await type('/away')).toBe('You are here');
  });

  test('a line to the server is the same, and a new connection hears it', async () => {
    const clock = createManualClock();
    const { us, server } = await typing({ clock });
    await using _ = us;
    expect(await us.live.commands?.raw('AWAY :gone fishing all day long', live())).toMatch(/until you write/);
    expect(aways(server)).toEqual(['AWAY :gone fishing all day']);
    await us.live.status?.appear('online');
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    await clock.advance(5000);
    const again = await puppets.ircd.next();
    await again.welcome();
    await again.expect(/^AWAY :gone fishing all day$/);
  });
});

describe('watching', () => {
  const watch = (us: TestSession, ...nicks: readonly string[]): void => us.live.watch?.(nicks.map(personId));

  test('MONITOR: online, away and offline, told where it changes and of nobody else', async () => {
    const { us, server } = await meet({ caps: `${caps} extended-monitor`, isupport });
    await using _ = us;
    watch(us, 'romeo', 'tybalt', '#room');
    await server.expect(/^MONITOR \+ romeo,tybalt$/);
    server.say(':s.test 730 juliet :Romeo!r@h,nurse!n@h', ':s.test 731 * :Tybalt', ':Romeo!r@h AWAY :in love');
    server.say(':s.test 730 juliet Romeo', ':nurse!n@h AWAY :busy', ':Romeo!r@h AWAY', ':s.test 731 juliet romeo');
    await mark({ us, server });
    const told = us.events.all.flatMap((event) =>
      event.kind === 'presence' ? [[event.person, event.show, event.status]] : [],
    );
    expect(told).toEqual([
      ['romeo', 'online', undefined],
      ['tybalt', 'offline', undefined],
      ['romeo', 'away', 'in love'],
      ['romeo', 'online', undefined],
      ['romeo', 'offline', undefined],
    ]);
    watch(us, 'tybalt', 'nurse');
    await server.expect(/^MONITOR - romeo$/);
    await server.expect(/^MONITOR \+ nurse$/);
  });

  test('an answer to a message that somebody is away is their presence', async () => {
    const { us, server } = await meet({ isupport });
    await using _ = us;
    watch(us, 'romeo');
    server.say(':s.test 301 juliet Romeo :gone \x02fishing');
    expect(await us.event('presence')).toMatchObject({ person: 'romeo', show: 'away', status: 'gone fishing' });
  });

  test('beyond what MONITOR takes, and where its list is full: ISON, once a minute', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport }, { clock });
    await using _ = us;
    watch(us, 'a', 'b', 'c', 'd');
    await server.expect(/^MONITOR \+ a,b,c$/);
    await server.expect(/^ISON d$/);
    server.say(':s.test 303 juliet :D');
    expect(await us.event('presence')).toMatchObject({ person: 'd', show: 'online' });
    server.say(':s.test 734 juliet 2 c,stranger :Monitor list is full.');
    await mark({ us, server });
    await clock.advance(60_000);
    await server.expect(/^ISON d c$/);
    server.say(':s.test 303 juliet :c ');
    expect(await us.event('presence')).toMatchObject({ person: 'd', show: 'offline' });
    expect(await us.event('presence')).toMatchObject({ person: 'c', show: 'online' });
  });

  test('of more than a hundred by ISON each has a turn', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport: 'PREFIX=(ov)@+' }, { clock });
    await using _ = us;
    const nicks = Array.from({ length: 130 }, (_, at) => `n${at}`);
    watch(us, ...nicks);
    await server.expect(/^ISON .* n99$/);
    await clock.advance(60_000);
    await server.expect(/^ISON n100 .* n129$/);
    server.say(':s.test 303 juliet :n129');
    expect(await us.event('presence', ({ person }) => person === 'n129')).toMatchObject({ show: 'online' });
    await clock.advance(60_000);
    await server.expect(/^ISON n0 /);
  });

  test('asked for again after a reconnect, and told afresh', async () => {
    const clock = createManualClock();
    const { us, server } = await meet({ isupport: 'PREFIX=(ov)@+' }, { clock });
    await using _ = us;
    watch(us, 'romeo');
    await server.expect(/^ISON romeo$/);
    server.say(':s.test 303 juliet :romeo');
    await us.event('presence');
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    await clock.advance(5000);
    const again = await puppets.ircd.next();
    await again.welcome({ isupport: 'PREFIX=(ov)@+ MONITOR' });
    await again.expect(/^MONITOR \+ romeo$/);
    again.say(':s.test 730 juliet :romeo!r@h');
    expect(await us.event('presence')).toMatchObject({ person: 'romeo', show: 'online' });
  });
});
