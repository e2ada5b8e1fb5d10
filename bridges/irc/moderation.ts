/** Who may do what in a channel, set by its moderators: ranks, kicks, bans. Each ends with the server's word, or its silence behind a PING. */
import { type Act, type ChatId, GatewayError, type PersonId, type Power } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { masksOn } from './lifting.ts';
import { type Mode, modeLines } from './mode-lines.ts';
import { isNick } from './names.ts';
import { changeRefusals } from './refusals.ts';
import { oneLine, reasonBytes, requireChannel } from './requirements.ts';
import { learnAddresses } from './userhost.ts';
import { compose, maxLineBytes } from './wire/compose.ts';

/** All of it in one go: MODE lines first, then kicks. Throws before anything is sent where one of them makes no sense. */
export async function moderate(core: Core, chat: ChatId, acts: readonly Act[], signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  const strangers = acts.flatMap((act) => strangerIn(core, channel, act) ?? []);
  if (strangers.length > 0) await learnAddresses(core, strangers, signal);
  const modes: Mode[] = [];
  const kicks: Kick[] = [];
  for (const act of acts) {
    modes.push(
      ...(act.action === 'unban' ? await unbanned(core, channel, act.person, signal) : modesFor(core, channel, act)),
    );
    if (act.action === 'kick' || (act.action === 'ban' && channel.members.has(core.fold(act.person)))) {
      const reason = oneLine(act.reason ?? '', core.support.kickLength ?? reasonBytes);
      kicks.push({ nick: aNick(act.person), reason });
    }
  }
  const lines = [...modeLines(core, channel.name, modes), ...kickLines(core, channel.name, kicks)];
  if (lines.length === 0) return;
  const about = [channel.folded, ...acts.map(({ person }) => core.fold(person))];
  await core.asks.ask({ lines, refusals: changeRefusals, about, signal });
}

interface Kick {
  readonly nick: string;
  readonly reason: string;
}

/** As few lines as the server takes (TARGMAX); one that does not say takes one nick in each. */
function kickLines(core: Core, channel: string, kicks: readonly Kick[]): readonly string[] {
  const most = core.support.targets.get('KICK') ?? 1;
  const groups: { nicks: string[]; reason: string; bytes: number }[] = [];
  for (const { nick, reason } of kicks) {
    const size = Buffer.byteLength(nick) + 1;
    const last = groups.at(-1);
    if (last?.reason === reason && last.nicks.length < most && last.bytes + size <= maxLineBytes) {
      last.nicks.push(nick);
      last.bytes += size;
    } else groups.push({ nicks: [nick], reason, bytes: Buffer.byteLength(`KICK ${channel} ${nick} :${reason}`) });
  }
  return groups.map(({ nicks, reason }) =>
    compose('KICK', channel, nicks.join(','), ...(reason === '' ? [] : [reason])),
  );
}

/** Whom a ban by host is to hit, and of a big channel it was not told where all come from. */
function strangerIn(core: Core, channel: Channel, { person, action }: Act): string | undefined {
  const member = action === 'ban' ? channel.members.get(core.fold(person)) : undefined;
  return member?.address === '' ? member.nick : undefined;
}

function modesFor(core: Core, channel: Channel, { person, action, power }: Act): readonly Mode[] {
  switch (action) {
    case 'kick':
    case 'unban':
      return [];
    case 'ban':
      return banned(core, channel, person);
    case 'power':
      return ranked(core, channel, aNick(person), power ?? 'participant');
    default:
      return action satisfies never;
  }
}

function aNick(person: PersonId): string {
  if (isNick(person)) return person;
  throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
}

/** The ranks that give a power, the best first; what a server has not is given by the next. None gives more than was asked for. */
const ranksFor: Readonly<Record<Power, string>> = {
  owner: 'qao',
  admin: 'ao',
  moderator: 'o',
  helper: 'h',
  voiced: 'v',
  participant: '',
  visitor: '',
};

/** The changes from the ranks that somebody has to exactly that power: first what they get, then all above it is taken. */
function ranked(core: Core, channel: Channel, nick: string, wanted: Power): readonly Mode[] {
  const held = channel.members.get(core.fold(nick))?.ranks ?? '';
  if (wanted === 'visitor' && held === '' && !channel.moderated) throw everybodySpeaks(channel);
  // Where only those with a voice may speak, a voice is what makes a participant.
  const power = wanted === 'participant' && channel.moderated ? 'voiced' : wanted;
  const order = core.support.prefixes.map(({ mode }) => mode);
  const choices = ranksFor[power];
  const given = [...choices].find((mode) => order.includes(mode));
  if (given === undefined && choices !== '') {
    throw new GatewayError('network-cannot', { text: `${core.server.name} has no such rank.` });
  }
  const above = given === undefined ? order : order.slice(0, order.indexOf(given));
  const taken = above.filter((mode) => held.includes(mode));
  return [
    ...(given === undefined || held.includes(given) ? [] : [{ change: `+${given}`, arg: nick }]),
    ...taken.map((mode) => ({ change: `-${mode}`, arg: nick })),
  ];
}

/** Who has no rank loses none, and nobody is silent for it. */
const everybodySpeaks = ({ name }: Channel): GatewayError =>
  new GatewayError('network-cannot', {
    text: `Everybody may speak in ${name}, with a voice or without. In a moderated room only those with a voice may.`,
  });

function banned(core: Core, channel: Channel, person: PersonId): readonly Mode[] {
  const mask = maskOf(core, person) ?? maskFor(core, channel, core.fold(aNick(person)));
  if (isNick(person)) channel.ownBans.set(core.fold(person), mask);
  return [{ change: '+b', arg: mask }];
}

async function unbanned(core: Core, channel: Channel, person: PersonId, signal: AbortSignal): Promise<readonly Mode[]> {
  const written = maskOf(core, person);
  if (written !== undefined) return [{ change: '-b', arg: written }];
  const folded = core.fold(aNick(person));
  const own = channel.ownBans.get(folded);
  channel.ownBans.delete(folded);
  const masks =
    own === undefined ? await masksOn(core, channel.chat, channel, person, signal) : new Set([own, `${person}!*@*`]);
  return [...masks].map((arg) => ({ change: '-b', arg }));
}

const account = /^account:(.+)$/i;

/** A mask as it was written; `account:NAME` in the server's own way (account-extban). undefined: it is a nick. */
export function maskOf(core: Core, text: string): string | undefined {
  const { extban, accountBan } = core.support;
  const named = account.exec(text)?.[1];
  const isExtended = extban !== undefined && extendsBy(extban.prefix, text);
  if (named === undefined && !isExtended && !/[!@*?]/.test(text)) return undefined;
  if (text.length > 200 || /[\0-\x20\x7f]|^[:+-]/.test(text)) {
    throw new GatewayError('bad-request', { text: 'A mask has no spaces and is at most 200 characters long.' });
  }
  if (named === undefined) return isExtended ? text : completed(text);
  if (accountBan === undefined || extban === undefined) {
    throw new GatewayError('network-cannot', { text: `${core.server.name} does not ban accounts.` });
  }
  return `${extban.prefix}${accountBan}:${named}`;
}

/** Where no sign begins extended bans (InspIRCd), it is their name and a colon, which no nick has. */
const extendsBy = (prefix: string, text: string): boolean =>
  prefix === '' ? /^!?[A-Za-z]+:./.test(text) : text.startsWith(prefix);

/** As servers complete it: `nick` is `nick!*@*`, `user@host` is `*!user@host`. */
function completed(mask: string): string {
  if (mask.includes('!')) return mask.includes('@') ? mask : `${mask}@*`;
  return mask.includes('@') ? `*!${mask}` : `${mask}!*@*`;
}

/** By host, as a nick is changed easily; by the nick where the host is not known. Our own host is that of all whom the gateway brings there, ourselves among them. */
function maskFor({ user, host: ours }: Core, channel: Channel, person: string): string {
  const address = channel.members.get(person)?.address ?? '';
  const host = address.slice(address.indexOf('@') + 1);
  if (host !== '' && host !== ours) return `*!*@${host}`;
  return host === '' || address === `${user}@${host}` ? `${person}!*@*` : `*!${address}`;
}
