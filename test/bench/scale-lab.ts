/** An edge and workers between the two fakes: accounts of one room each, what all processes use, and what happens when a worker dies. */
import { port, reach, sleep } from './lab.ts';
import { cpuMicros, residentKib } from './meter.ts';
import { type Processes, startProcesses } from './processes.ts';
import { type Fake, type IrcdAsk, startFake, type XmppAsk, type XmppCounts } from './wire.ts';

export interface IrcdCounts {
  readonly messages: number;
  readonly joins: number;
  readonly connections: number;
}

/** Of the workers together, the edge and Redis. */
export interface Use {
  readonly workers: number;
  readonly edge: number;
  readonly redis: number;
}

export interface ScaleLab {
  readonly processes: Processes;
  /** Lets users up to that one come, each with an account of their own and into one room. */
  grow(to: number, said: (text: string) => void): Promise<void>;
  /** Each says so much a minute, for so long. Resolves with how many there were, when all have come back. */
  talk(accounts: number, perMinute: number, seconds: number): Promise<number>;
  onIrc(): Promise<IrcdCounts>;
  /** CPU microseconds until now. */
  cpu(): Use;
  /** Resident KiB now. */
  resident(): Use;
  close(): Promise<void>;
}

const domain = 'gw.bench';
const room = `#bench%irc.bench@${domain}`;
/** So many come at once. */
const wave = 50;

/** Resolves when everything is up and nobody is there. */
export async function openScaleLab(workers: number): Promise<ScaleLab> {
  const ports = { xmpp: await port(), irc: await port() };
  const xmpp = startFake<XmppAsk>('fake-xmpp', { port: ports.xmpp, domain, room });
  const ircd = startFake<IrcdAsk>('fake-ircd', { host: '127.0.0.1', port: ports.irc, nicks: 10, echo: false });
  await ircd.ask({ do: 'listen' });
  await xmpp.ask({ do: 'counts' });
  const kill = (): void => {
    xmpp.kill();
    ircd.kill();
  };
  const processes = await startProcesses(ports, workers).catch((error: unknown) => {
    kill();
    throw error;
  });
  const of = (measured: (pid: number) => number): Use => ({
    workers: processes.workers.reduce((sum, pid) => sum + measured(pid), 0),
    edge: measured(processes.edge),
    redis: measured(processes.redis),
  });
  let there = 0;
  return {
    processes,
    async grow(to, said) {
      const inRoom = await subjects(xmpp);
      const before = there;
      for (; there < to; there = Math.min(to, there + wave)) {
        await xmpp.ask({ do: 'join', from: there + 1, to: Math.min(to, there + wave), rooms: [room] });
        await reach(async () => (await subjects(xmpp)) - inRoom, Math.min(to, there + wave) - before, 30_000);
        if (there % 1_000 === 0 && there > before) said(`${there} of ${to} accounts are in their rooms`);
      }
    },
    async talk(accounts, perMinute, seconds) {
      const perSecond = (accounts * perMinute) / 60;
      const count = Math.max(1, Math.round(perSecond * seconds));
      const counts = (): Promise<XmppCounts> => xmpp.ask<XmppCounts>({ do: 'counts' });
      const before = await counts();
      const refused = async (): Promise<number> => (await counts()).errors - before.errors;
      await xmpp.ask({ do: 'say', count, users: accounts, window: count, perSecond });
      await reach(async () => (await counts()).messages - before.messages + (await refused()), count);
      if ((await refused()) > 0)
        throw new Error(`${await refused()} of ${count} messages were refused: too many at once`);
      return count;
    },
    onIrc: () => ircd.ask<IrcdCounts>({ do: 'counts' }),
    cpu: () => of(cpuMicros),
    resident: () => of(residentKib),
    async close() {
      await processes.stop();
      kill();
    },
  };
}

const subjects = async (xmpp: Fake<XmppAsk>): Promise<number> =>
  (await xmpp.ask<XmppCounts>({ do: 'counts' })).subjects;

/** What it took while that long passed. */
export async function used(lab: ScaleLab, during: () => Promise<unknown>): Promise<Use & { readonly seconds: number }> {
  const before = lab.cpu();
  const began = performance.now();
  await during();
  const after = lab.cpu();
  return {
    workers: after.workers - before.workers,
    edge: after.edge - before.edge,
    redis: after.redis - before.redis,
    seconds: (performance.now() - began) / 1000,
  };
}

/** Nothing happens. */
export const idle = async (seconds: number): Promise<void> => void (await sleep(seconds * 1000));
