/** Servers that count what lines cost in time (ircu and its kin): nobody is cut off as a flood. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { lineCostOf } from '../../../../bridges/irc/line-costs.ts';
import { createSender } from '../../../../bridges/irc/wire/sender.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';
import { createManualClock, nextTurn } from './wire/manual-clock.ts';

const { inRoom } = usePuppets();

test.each([
  ['u2.10.12.10+snircd(1.3.4a)', [2.5, 6.25]],
  ['bahamut-2.2.4', [2.5, 6.25]],
  ['UnrealIRCd-6.1.9', [1.67, 6.67]],
  ['solanum-1.0-dev', undefined],
  ['2.11.2p3', undefined],
])('%s', (version, expected) => {
  const cost = lineCostOf(version);
  expect(cost && [60, 510].map((bytes) => Math.round(cost(bytes) * 100) / 100)).toEqual(expected);
});

/** As ircu counts: it reads on while less than ten seconds are ahead, and more than 1,024 bytes that wait are a flood. */
class Server {
  readonly #waiting: number[] = [];
  #since = 0;
  most = 0;

  hear(text: string, now: number): void {
    for (const line of text.split('\r\n').slice(0, -1)) this.#waiting.push(line.length + 2);
    this.read(now);
    this.most = Math.max(
      this.most,
      this.#waiting.reduce((sum, bytes) => sum + bytes, 0),
    );
  }

  read(now: number): void {
    this.#since = Math.max(this.#since, now);
    while (this.#since < now + 10 && this.#waiting.length > 0)
      this.#since += 2 + Math.floor((this.#waiting.shift() ?? 0) / 120);
  }
}

test('whatever is said at the usual throttle, less waits at the server than it takes for a flood', async () => {
  const { throttle } = ircConfig.parse({});
  if (throttle === 'off') throw new Error('there is none');
  const cost = lineCostOf('u2.10.12.10');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 510 }), { minLength: 20, maxLength: 60 }), async (lengths) => {
      const clock = createManualClock();
      const server = new Server();
      const write = (text: string): boolean => {
        server.hear(text, clock.now() / 1000);
        return true;
      };
      const sender = createSender({ clock, rate: throttle, maxQueued: 100, write });
      if (cost !== undefined) sender.setCost(cost);
      for (const length of lengths) sender.send('x'.repeat(length), 2);
      await nextTurn();
      for (let tick = 0; sender.pending() > 0; tick++) {
        clock.advance(500);
        server.read(clock.now() / 1000);
        expect(tick).toBeLessThan(1_000);
      }
      expect(server.most).toBeLessThanOrEqual(1_024);
    }),
    { numRuns: 50 },
  );
});

test('a server that says what it is has lines at its price', async () => {
  const more = [':s.test 004 juliet s.test u2.10.12.10 dioswkgx AbiklmnopstUvrD AbkloUv'];
  const options = { throttle: { burst: 30, perSecond: 0.001 } };
  const { us, server } = await inRoom(undefined, { more }, { options });
  await using _ = us;
  const sends = Array.from({ length: 20 }, () => us.say('#room', 'x'.repeat(120)).catch((error: unknown) => error));
  const ending = us.live.end('now');
  await server.expect(/^QUIT/);
  server.end();
  await ending;
  await Promise.all(sends);
  const said = server.lines.all.filter((line) => line.startsWith('PRIVMSG '));
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThan(10);
});
