/** Rooms that do not let us in for now: because of a throttle, a ghost of ours in the last place, or services that do not know us yet. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatId, type Settings } from '../../../../src/bridge/index.ts';
import { live, openWith, TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { mark } from '../../../harness/puppet-room.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
});
afterEach(() => ircd[Symbol.asyncDispose]());

async function met(settings: Settings = {}): Promise<{ us: TestSession; server: PuppetClient }> {
  const us = new TestSession();
  const connecting = openWith(us, { port: ircd.port, nick: 'juliet', clock, settings });
  const server = await ircd.next();
  await server.welcome();
  await connecting;
  return { us, server };
}

/** In #room, and then on another connection. */
async function back(settings: Settings = {}): Promise<{ us: TestSession; server: PuppetClient }> {
  const { us, server: before } = await met(settings);
  const joining = us.join('#room');
  await before.admit('#room', 'juliet @Romeo');
  await joining;
  await us.event('members', (event) => event.complete === true);
  const coming = ircd.next();
  before.cut();
  await us.event('state', ({ state }) => state === 'reconnecting');
  await clock.advance(5000);
  const server = await coming;
  await server.welcome();
  await server.expect(/^JOIN #room$/);
  return { us, server };
}

const kinds = (us: TestSession): readonly string[] => us.events.all.map(({ kind }) => kind);
const joins = ({ lines }: PuppetClient): number => lines.all.filter((line) => line.startsWith('JOIN')).length;

describe('on a connection that was made again', () => {
  test.each(['437', '471', '480', '500'])(
    '%s passes: it is told, and asked again in a while; what is said waits',
    async (numeric) => {
      const { us, server } = await back();
      await using _ = us;
      server.say(`:s.test ${numeric} juliet #room :Not now, says the server`);
      const { text } = await us.event('remark');
      expect(text.plain).toBe('You are not back in #room yet; it is tried again. #room: Not now, says the server');
      await expect(us.say('#room', 'hello')).rejects.toMatchObject({ code: 'network-away', next: 'later' });
      await clock.advance(10_000);
      await server.admit('#room', 'juliet @Romeo');
      expect(await us.event('members', (event) => event.complete === true)).toMatchObject({ chat: '#room' });
      const said = us.say('#room', 'hello');
      await server.expect(/^PRIVMSG #room hello$/);
      await said;
      expect(kinds(us)).not.toContain('removed');
    },
  );

  test('after four times it is over, and that it is tried again was told once', async () => {
    const { us, server } = await back();
    await using _ = us;
    const full = ':s.test 471 juliet #room :Cannot join channel (+l)';
    for (const wait of [10_000, 30_000, 60_000, 120_000]) {
      server.say(full);
      await mark({ us, server });
      await clock.advance(wait - 1);
      await mark({ us, server });
      const before = joins(server);
      await clock.advance(1);
      await server.expect(/^JOIN #room$/);
      expect(joins(server)).toBe(before + 1);
    }
    expect(kinds(us)).not.toContain('removed');
    server.say(full);
    expect(await us.event('removed')).toMatchObject({
      chat: '#room',
      how: 'lost',
      reason: '#room: Cannot join channel (+l)',
    });
    expect(kinds(us).filter((kind) => kind === 'remark')).toHaveLength(1);
  });

  test('where the server says how long to wait it is asked then, as often as it does', async () => {
    const { us, server } = await back();
    await using _ = us;
    for (let times = 0; times < 8; times++) {
      server.say(':s.test 439 juliet #room :Target change too fast. Please wait 104 seconds.');
      await mark({ us, server });
      await clock.advance(104_000);
      await mark({ us, server });
      const before = joins(server);
      await clock.advance(1000);
      await server.expect(/^JOIN #room$/);
      expect(joins(server)).toBe(before + 1);
    }
    server.enter('#room', 'juliet @Romeo');
    expect(await us.event('members', (event) => event.complete === true)).toMatchObject({ chat: '#room' });
    expect(kinds(us)).not.toContain('removed');
    expect(kinds(us).filter((kind) => kind === 'remark')).toHaveLength(1);
  });

  test.each([
    ['at once', 31_000, 1],
    ['when it is asked again', 40_000, 2],
  ])('one that says nothing for long is not left when it lets us in then: %s', async (_name, ms, times) => {
    const { us, server } = await back();
    await using _ = us;
    await clock.advance(ms);
    await mark({ us, server });
    server.enter('#room', 'juliet @Romeo');
    expect(await us.event('members', (event) => event.complete === true)).toMatchObject({ chat: '#room' });
    await clock.advance(60_000);
    await mark({ us, server });
    expect(server.lines.all.filter((line) => line.startsWith('PART'))).toEqual([]);
    expect(joins(server)).toBe(times);
    expect(kinds(us)).not.toContain('removed');
  });

  test('one that is left meanwhile is not asked again', async () => {
    const { us, server } = await back();
    await using _ = us;
    server.say(':s.test 480 juliet #room :Throttled');
    await us.event('remark');
    await us.live.rooms?.leave(chatId('#room'), undefined, live());
    await clock.advance(60_000);
    await mark({ us, server });
    expect(joins(server)).toBe(1);
  });

  test('nor on a connection that is gone by then', async () => {
    const { us, server } = await back();
    await using _ = us;
    server.say(':s.test 480 juliet #room :Throttled');
    await us.event('remark');
    const coming = ircd.next();
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    await clock.advance(5000);
    const next = await coming;
    await next.welcome();
    await next.admit('#room', 'juliet');
    await us.event('members', (event) => event.complete === true);
    await clock.advance(60_000);
    await mark({ us, server: next });
    expect(joins(next)).toBe(1);
  });
});

test.each([
  ['480', 'Cannot join channel (+j) - throttle exceeded, try again later', 10_000],
  ['439', 'Target change too fast. Please wait 104 seconds.', 105_000],
  ['437', 'This channel is temporarily unavailable (+j is set). Please try again later.', 10_000],
  ['437', 'You must wait 5 seconds after being kicked to rejoin (+J is set)', 6000],
  ['495', 'You must wait 9 seconds after being kicked to rejoin (+J)', 10_000],
])('a join that is throttled is tried again, by whoever has asked for it: %s', async (numeric, text, retryAfterMs) => {
  const { us, server } = await met();
  await using _ = us;
  const joining = us.join('#room');
  await server.expect(/^JOIN #room$/);
  server.say(`:s.test ${numeric} juliet #room :${text}`);
  await expect(joining).rejects.toMatchObject({ code: 'too-fast', next: 'later', details: { retryAfterMs } });
});

test.each(['405', '437', '439', '471', '495', '500'])(
  '45-30 %s passes: whoever asked is to wait, and does not take the room for gone',
  async (numeric) => {
    const { us, server } = await met();
    await using _ = us;
    const joining = us.join('#room');
    await server.expect(/^JOIN #room$/);
    server.say(`:s.test ${numeric} juliet #room :Not now, says the server`);
    await expect(joining).rejects.toMatchObject({ type: 'wait', next: 'stop' });
  },
);

test.each([
  ['(+z) -- SSL connections only', 'members-only'],
  ['(+R) -- Registered users only', 'members-only'],
  ['(+O) -- IRC opers only', 'members-only'],
  ['(+l) -- Channel is full, try later', 'room-full'],
])('ngIRCd has one numeric for what others have four for: %s', async (why, code) => {
  const { us, server } = await met();
  await using _ = us;
  const joining = us.join('#room');
  await server.expect(/^JOIN #room$/);
  server.say(`:s.test 471 juliet #room :Cannot join channel ${why}`);
  await expect(joining).rejects.toMatchObject({ code, message: `#room: Cannot join channel ${why}` });
});

describe('for those whom the services know', () => {
  const settings = { nickserv_password: 'sesame' };
  const unknown = ':s.test 477 juliet #room :Cannot join channel (+r) - you need to be identified';

  const ofNgircd = ':s.test 471 juliet #room :Cannot join channel (+R) -- Registered users only';
  test.each([unknown, ofNgircd])('one comes in as soon as they know us: %s', async (refused) => {
    const { us, server } = await met(settings);
    await using _ = us;
    const joining = us.join('#room');
    await server.expect(/^NICKSERV IDENTIFY sesame$/);
    await server.expect(/^JOIN #room$/);
    server.say(refused);
    await mark({ us, server });
    await clock.advance(3000);
    await server.admit('#room', 'juliet @Romeo');
    await joining;
  });

  test('and comes back', async () => {
    const { us, server } = await back(settings);
    await using _ = us;
    server.say(unknown);
    await mark({ us, server });
    await clock.advance(3000);
    await server.admit('#room', 'juliet @Romeo');
    expect(await us.event('members', (event) => event.complete === true)).toMatchObject({ chat: '#room' });
    expect(kinds(us)).not.toContain('removed');
    expect(kinds(us)).not.toContain('remark');
  });

  test('who is not known to them after all is told so', async () => {
    const { us, server } = await met(settings);
    await using _ = us;
    const joining = us.join('#room');
    joining.catch(() => {});
    server.answer = (line) => (line === 'JOIN #room' ? [unknown] : []);
    for (let times = 0; times < 8; times++) {
      await mark({ us, server });
      await clock.advance(3000);
    }
    await expect(joining).rejects.toMatchObject({ code: 'members-only' });
    expect(joins(server)).toBeLessThan(10);
  });

  test('who has nothing to be known by is told at once, and is out of the room', async () => {
    const { us, server } = await met();
    const joining = us.join('#room');
    await server.expect(/^JOIN #room$/);
    server.say(unknown);
    await expect(joining).rejects.toMatchObject({ code: 'members-only' });
    await us[Symbol.asyncDispose]();
    await settle();
    const other = await back();
    await using _ = other.us;
    other.server.say(unknown);
    expect(await other.us.event('removed')).toMatchObject({ how: 'lost' });
  });
});

describe('a list of members that takes its time', () => {
  /** Let in, and told of some. */
  async function listing(onEvent?: TestSessionOptions['onEvent']) {
    const us = new TestSession();
    const connecting = openWith(us, { port: ircd.port, nick: 'juliet', clock, ...(onEvent && { onEvent }) });
    const server = await ircd.next();
    await server.welcome();
    await connecting;
    const joining = us.join('#room').then(
      () => 'in',
      (error: unknown) => error,
    );
    await server.expect(/^JOIN #room$/);
    return { us, server, joining };
  }
  const some = (...names: readonly string[]): string => `:s.test 353 juliet = #room :${names.join(' ')}`;
  const end = ':s.test 366 juliet #room :End of /NAMES list.';

  test('is waited for while it comes', async () => {
    const { us, server, joining } = await listing();
    await using _ = us;
    server.say(':juliet!j@h JOIN #room', some('juliet'));
    await mark({ us, server });
    await clock.advance(30_000);
    server.say(some('Romeo'));
    await mark({ us, server });
    await clock.advance(30_000);
    server.say(end);
    expect(await joining).toBe('in');
    expect((await us.event('members', (event) => event.complete === true)).changes).toHaveLength(2);
  });

  test('and where it ends nowhere we are not there unseen', async () => {
    const { us, server, joining } = await listing();
    await using _ = us;
    server.say(':juliet!j@h JOIN #room', some('juliet'));
    await mark({ us, server });
    await clock.advance(60_000);
    expect(await joining).toMatchObject({ code: 'timed-out' });
    await server.expect(/^PART #room$/);
    server.say(':juliet!j@h PART #room', end);
    await mark({ us, server });
    await clock.advance(60_000);
    expect(kinds(us)).not.toContain('invited');
  });

  test('or is not read because the gateway has no room: that is no fault of the server', async () => {
    let held: (() => void) | undefined;
    const full = (): Promise<void> | undefined =>
      held === undefined ? new Promise((resolve) => (held = resolve)) : undefined;
    const { us, server, joining } = await listing(({ kind }) => (kind === 'notice' ? full() : undefined));
    await using _ = us;
    server.say(':s.test NOTICE juliet :a flood');
    await us.event('notice');
    server.say(':juliet!j@h JOIN #room', some('juliet', 'Romeo'), end);
    await clock.advance(90_000);
    held?.();
    expect(await joining).toBe('in');
    expect(server.lines.all.some((line) => line.startsWith('PART'))).toBe(false);
  });
});
