/** What a user does in channels: join, leave, nick, topic, and moderating. Each ends with the server's word, or its silence behind a PING. */
import {
  type Act,
  type ChatId,
  GatewayError,
  type Listed,
  type MaskList,
  type PersonId,
  type RoomOptions,
  type Rooms,
} from '#bridge';
import { type Core, isMe } from './core.ts';
import type { Entry } from './directory.ts';
import { askVoice, invite } from './invitations.ts';
import { isChannelHere } from './line-facts.ts';
import type { Query } from './listing.ts';
import { maskLists } from './mask-lists.ts';
import { moderate } from './moderation.ts';
import { isChannelName, isNick } from './names.ts';
import { options, setOptions } from './options.ts';
import { createPartLines, type PartLines } from './part-lines.ts';
import { dropChannel } from './people.ts';
import { changeRefusals, nickRefusals, timedOut } from './refusals.ts';
import { oneLine, reasonBytes, requireChannel, requireReady } from './requirements.ts';
import { compose } from './wire/compose.ts';

export const createRooms = (core: Core): Rooms => new OurRooms(core);

/** An object of a class: each session has one. */
class OurRooms implements Rooms {
  readonly #core: Core;
  readonly #parts: PartLines;

  constructor(core: Core) {
    this.#core = core;
    this.#parts = createPartLines(core);
  }

  async join(chat: ChatId, { password }: { readonly password?: string }, signal: AbortSignal): Promise<void> {
    const core = this.#core;
    requireReady(core);
    if (!isChannelName(chat) || !isChannelHere(core, chat)) {
      throw new GatewayError('bad-address', { text: `${chat} is no channel of ${core.server.name}.` });
    }
    if (password !== undefined && /[\0-\x20,\x7f]/.test(password)) {
      throw new GatewayError('wrong-password', { text: 'A key on IRC has no spaces and no commas.' });
    }
    await core.joins.join(chat, password, signal);
  }

  leave(chat: ChatId, reason: string | undefined, signal: AbortSignal): Promise<void> {
    return leave(this.#core, this.#parts, chat, reason, signal);
  }

  nick(_chat: ChatId, nick: string, signal: AbortSignal): Promise<void> {
    return changeNick(this.#core, nick, signal);
  }

  topic(chat: ChatId, text: string, signal: AbortSignal): Promise<void> {
    return setTopic(this.#core, chat, text, signal);
  }

  moderate(chat: ChatId, acts: readonly Act[], signal: AbortSignal): Promise<void> {
    return moderate(this.#core, chat, acts, signal);
  }

  invite(chat: ChatId, person: PersonId, _reason: string | undefined, signal: AbortSignal): Promise<void> {
    return invite(this.#core, chat, person, signal);
  }

  askVoice(chat: ChatId, signal: AbortSignal): Promise<void> {
    return askVoice(this.#core, chat, signal);
  }

  options(chat: ChatId, signal: AbortSignal): Promise<RoomOptions> {
    return options(this.#core, chat, signal);
  }

  setOptions(chat: ChatId, change: RoomOptions, signal: AbortSignal): Promise<void> {
    return setOptions(this.#core, chat, change, signal);
  }

  list(query: Query, signal?: AbortSignal): Promise<readonly Entry[]> {
    return this.#core.listing.page(query, signal);
  }

  banned(chat: ChatId, signal: AbortSignal): Promise<readonly Listed[]> {
    return this.#core.bans.list(chat, signal);
  }

  get maskLists(): readonly MaskList[] {
    return maskLists(this.#core);
  }
}

/** Never refused: who is not in it has left it. */
async function leave(
  core: Core,
  parts: PartLines,
  chat: ChatId,
  reason: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const channel = core.channels.get(core.fold(chat));
  if (channel === undefined) return;
  channel.asked = false;
  if (core.ready && channel.joined) await parts.part(channel, oneLine(reason ?? '', reasonBytes), signal);
  else core.joins.forget(channel);
  // The server may have put us back into it in the same breath.
  if (core.channels.get(channel.folded) === channel) dropChannel(core, channel);
}

async function changeNick(core: Core, nick: string, signal: AbortSignal): Promise<void> {
  requireReady(core);
  if (!isNick(nick)) throw badNick(nick);
  if (nick === core.nick) return;
  const before = core.nick;
  // What was said before is said by the old name.
  await core.asks.ask({ lines: [compose('NICK', nick)], refusals: nickRefusals, about: [], signal, inTurn: true });
  // Most servers cut a nick that is too long for them.
  const isCut = core.nick !== before && core.fold(nick).startsWith(core.self);
  if (!isMe(core, nick) && !isCut) throw timedOut(`changing the nick to ${nick}`);
  core.wanted = isCut ? core.nick : nick;
}

export const badNick = (nick: string): GatewayError =>
  new GatewayError('bad-nick', {
    text: `${JSON.stringify(nick.slice(0, 64))} cannot be a nick on IRC: no spaces, and none of , ! @ * ? in it or # & + : $ in front.`,
  });

async function setTopic(core: Core, chat: ChatId, text: string, signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  const line = compose('TOPIC', channel.name, oneLine(text, core.support.topicLength ?? 390));
  await core.asks.ask({ lines: [line], refusals: changeRefusals, about: [channel.folded], signal, inTurn: true });
}
