/** One gateway between the two fakes, with users in rooms: where a case is measured. */
import { createServer } from 'node:net';
import { childrenOf, cpuMicros } from './meter.ts';
import type { Gateway, Target } from './targets.ts';
import { type Fake, type IrcdAsk, startFake, type XmppAsk, type XmppCounts } from './wire.ts';

export interface Lab {
  readonly target: Target;
  readonly gateway: Gateway;
  readonly xmpp: Fake<XmppAsk>;
  readonly ircd: Fake<IrcdAsk>;
  /** From spawn to handshake. */
  readonly startMs: number;
  /** Lets users `from` to `to` join the channels, and waits until all are in. */
  join(from: number, to: number, channels: readonly string[]): Promise<void>;
  counts(): Promise<XmppCounts>;
  close(): Promise<void>;
}

/** What a piece of work cost: wall time, and CPU of the gateway and of its children. */
export interface Cost {
  readonly seconds: number;
  readonly micros: number;
  readonly childMicros: number;
}

/** Starts everything; resolves after the handshake. */
export async function openLab(target: Target, users: number, options: { nicks: number; echo: boolean }): Promise<Lab> {
  const ports = { xmpp: await port(), irc: await port() };
  const xmpp = startFake<XmppAsk>('fake-xmpp', {
    port: ports.xmpp,
    domain: target.domain,
    room: target.room('#bench'),
  });
  const ircd = startFake<IrcdAsk>('fake-ircd', { host: '127.0.0.1', port: ports.irc, ...options });
  await ircd.ask({ do: 'listen' });
  await xmpp.ask({ do: 'counts' });
  const began = performance.now();
  const gateway = target.start(ports, users);
  const close = async (): Promise<void> => {
    await gateway.stop();
    xmpp.kill();
    ircd.kill();
  };
  const shaken = await Promise.race([xmpp.ask({ do: 'handshake' }), sleep(20_000)]);
  if (shaken === undefined) {
    await close();
    throw new Error(`${target.name} made no handshake within 20 s`);
  }
  const startMs = performance.now() - began;
  const counts = (): Promise<XmppCounts> => xmpp.ask<XmppCounts>({ do: 'counts' });
  const join = async (from: number, to: number, channels: readonly string[]): Promise<void> => {
    const before = (await counts()).subjects;
    await xmpp.ask({ do: 'join', from, to, rooms: channels.map((channel) => target.room(channel)) });
    await reach(async () => (await counts()).subjects - before, (to - from + 1) * channels.length);
  };
  return { target, gateway, xmpp, ircd, startMs, join, counts, close };
}

/** Does the work and says what it cost. */
export async function measure(lab: Pick<Lab, 'gateway'>, work: () => Promise<void>): Promise<Cost> {
  const children = childrenOf(lab.gateway.pid);
  const used = (): number => children.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = { own: cpuMicros(lab.gateway.pid), children: used(), at: performance.now() };
  await work();
  return {
    seconds: (performance.now() - before.at) / 1000,
    micros: cpuMicros(lab.gateway.pid) - before.own,
    childMicros: used() - before.children,
  };
}

/** Waits until the count is there; rejects where it stands still for too long. */
export async function reach(count: () => Promise<number>, wanted: number, patienceMs = 15_000): Promise<void> {
  let last = -1;
  let moved = performance.now();
  for (;;) {
    const now = await count();
    if (now >= wanted) return;
    if (now !== last) {
      last = now;
      moved = performance.now();
    } else if (performance.now() - moved > patienceMs) {
      throw new Error(`stood still at ${now} of ${wanted}`);
    }
    await sleep(4);
  }
}

/** Resolves with nothing. */
export const sleep = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());

/** One that nobody listens at. */
export function port(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
