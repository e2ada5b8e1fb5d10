/** What is measured with Discord: what people of a guild say in a room of ten users, what one user says, and what a bot in many guilds takes. */
import { type Note, noteTimes, type Size } from './cases.ts';
import { type DiscordLab, openDiscordLab } from './discord-lab.ts';
import { measure, reach } from './lab.ts';
import { cpuMicros, residentKib } from './meter.ts';
import type { Target } from './targets.ts';

const users = 10;
const perSecond = 1_000;
const small = { guilds: 1, channels: 10, members: 50 };

/** Messages that leave the fake at once. */
const burst = 500;

/** People of a guild talk in a room of ten users: what it costs, and how long it is under way, at that rate and at one that leaves room; and what it costs in bursts. */
export async function discordIn(target: Target, size: Size, note: Note): Promise<void> {
  const lab = await openDiscordLab(target, { ...small, hurries: true });
  const said = async (messages: number, rate: number): Promise<number> => {
    const before = (await lab.counts()).messages;
    await lab.discord.ask({ do: 'say', messages, perSecond: rate });
    await reach(async () => (await lab.counts()).messages - before, messages * users);
    return messages * users;
  };
  try {
    await lab.login();
    await lab.join(users, lab.place.first);
    const before = residentKib(lab.gateway.pid);
    await said(2 * perSecond, perSecond);
    await lab.xmpp.ask({ do: 'times' });
    let delivered = 0;
    const fakeBefore = cpuMicros(lab.discord.pid);
    const cost = await measure(lab, async () => {
      delivered = await said(perSecond * size.pacedSeconds, perSecond);
    });
    const name = `Discord in, 1,000/s, U=${users}`;
    note(`${name}: µs`, cost.micros / delivered);
    note(`${name}: redis µs`, cost.childMicros / delivered);
    note(`${name}: stanzas/s`, delivered / cost.seconds);
    note(`${name}: the fake's µs`, (cpuMicros(lab.discord.pid) - fakeBefore) / delivered);
    await noteTimes(lab, name, note);
    note(`${name}: MiB before`, before / 1024);
    note(`${name}: MiB after`, residentKib(lab.gateway.pid) / 1024);
    await lab.xmpp.ask({ do: 'times' });
    await said(200 * size.latencySeconds, 200);
    await noteTimes(lab, `Discord in, 200/s, U=${users}`, note);
    await bursts(lab, size.discordBursts, said, note);
  } finally {
    await lab.close();
  }
}

async function bursts(
  lab: DiscordLab,
  count: number,
  said: (messages: number, rate: number) => Promise<number>,
  note: Note,
): Promise<void> {
  for (let n = 0; n < count / 4; n++) await said(burst, 0);
  let delivered = 0;
  const cost = await measure(lab, async () => {
    for (let n = 0; n < count; n++) delivered += await said(burst, 0);
  });
  note(`Discord in, bursts of ${burst}, U=${users}: µs`, cost.micros / delivered);
  note(`Discord in, bursts of ${burst}, U=${users}: redis µs`, cost.childMicros / delivered);
}

/** One user talks: at the pace that Discord's buckets allow, and without them, where the way to Discord and back is all that there is to wait for. */
export async function discordOut(target: Target, size: Size, note: Note): Promise<void> {
  for (const hurries of [false, true]) {
    const lab = await openDiscordLab(target, { ...small, hurries });
    try {
      await lab.login();
      await lab.join(1, lab.place.first);
      await sent(lab, 1);
      const count = hurries ? size.discordOut * 20 : size.discordOut;
      const cost = await measure(lab, () => sent(lab, count));
      const name = `Discord out, one user, ${hurries ? 'no' : "Discord's"} buckets`;
      note(`${name}: messages/min`, (60 * count) / cost.seconds);
      note(`${name}: µs a message`, cost.micros / count);
    } finally {
      await lab.close();
    }
  }
}

async function sent(lab: DiscordLab, count: number): Promise<void> {
  const before = await lab.counts();
  await lab.xmpp.ask({ do: 'say', count, users: 1, window: 64, perSecond: 0 });
  const patienceMs = 65_000;
  await reach(async () => (await lab.counts()).messages - before.messages, count, patienceMs);
  const { errors } = await lab.counts();
  if (errors > before.errors) throw new Error(`${errors - before.errors} messages were refused`);
}

/** Memory without an account, and with a bot in few and in many guilds, whose last channel somebody has entered. */
export async function discordMemory(target: Target, size: Size, note: Note): Promise<void> {
  const [guilds, channels] = size.guilds;
  const few = await residentWith(target, small.guilds, small.channels, note);
  const many = await residentWith(target, guilds, channels, note);
  note('memory, Discord: KiB a channel more', (many - few) / (guilds * channels - small.guilds * small.channels));
}

async function residentWith(target: Target, guilds: number, channels: number, note: Note): Promise<number> {
  const lab = await openDiscordLab(target, { guilds, channels, members: small.members, hurries: true });
  try {
    const empty = residentKib(lab.gateway.pid);
    await lab.login();
    await lab.join(1, lab.place.last);
    const resident = residentKib(lab.gateway.pid);
    const name = `memory, Discord, ${guilds} × ${channels} channels`;
    note(`${name}: MiB before the login`, empty / 1024);
    note(`${name}: MiB`, resident / 1024);
    return resident;
  } finally {
    await lab.close();
  }
}
