/** Who may do what in a channel (API reference, "Permissions"): computed from roles and overwrites as Discord does, and what it comes to as a power. */
import type { Power } from '#bridge';
import { type Channel, type Guild, isVoice, type Member } from './guild.ts';

/** The permissions that are asked about here. */
export const may = {
  kick: 1n << 1n,
  ban: 1n << 2n,
  administrate: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  react: 1n << 6n,
  viewAuditLog: 1n << 7n,
  view: 1n << 10n,
  send: 1n << 11n,
  manageMessages: 1n << 13n,
  embed: 1n << 14n,
  attach: 1n << 15n,
  readHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  connect: 1n << 20n,
  manageWebhooks: 1n << 29n,
  manageThreads: 1n << 34n,
  sendInThreads: 1n << 38n,
  timeOut: 1n << 40n,
} as const;

const all = ~0n;
/** What is left to somebody in time-out, or who is screened. */
const silenced = may.view | may.readHistory;

/** In the guild, whatever the channel says. */
export function permissionsInGuild(guild: Guild, member: Pick<Member, 'id' | 'roles'>): bigint {
  if (member.id === guild.owner) return all;
  let held = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const role of member.roles) held |= guild.roles.get(role)?.permissions ?? 0n;
  return (held & may.administrate) === 0n ? held : all;
}

/** In the channel; of a thread, by its parent's overwrites, and whoever does not keep the threads is silent in one that is locked. @param now epoch milliseconds */
export function permissionsIn(guild: Guild, channel: Channel, member: Member, now: number): bigint {
  const base = permissionsInGuild(guild, member);
  if (base === all) return all;
  const ruling = channel.thread === undefined ? channel : (guild.channels.get(channel.parent ?? '') ?? channel);
  let held = overwritten(ruling, guild.id, member, base);
  if (member.isScreened || (member.silencedUntil ?? 0) > now) held &= silenced;
  if ((held & may.view) === 0n) return 0n;
  if (isVoice(ruling) && (held & may.connect) === 0n) return 0n;
  if (channel.thread === undefined || (held & may.manageThreads) !== 0n) return held;
  if (channel.thread.isPrivate && !channel.thread.members.has(member.id)) return 0n;
  return channel.thread.isLocked ? held & ~may.sendInThreads : held;
}

function overwritten({ overwrites }: Channel, everybody: string, member: Member, base: bigint): bigint {
  const usual = overwrites.get(everybody);
  let held = usual === undefined ? base : (base & ~usual.deny) | usual.allow;
  let allow = 0n;
  let deny = 0n;
  for (const role of member.roles) {
    const own = overwrites.get(role);
    allow |= own?.allow ?? 0n;
    deny |= own?.deny ?? 0n;
  }
  held = (held & ~deny) | allow;
  const own = overwrites.get(member.id);
  return own === undefined ? held : (held & ~own.deny) | own.allow;
}

/** What somebody needs to speak there. */
export const speaking = (channel: Channel): bigint => (channel.thread === undefined ? may.send : may.sendInThreads);

/** The same of many, at one time: what people have of their roles alone is computed once for all who have those. */
export function powersIn(guild: Guild, channel: Channel, now: number): (member: Member) => Power | undefined {
  const byRoles = new Map<string, Power | undefined>();
  const { overwrites } = channel.thread === undefined ? channel : (guild.channels.get(channel.parent ?? '') ?? channel);
  const isAlone = ({ id, silencedUntil, isScreened }: Member): boolean =>
    id === guild.owner ||
    overwrites.has(id) ||
    silencedUntil !== undefined ||
    isScreened ||
    channel.thread?.isPrivate === true;
  return (member) => {
    if (isAlone(member)) return powerIn(guild, channel, member, now);
    const roles = member.roles.join(' ');
    const known = byRoles.get(roles);
    if (known !== undefined || byRoles.has(roles)) return known;
    const power = powerIn(guild, channel, member, now);
    byRoles.set(roles, power);
    return power;
  };
}

/** As rooms show it (CHECKLIST 45-63); bridges/README.md has the table. undefined: they do not see the channel. */
export function powerIn(guild: Guild, channel: Channel, member: Member, now: number): Power | undefined {
  const held = permissionsIn(guild, channel, member, now);
  const has = (bits: bigint): boolean => (held & bits) !== 0n;
  if (!has(may.view)) return undefined;
  if (member.id === guild.owner) return 'owner';
  if (has(may.manageGuild | may.manageChannels)) return 'admin';
  if (has(may.kick | may.ban | may.timeOut | may.manageMessages)) return 'moderator';
  return has(speaking(channel)) ? 'participant' : 'visitor';
}
