/** INVITE both ways, and asking a channel's moderators for a voice. */
import { type ChatId, chatId, GatewayError, type PersonId, plainText } from '#bridge';
import { addressOf } from './addressed.ts';
import { type Channel, isTold, powerIn } from './channel.ts';
import { type Core, isMe, personOf } from './core.ts';
import { atOf, isChannelHere, isFromServer } from './line-facts.ts';
import { isChannelName, isNick } from './names.ts';
import { inviteRefusals, voiceRefusals } from './refusals.ts';
import { requireChannel, requireReady } from './requirements.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/** How many moderators are asked one by one, where a channel cannot be told by rank. */
const mostAsked = 4;

/** INVITE: of us, an invitation; of others (invite-notify), a remark where it happens. */
export function onInvite(core: Core, line: Line): void {
  const [whom = '', name = ''] = line.params;
  if (!isChannelName(name) || !isChannelHere(core, name)) return;
  const channel = core.channels.get(core.fold(name));
  const at = atOf(core, line);
  if (isMe(core, whom)) {
    const chat = channel?.chat ?? chatId(core.fold(name));
    const person = isFromServer(line) ? undefined : addressOf(core, personOf(core, line.nick));
    core.emit({ kind: 'invited', at, chat, by: line.nick, ...(person !== undefined && { person }) });
  } else if (channel !== undefined && isTold(channel)) {
    const text = plainText(`${line.nick} invites ${whom}.`);
    core.emit({ kind: 'remark', at, chat: channel.chat, text });
  }
}

/** Resolves when the server has passed it on. Whether one must be in the channel, and be its moderator, is the server's to say. IRC has no place for a reason. */
export async function invite(core: Core, chat: ChatId, person: PersonId, signal: AbortSignal): Promise<void> {
  requireReady(core);
  if (!isNick(person)) throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
  if (!isChannelName(chat) || !isChannelHere(core, chat)) {
    throw new GatewayError('bad-address', { text: `${chat} is no channel of ${core.server.name}.` });
  }
  const name = core.channels.get(core.fold(chat))?.name ?? chat;
  const about = [core.fold(chat), core.fold(person)];
  await core.asks.ask({ lines: [compose('INVITE', person, name)], refusals: inviteRefusals, about, signal });
}

/** To all moderators at once where the server can do that and lets us; else to a few of them one by one. */
export async function askVoice(core: Core, chat: ChatId, signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  const text = `${core.nick} asks for a voice in ${channel.name}.`;
  const rank = ['%', '@'].find((symbol) => core.support.statusMsg.includes(symbol));
  if (rank !== undefined) {
    // No NOTICE: servers need not say that one was refused.
    const lines = [compose('PRIVMSG', `${rank}${channel.name}`, text)];
    const about = [channel.folded, core.fold(`${rank}${channel.name}`)];
    try {
      await core.asks.ask({ lines, refusals: voiceRefusals, about, signal });
      return;
    } catch (error) {
      // Who has no voice often may not speak to the moderators either.
      if (!(error instanceof GatewayError) || error.code !== 'not-allowed-there') throw error;
    }
  }
  const asked = moderators(core, channel);
  if (asked.length === 0) {
    throw new GatewayError('network-cannot', { text: `Nobody is in ${channel.name} who could give a voice.` });
  }
  const lines = asked.map((nick) => compose('NOTICE', nick, text));
  await core.asks.ask({ lines, refusals: voiceRefusals, about: asked.map((nick) => core.fold(nick)), signal });
}

function moderators(core: Core, channel: Channel): readonly string[] {
  const found: string[] = [];
  for (const member of channel.members.values()) {
    if (found.length === mostAsked) break;
    const power = powerIn(core, channel, member);
    if (['owner', 'admin', 'moderator', 'helper'].includes(power) && !isMe(core, member.nick)) found.push(member.nick);
  }
  return found;
}
