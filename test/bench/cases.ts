/** What is measured. Each case opens a lab of its own and writes its numbers under names that the report knows. */
import { type Lab, measure, openLab, reach, sleep } from './lab.ts';
import { quantile, residentKib } from './meter.ts';
import type { Target } from './targets.ts';

export type Note = (metric: string, value: number) => void;

/** How much of everything: a whole run, or `--quick`. In a second or two at a rate a program is still being compiled. */
export interface Size {
  /** Messages before anything is measured, each way: a gateway runs for weeks, and a fifth of its first minute is V8's compilers. */
  readonly warm: number;
  readonly inBlast: number;
  readonly outBlast: number;
  readonly pacedSeconds: number;
  readonly latencySeconds: number;
  readonly rssUsers: readonly number[];
  /** Guilds, and channels of each. */
  readonly guilds: readonly [guilds: number, channels: number];
  /** Of five hundred messages of Discord each. */
  readonly discordBursts: number;
  /** Messages of one user to Discord, at its pace. */
  readonly discordOut: number;
}

export const whole: Size = {
  warm: 80_000,
  inBlast: 120_000,
  outBlast: 50_000,
  pacedSeconds: 10,
  latencySeconds: 2,
  rssUsers: [100, 1000],
  guilds: [50, 100],
  discordBursts: 40,
  discordOut: 60,
};
export const quick: Size = {
  warm: 20_000,
  inBlast: 30_000,
  outBlast: 15_000,
  pacedSeconds: 4,
  latencySeconds: 1,
  rssUsers: [100, 300],
  guilds: [10, 20],
  discordBursts: 16,
  discordOut: 15,
};

const inPerSecond = 20_000;
const outPerSecond = 5_000;
/** Messages of one user that are unreflected at most in the blast out: below what the gateway takes into a lane before it refuses. */
const windowPerUser = 500;

/** U users of one channel, both ways, blasted and at a rate; latency of what others say and of one's own echo. */
export async function traffic(target: Target, users: number, size: Size, note: Note): Promise<void> {
  const lab = await openLab(target, users, { nicks: 10, echo: false });
  try {
    await lab.join(1, users, ['#bench']);
    const inBlast = target.slow ? Math.max(users * 4, 600) : size.inBlast;
    if (!target.slow) await incoming(lab, users, size.warm, 0, false);
    await costIn(lab, users, inBlast, 0, `in blasted, U=${users}`, note);
    if (!target.slow)
      await costIn(lab, users, inPerSecond * size.pacedSeconds, inPerSecond, `in paced, U=${users}`, note);
    if (!target.slow) await latencyIn(lab, users, size, note);
    const outBlast = target.slow ? 600 : size.outBlast;
    if (!target.slow) await outgoing(lab, users, size.warm, 0);
    await costOut(lab, users, outBlast, 0, `out blasted, U=${users}`, note);
    if (!target.slow)
      await costOut(lab, users, outPerSecond * size.pacedSeconds, outPerSecond, `out paced, U=${users}`, note);
    if (!target.slow) await latencyOut(lab, users, size, note);
  } finally {
    await lab.close();
  }
}

async function incoming(
  lab: Lab,
  users: number,
  stanzas: number,
  perSecond: number,
  stamped: boolean,
): Promise<number> {
  const lines = Math.ceil(stanzas / users);
  const before = (await lab.counts()).messages;
  await lab.ircd.ask({ do: 'say', lines, perSecond, stamped });
  await reach(async () => (await lab.counts()).messages - before, lines * users);
  return lines * users;
}

async function costIn(
  lab: Lab,
  users: number,
  stanzas: number,
  perSecond: number,
  name: string,
  note: Note,
): Promise<void> {
  let delivered = 0;
  const cost = await measure(lab, async () => {
    delivered = await incoming(lab, users, stanzas, perSecond / users, false);
  });
  note(`${name}: µs`, cost.micros / delivered);
  note(`${name}: redis µs`, cost.childMicros / delivered);
  if (perSecond === 0) note(`${name}: stanzas/s`, delivered / cost.seconds);
}

async function outgoing(lab: Lab, users: number, count: number, perSecond: number): Promise<void> {
  const before = await lab.counts();
  const refused = async (): Promise<number> => (await lab.counts()).errors - before.errors;
  const heard = async (): Promise<number> =>
    (await lab.ircd.ask<{ readonly messages: number }>({ do: 'counts' })).messages;
  const heardBefore = await heard();
  const window = Math.min(8_192, users * windowPerUser);
  await lab.xmpp.ask({ do: 'say', count, users, window, perSecond });
  await reach(async () => (await heard()) - heardBefore + (await refused()), count);
  await reach(async () => (await lab.counts()).messages - before.messages + (await refused()), count);
}

async function costOut(
  lab: Lab,
  users: number,
  count: number,
  perSecond: number,
  name: string,
  note: Note,
): Promise<void> {
  const errors = (await lab.counts()).errors;
  const cost = await measure(lab, () => outgoing(lab, users, count, perSecond));
  note(`${name}: µs`, cost.micros / count);
  note(`${name}: redis µs`, cost.childMicros / count);
  if (perSecond === 0) note(`${name}: stanzas/s`, count / cost.seconds);
  const refused = (await lab.counts()).errors - errors;
  if (refused > 0) note(`${name}: errors`, refused);
}

/** What was busy a moment ago gathers for a moment longer. */
const calmMs = 1_000;

/** 200 lines a second, each to all users. */
async function latencyIn(lab: Lab, users: number, size: Size, note: Note): Promise<void> {
  await sleep(calmMs);
  await lab.xmpp.ask({ do: 'times' });
  await incoming(lab, users, 200 * size.latencySeconds * users, 200, true);
  await noteTimes(lab, `latency in at 200/s, U=${users}`, note);
}

/** 200 messages a second over all users, until each sees its own. */
async function latencyOut(lab: Lab, users: number, size: Size, note: Note): Promise<void> {
  await sleep(calmMs);
  await lab.xmpp.ask({ do: 'times' });
  await outgoing(lab, users, 200 * size.latencySeconds, 200);
  await noteTimes(lab, `own message back at 200/s, U=${users}`, note);
}

/** Microseconds that stamped messages were under way. */
export async function noteTimes(lab: Pick<Lab, 'xmpp'>, name: string, note: Note): Promise<void> {
  const times = await lab.xmpp.ask<readonly number[]>({ do: 'times' });
  note(`${name}: p50 µs`, quantile(times, 0.5));
  note(`${name}: p99 µs`, quantile(times, 0.99));
}

/** Fifty users come at once, each into four channels of five hundred. */
export async function storm(target: Target, note: Note): Promise<void> {
  const lab = await openLab(target, 51, { nicks: 500, echo: false });
  try {
    const channels = ['#one', '#two', '#three', '#four'];
    await lab.join(51, 51, channels);
    const before = (await lab.counts()).presences;
    const cost = await measure(lab, () => lab.join(1, 50, channels));
    const presences = (await lab.counts()).presences - before;
    note('join storm: µs a presence', cost.micros / presences);
    note('join storm: redis µs a presence', cost.childMicros / presences);
    note('join storm: presences/s', presences / cost.seconds);
    note('join storm: presences', presences);
  } finally {
    await lab.close();
  }
}

/** How long nothing happens before it counts as rest: what rests gives memory back. */
const restMs = 30_000;

/** Memory with nobody, and with users of a channel of ten and of five hundred, when the last one has come and when it has rested; the time to the handshake. */
export async function memory(target: Target, size: Size, note: Note): Promise<void> {
  for (const nicks of [10, 500]) {
    const lab = await openLab(target, size.rssUsers.at(-1) ?? 0, { nicks, echo: false });
    try {
      if (nicks === 10) note('handshake: ms', lab.startMs);
      await sleep(restMs);
      const empty = residentKib(lab.gateway.pid);
      if (nicks === 10) note('memory, 0 users: MiB', empty / 1024);
      let joined = 0;
      for (const users of size.rssUsers) {
        for (let from = joined + 1; from <= users; from += 50)
          await lab.join(from, Math.min(users, from + 49), ['#bench']);
        joined = users;
        const resident = residentKib(lab.gateway.pid);
        note(`memory, ${users} users, channel of ${nicks}: MiB`, resident / 1024);
        note(`memory, ${users} users, channel of ${nicks}: KiB a user`, (resident - empty) / users);
      }
      await sleep(restMs);
      const rests = residentKib(lab.gateway.pid);
      note(`memory, ${joined} users at rest, channel of ${nicks}: MiB`, rests / 1024);
      note(`memory, ${joined} users at rest, channel of ${nicks}: KiB a user`, (rests - empty) / joined);
    } finally {
      await lab.close();
    }
  }
}
