/** What happens when a connection is taken leave of. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { admitted } from './admitted.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
});
afterEach(() => ircd[Symbol.asyncDispose]());

const inRoom = (options: object = {}) => admitted(ircd, clock, options);

describe('the end', () => {
  test('QUIT, then over as soon as the server closes', async () => {
    const { us, server } = await inRoom();
    const ending = us.live.end(`good night\n${'晚'.repeat(200)}`);
    await server.expect(/^QUIT :good night 晚{79}$/);
    server.say(':s.test NOTICE juliet :Connection statistics: client 0.1 kb, server 1.6 kb.', 'ERROR :Closing Link');
    server.end();
    await ending;
    expect(us.events.all.filter(({ kind }) => kind === 'notice')).toEqual([]);
    await expect(us.say('#room', 'x')).rejects.toMatchObject({ code: 'network-away' });
    expect(us.events.all.some((event) => event.kind === 'state')).toBe(false);
  });

  test('a server that does not close is given two seconds', async () => {
    const { us, server } = await inRoom();
    const ending = us.live.end('good night');
    await server.expect(/^QUIT/);
    await clock.advance(2000);
    await ending;
    await expect(server.lines.take(() => false, 'more')).rejects.toThrow(/gone/);
  });

  test('QUIT passes what waits for the throttle', async () => {
    const { us, server } = await inRoom({ throttle: { burst: 20, perSecond: 0.001 } });
    const sends = Array.from({ length: 60 }, (_unused, at) =>
      us.say('#room', `n${at}`).catch((error: unknown) => error),
    );
    const ending = us.live.end('now');
    await server.expect(/^QUIT/);
    server.end();
    await ending;
    for (const result of await Promise.all(sends.slice(-20))) expect(result).toMatchObject({ code: 'network-away' });
  });

  test('what was said before the farewell is known to have arrived, though more waits for the throttle', async () => {
    const { us, server } = await inRoom({ throttle: { burst: 20, perSecond: 0.001 } });
    const sends = Array.from({ length: 60 }, (_unused, at) =>
      us.say('#room', `n${at}`).then(
        () => 'sent',
        (error: { code: string }) => error.code,
      ),
    );
    await server.expect(/^PRIVMSG #Room n9$/);
    const ending = us.live.end('now');
    await server.expect(/^QUIT/);
    server.end();
    await ending;
    const outcomes = await Promise.all(sends);
    const arrived = server.lines.all.filter((line) => line.startsWith('PRIVMSG #Room'));
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(arrived.length);
    expect(new Set(outcomes)).toEqual(new Set(['sent', 'network-away']));
  });

  test('while it is away it is over at once', async () => {
    const { us, server } = await inRoom();
    server.cut();
    await us.event('state');
    await us.live.end('never mind');
    await clock.advance(600_000);
    expect(us.events.all.filter((event) => event.kind === 'state')).toHaveLength(1);
  });
});
