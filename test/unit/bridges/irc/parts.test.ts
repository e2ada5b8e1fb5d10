/** The small parts of a session, each alone: ranks, masks, PINGs, questions, notices, allowances. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAllowance } from '../../../../bridges/irc/allowance.ts';
import { createAsks } from '../../../../bridges/irc/asks.ts';
import { type Channel, powerIn } from '../../../../bridges/irc/channel.ts';
import { createNaming, createOutlet } from '../../../../bridges/irc/core.ts';
import irc from '../../../../bridges/irc/index.ts';
import { createNotices } from '../../../../bridges/irc/notices.ts';
import { createPings } from '../../../../bridges/irc/pings.ts';
import { changeRefusals, joinRefusals, nickRefusals, refusal, sendRefusals } from '../../../../bridges/irc/refusals.ts';
import { fold } from '../../../../bridges/irc/wire/casemap.ts';
import { readSupport } from '../../../../bridges/irc/wire/isupport.ts';
import { parseLine } from '../../../../bridges/irc/wire/line.ts';
import { matches } from '../../../../bridges/irc/wire/mask.ts';
import { errorTable, GatewayError, type NetworkEvent, personId } from '../../../../src/bridge/index.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { silentLog } from '../../../harness/silent-log.ts';

const line = (text: string) => {
  const parsed = parseLine(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const never = new AbortController().signal;

describe('ranks', () => {
  const naming = createNaming((mapping) => (text) => fold(mapping, text), readSupport);
  naming.supports(['me', 'PREFIX=(Yqaohv)!~&@%+', 'x']);
  const power = (ranks: string, moderated = false) =>
    powerIn(naming as Parameters<typeof powerIn>[0], { moderated } as Channel, {
      ranks,
      nick: 'a',
      person: personId('a'),
      address: '',
    });
  test.each([
    ['', 'participant'],
    ['v', 'voiced'],
    ['vh', 'helper'],
    ['ov', 'moderator'],
    ['voa', 'admin'],
    ['q', 'owner'],
    ['Y', 'moderator'],
    ['Yv', 'moderator'],
  ])('45-63 %j is %s', (ranks, expected) => expect(power(ranks)).toBe(expected));
  test('45-63 in a moderated channel none is a visitor, voice is not', () => {
    expect(power('', true)).toBe('visitor');
    expect(power('v', true)).toBe('voiced');
  });
});

describe('masks', () => {
  test.each([
    ['*', '', true],
    ['*!*@host', 'a!b@host', true],
    ['*!*@host', 'a!b@host2', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['', 'x', false],
  ])('%s on %s', (glob, text, expected) => expect(matches(glob, text)).toBe(expected));

  test('as a regular expression would, and in reasonable time on the worst of masks', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (glob, text) => {
        const pattern = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matches(glob, text)).toBe(pattern.test(text));
      }),
      { numRuns: 5000 },
    );
    expect(matches('*a'.repeat(200), 'a'.repeat(199))).toBe(false);
  });
});

describe('naming', () => {
  test('JID-13 folds as the server says, and anew when it says otherwise', () => {
    const naming = createNaming((mapping) => (text) => fold(mapping, text), readSupport);
    expect(naming.fold('A[~')).toBe('a{^');
    naming.supports(['me', 'CASEMAPPING=ascii', 'x']);
    expect(naming.fold('A[~')).toBe('a[~');
  });
});

describe('PINGs', () => {
  function start() {
    const clock = createManualClock();
    const lines: string[] = [];
    let dead = 0;
    let heard = clock.now();
    let paused = false;
    let full = false;
    const pings = createPings({
      clock,
      prefix: 'p',
      send: (text, _priority, onWritten) => {
        if (full) throw new GatewayError('queue-full');
        lines.push(text);
        onWritten();
      },
      heardAt: () => heard,
      paused: () => paused,
      onDead: () => dead++,
    });
    pings.start();
    return {
      clock,
      lines,
      pings,
      dead: () => dead,
      hear: () => {
        heard = clock.now();
      },
      pause: (yes: boolean) => {
        paused = yes;
      },
      fill: (yes: boolean) => {
        full = yes;
      },
    };
  }

  test('each answer is for its own question, a strange one for none', () => {
    const { pings, lines } = start();
    const answered: string[] = [];
    pings.ping(1, () => answered.push('a'));
    pings.ping(1, () => answered.push('b'));
    expect(lines).toEqual(['PING p0', 'PING p1']);
    for (const token of ['x', 'p1', 'p1', 'p0']) pings.pong(token);
    expect(answered).toEqual(['b', 'a']);
  });

  test('a busy connection is not asked, a quiet one is, once', async () => {
    const { clock, lines, hear } = start();
    for (let at = 0; at < 10; at++) {
      await clock.advance(100_000);
      hear();
    }
    expect(lines).toEqual([]);
    await clock.advance(179_000);
    expect(lines).toEqual(['PING p0']);
  });

  test('one that could not be sent is waited for by nobody: a quiet connection is still asked, when there is room', async () => {
    const { clock, pings, lines, fill } = start();
    fill(true);
    expect(() => pings.ping(1, () => {})).toThrow(GatewayError);
    await clock.advance(140_000);
    fill(false);
    await clock.advance(20_000);
    expect(lines).toHaveLength(1);
  });

  test('a clock that is set back hides no silence', async () => {
    const { clock, lines, dead } = start();
    clock.jump(-7_200_000);
    await clock.advance(20_000);
    expect(lines).toEqual(['PING p0']);
    clock.jump(-7_200_000);
    await clock.advance(60_000);
    expect(dead()).toBe(0);
    await clock.advance(20_000);
    expect(dead()).toBe(1);
  });

  test('while we do not read, silence says nothing, and the server hears that we live though its own PING is not read', async () => {
    const { clock, pings, dead, pause, lines } = start();
    pings.ping(1, () => {});
    pause(true);
    await clock.advance(600_000);
    expect(dead()).toBe(0);
    expect(lines).toEqual(['PING p0', ...Array.from({ length: 30 }, () => 'PONG p')]);
    pause(false);
    await clock.advance(81_000);
    expect(dead()).toBeGreaterThan(0);
  });

  test('stopped, it leaves no timer and answers nobody', async () => {
    const { clock, pings } = start();
    const answered: string[] = [];
    pings.ping(1, () => answered.push('a'));
    pings.stop();
    pings.pong('p0');
    expect(answered).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe('questions', () => {
  function start(newLabel?: () => string | undefined) {
    const lines: string[] = [];
    const pongs: (() => void)[] = [];
    const asks = createAsks(
      (text, _priority, onWritten) => {
        lines.push(text);
        onWritten?.();
      },
      { ping: (_priority, onPong) => void pongs.push(onPong) },
      (name) => name.toLowerCase(),
      () => false,
      newLabel,
    );
    const ask = (about: readonly string[], signal: AbortSignal = never) =>
      asks.ask({ lines: ['X'], refusals: changeRefusals, about, signal }).then(
        () => 'done',
        (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
      );
    return { lines, pongs, asks, ask };
  }

  test('a numeric goes to the question that it is about; the first counts', async () => {
    const { asks, pongs, ask } = start();
    const [one, other] = [ask(['#a']), ask(['#b', 'romeo'])];
    expect(asks.refused(line(':s 482 me #B :no'))).toBe(true);
    expect(asks.refused(line(':s 441 me Romeo #b :gone'))).toBe(true);
    expect(asks.refused(line(':s 482 me #c :no'))).toBe(false);
    expect(asks.refused(line(':s 999 me #a :no'))).toBe(false);
    for (const pong of pongs) pong();
    expect([await one, await other]).toEqual(['done', 'not-allowed-there']);
  });

  test('numerics that name no target go to the oldest', async () => {
    const { asks, pongs, ask } = start();
    const asked = ask(['#a']);
    expect(asks.refused(line(':s 472 me h :is unknown mode char to me'))).toBe(true);
    pongs[0]?.();
    expect(await asked).toBe('network-cannot');
    expect(asks.refused(line(':s 472 me h :late'))).toBe(false);
  });

  test('with labels it goes to whoever asked, whatever it says', async () => {
    let count = 0;
    const { asks, pongs, ask, lines } = start(() => `l${count++}`);
    const [one, other] = [ask(['#a']), ask(['#a'])];
    expect(lines).toEqual(['@label=l0 X', '@label=l1 X']);
    expect(asks.refused(line('@label=l1 :s 482 me #a :no'), 'l1')).toBe(true);
    expect(asks.refused(line('@label=l2 :s 482 me #a :no'), 'l2')).toBe(false);
    for (const pong of pongs.splice(0)) pong();
    expect([await one, await other]).toEqual(['done', 'not-allowed-there']);
    const [odd, failed] = [ask(['#a']), ask(['#a'])];
    expect(asks.refused(line('@label=l2 :s 999 me :odd'), 'l2')).toBe(true);
    expect(asks.refused(line('@label=l3 FAIL X INVALID_PARAMS :wrong'), 'l3')).toBe(true);
    for (const pong of pongs) pong();
    expect([await odd, await failed]).toEqual(['network-refused', 'bad-request']);
  });

  test('aborted, or with the connection lost, it ends at once', async () => {
    const { asks, pongs, ask } = start();
    const giving = new AbortController();
    const [one, other] = [ask(['#a'], giving.signal), ask(['#b'])];
    giving.abort('enough');
    asks.lost(new GatewayError('network-away'));
    expect([await one, await other]).toEqual(['enough', 'network-away']);
    for (const pong of pongs) pong();
    expect(await ask(['#a'], giving.signal)).toBe('enough');
  });
});

describe('refusals', () => {
  test('every code is in the table of errors, and no message, join or change of nick that is refused is tried again by itself', () => {
    for (const table of [joinRefusals, sendRefusals, changeRefusals, nickRefusals]) {
      for (const [numeric, code] of table) {
        expect(numeric).toMatch(/^\d{3}$/);
        expect(errorTable[code][2], `${numeric} ${code}`).toBe('stop');
      }
    }
  });
  test("the server's words without their formatting, and what they are about", () => {
    expect(refusal('banned', line(':s 474 me #a :\x02Cannot\x02 join')).message).toBe('#a: Cannot join');
    expect(refusal('banned', line(':s 474')).message).toBe('The IRC server answered 474.');
    expect(refusal('banned', line(`:s 474 me ${'x'.repeat(5000)} :${'y'.repeat(5000)}`)).message.length).toBeLessThan(
      700,
    );
  });
});

describe('notices', () => {
  test('a MOTD without end is cut', () => {
    const events: NetworkEvent[] = [];
    const notices = createNotices(
      (event) => events.push(event),
      () => 0,
      () => events.length === 0,
    );
    for (let at = 0; at < 10_000; at++) notices.motdLine(`line ${at}`);
    notices.motdEnd();
    notices.motdEnd();
    expect(events).toHaveLength(1);
    expect(events[0]?.kind === 'notice' && events[0].text.plain.split('\n').length).toBe(300);
  });
});

describe('CTCP', () => {
  test('three at once, then one in ten seconds', () => {
    let now = 0;
    const allowance = createAllowance(() => now, 3, 10_000);
    const taken = () => Array.from({ length: 5 }, () => allowance.take()).filter(Boolean).length;
    expect(taken()).toBe(3);
    now = 9999;
    expect(taken()).toBe(0);
    now = 10_000;
    expect(taken()).toBe(1);
    now = 1_000_000;
    expect(taken()).toBe(3);
  });
});

describe('back-pressure', () => {
  const event: NetworkEvent = { kind: 'notice', at: new Date(0), text: { plain: '', marks: [] } };
  function start() {
    const waits: PromiseWithResolvers<void>[] = [];
    const log: string[] = [];
    const transportOf = (name: string) => ({
      pause: () => log.push(`pause${name}`),
      resume: () => log.push(`resume${name}`),
    });
    let transport = transportOf('');
    const outlet = createOutlet(
      {
        emit() {
          const wait = Promise.withResolvers<void>();
          waits.push(wait);
          return wait.promise;
        },
        checkpoint: async () => {},
      },
      () => transport,
      () => log.push('fault'),
    );
    const another = (): void => {
      transport = transportOf(' the next');
    };
    return { waits, log, outlet, another };
  }

  test('the socket is held while any event waits, and a refused event does not hold it for ever', async () => {
    const { waits, log, outlet } = start();
    outlet.emit(event);
    outlet.emit(event);
    expect(outlet.paused()).toBe(true);
    waits[0]?.resolve();
    await settle();
    expect(log).toEqual(['pause']);
    waits[1]?.reject(new Error('no'));
    await settle();
    expect(log).toEqual(['pause', 'resume', 'fault']);
    expect(outlet.paused()).toBe(false);
  });

  test('the next connection is held too while events of the one before wait', async () => {
    const { waits, log, outlet, another } = start();
    outlet.emit(event);
    another();
    outlet.emit(event);
    outlet.emit(event);
    for (const wait of waits) wait.resolve();
    await settle();
    expect(log).toEqual(['pause', 'pause the next', 'resume the next']);
  });
});

describe('the network', () => {
  const open = (options: object) => irc.open(irc.config.parse(options), { log: silentLog, clock: systemClock, fetch });
  const host = { emit: () => undefined, checkpoint: async () => {} };

  test('how long to stay is a matter of the server', () => {
    const network = open({ linger: 10, persistent: true, servers: { a: { linger: 20, persistent: false } } });
    expect(network.stay('a')).toEqual({ persistent: false, lingerMs: 20_000 });
    expect(network.stay('b')).toEqual({ persistent: true, lingerMs: 10_000 });
    expect(network.stay(undefined)).toEqual({ persistent: true, lingerMs: 10_000 });
    expect(network.registration).toBe('none');
  });

  test('what may not be used is not connected to', async () => {
    const connect = (options: object, on: string | undefined, nick?: string) =>
      open(options).connect(
        { id: 'a', owner: 'a@x', ...(on !== undefined && { on }), ...(nick !== undefined && { nick }) },
        host,
        never,
      );
    await expect(connect({}, undefined, 'a')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(connect({}, '127.0.0.1', 'a')).rejects.toMatchObject({ code: 'network-refused' });
    await expect(connect({ onlyListed: true }, 'irc.libera.chat', 'a')).rejects.toMatchObject({
      code: 'no-such-server',
    });
    await expect(connect({}, 'irc.libera.chat')).rejects.toMatchObject({ code: 'bad-nick' });
    await expect(connect({ ca: '/no/such/file' }, 'irc.libera.chat', 'a')).rejects.toMatchObject({
      code: 'no-connection',
      message: expect.not.stringMatching(/no\/such/),
    });
  });

  test('credentials: there are none', () => {
    expect(irc.credentials.parse({ password: 'x' })).toBeUndefined();
    expect(irc.about).toEqual({ type: 'irc', name: 'IRC' });
  });
});
