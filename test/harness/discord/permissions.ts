/** Who may do what where, by the algorithm of the API reference ("Permissions", "Permission Overwrites", "Implicit Permissions"). */
import { type APIRole, ChannelType, PermissionFlagsBits as May, OverwriteType } from 'discord-api-types/v10';
import { byAge } from './snowflake.ts';
import type { Channel, Guild, State } from './state.ts';

/** All there are. */
export const everything = Object.values(May).reduce((sum, bit) => sum | bit, 0n);

/** What is left to somebody in time-out. */
const timedOut = May.ViewChannel | May.ReadMessageHistory;

/** Goes with SEND_MESSAGES. */
const ofSpeaking = May.MentionEveryone | May.SendTTSMessages | May.AttachFiles | May.EmbedLinks;

/** Of a guild without regard to a channel. */
export function permissionsOf(guild: Guild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  if (guild.ownerId === userId) return everything;
  let sum = BigInt(guild.roles.get(guild.id)?.permissions ?? 0);
  for (const id of member.roles) sum |= BigInt(guild.roles.get(id)?.permissions ?? 0);
  return (sum & May.Administrator) !== 0n ? everything : sum;
}

/** Channel whose overwrites count: a thread's is its parent. */
const ruling = (state: State, channel: Channel): Channel =>
  channel.thread === undefined ? channel : (state.channels.get(channel.parentId ?? '') ?? channel);

function overwritten(guild: Guild, channel: Channel, userId: string, base: bigint): bigint {
  const member = guild.members.get(userId);
  const everyone = channel.overwrites.get(guild.id);
  let sum = everyone === undefined ? base : (base & ~BigInt(everyone.deny)) | BigInt(everyone.allow);
  let [allow, deny] = [0n, 0n];
  for (const id of member?.roles ?? []) {
    const one = channel.overwrites.get(id);
    if (one?.type !== OverwriteType.Role) continue;
    allow |= BigInt(one.allow);
    deny |= BigInt(one.deny);
  }
  sum = (sum & ~deny) | allow;
  const own = channel.overwrites.get(userId);
  if (own?.type === OverwriteType.Member) sum = (sum & ~BigInt(own.deny)) | BigInt(own.allow);
  return sum;
}

/** What somebody may in a channel, with what one permission takes along. */
export function permissionsIn(state: State, channel: Channel, userId: string): bigint {
  const { guild } = channel;
  if (guild === undefined) return channel.between.some(({ id }) => id === userId) ? everything : 0n;
  const base = permissionsOf(guild, userId);
  if (base === 0n && !guild.members.has(userId)) return 0n;
  if (base === everything) return everything;
  let sum = overwritten(guild, ruling(state, channel), userId, base);
  const until = guild.members.get(userId)?.communication_disabled_until;
  if (until !== undefined && until !== null && Date.parse(until) > state.now()) sum &= timedOut;
  if ((sum & May.ViewChannel) === 0n) return 0n;
  if (channel.type === ChannelType.PrivateThread && (sum & May.ManageThreads) === 0n) {
    if (channel.thread?.members.has(userId) !== true) return 0n;
  }
  const speaks = channel.thread === undefined ? May.SendMessages : May.SendMessagesInThreads;
  return (sum & speaks) === 0n ? sum & ~ofSpeaking : sum;
}

/** Does somebody have all of these there? */
export const may = (state: State, channel: Channel, userId: string, bits: bigint): boolean =>
  (permissionsIn(state, channel, userId) & bits) === bits;

/** Positive where the first stands above the second; of two in one place the older does. */
const byPlace = (a: APIRole, b: APIRole): number => a.position - b.position || byAge(b.id, a.id);

/** Somebody's highest role. */
function highestOf(guild: Guild, userId: string): APIRole | undefined {
  const roles = (guild.members.get(userId)?.roles ?? []).flatMap((id) => guild.roles.get(id) ?? []);
  return roles.sort(byPlace).at(-1) ?? guild.roles.get(guild.id);
}

/** Does somebody stand above a role? The owner stands above all. */
export function isAbove(guild: Guild, userId: string, role: APIRole | undefined): boolean {
  if (guild.ownerId === userId) return true;
  const own = highestOf(guild, userId);
  return own !== undefined && role !== undefined && byPlace(own, role) > 0;
}

/** Does somebody stand above somebody else? */
export const outranks = (guild: Guild, userId: string, other: string): boolean =>
  guild.ownerId !== other && isAbove(guild, userId, highestOf(guild, other));

/** What a new guild lets everybody do. */
export const usualPermissions =
  May.ViewChannel |
  May.CreateInstantInvite |
  May.ChangeNickname |
  May.SendMessages |
  May.SendMessagesInThreads |
  May.CreatePublicThreads |
  May.CreatePrivateThreads |
  May.EmbedLinks |
  May.AttachFiles |
  May.AddReactions |
  May.UseExternalEmojis |
  May.UseExternalStickers |
  May.ReadMessageHistory |
  May.SendPolls |
  May.Connect |
  May.Speak;
