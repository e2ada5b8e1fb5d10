/** The server's own past (IRCv3 chathistory): asked for by our names, answered as one batch; what a server plays back unasked is told as past too. */
import {
  type ChatId,
  GatewayError,
  type MessageEvent,
  type MessageRef,
  type NetworkEvent,
  type Session,
} from '#bridge';
import type { Core } from './core.ts';
import { messageOf, placeOf } from './inbound.ts';
import { isChannelHere, isFromServer } from './line-facts.ts';
import { isNamed } from './message-caps.ts';
import { away, type Refusals, timedOut } from './refusals.ts';
import type { Past } from './wholes.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

type History = NonNullable<Session['history']>;

/** More than that is asked for in several pieces. */
const atOnce = 200;

const refusals: Refusals = new Map([
  ['403', 'no-such-room'],
  ['421', 'network-cannot'],
  ['442', 'not-in-room'],
  ['461', 'bad-request'],
]);

/** Who waits for the past of which target. */
export interface Wanted {
  readonly folded: string;
  readonly events: MessageEvent[];
}

/** Is it in force? */
export const hasHistory = ({ link }: Pick<Core, 'link'>): boolean =>
  link?.has('draft/chathistory') === true && link.has('batch') && link.has('message-tags');

/** See `Session.history`. */
export function createHistory(core: Core): History {
  async function ask(chat: ChatId, command: string, from: string, max: number): Promise<readonly NetworkEvent[]> {
    if (!core.ready) throw away(core.server.name);
    const isChannel = isChannelHere(core, chat);
    const target = isChannel ? core.channels.get(core.fold(chat))?.name : chat;
    if (target === undefined) throw new GatewayError('not-in-room', { text: `You are not in ${chat}.` });
    const limit = Math.max(1, Math.min(max, atOnce, core.support.chatHistory ?? atOnce));
    const wanted: Wanted = { folded: core.fold(target), events: [] };
    core.wantedPast.add(wanted);
    const late = new AbortController();
    const cancel = core.clock.after(patienceMs, () => late.abort(timedOut(`the past of ${target}`)));
    try {
      const line = compose('CHATHISTORY', command, target, from, String(limit));
      await core.asks.ask({
        lines: [line],
        refusals,
        about: [wanted.folded, 'chathistory', command.toLowerCase()],
        signal: late.signal,
      });
    } finally {
      cancel();
      core.wantedPast.delete(wanted);
    }
    return wanted.events.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  }

  return {
    before: async (chat, ref, max) =>
      ref === undefined ? ask(chat, 'LATEST', '*', max) : ask(chat, 'BEFORE', named(ref), max),
    after: async (chat, from, max) => ask(chat, 'AFTER', typeof from === 'number' ? stamped(from) : named(from), max),
  };
}

const patienceMs = 30_000;

function named(ref: MessageRef): string {
  if (isNamed(ref)) return `msgid=${ref.id}`;
  throw new GatewayError('network-cannot', { text: 'The IRC server has given this message no name' });
}

const stamped = (at: number): string => `timestamp=${new Date(at).toISOString()}`;

/** A whole piece of the past: for whoever asked for that target first, else for everybody. */
export function onPast(core: Core, { target, lines }: Past): void {
  const folded = core.fold(target);
  const events = lines.flatMap((line) => eventOf(core, line, target) ?? []);
  for (const wanted of core.wantedPast) {
    if (wanted.folded !== folded) continue;
    core.wantedPast.delete(wanted);
    wanted.events.push(...events);
    return;
  }
  for (const event of events) core.emit(event);
}

/** Messages only: what changed then has changed long since. */
function eventOf(core: Core, line: Line, target: string): MessageEvent | undefined {
  const notice = line.command === 'NOTICE';
  if ((!notice && line.command !== 'PRIVMSG') || isFromServer(line)) return undefined;
  const place = placeOf(core, isChannelHere(core, target) ? line.nick : target, target);
  if (place === undefined) return undefined;
  const by = placeOf(core, line.nick, target)?.by ?? place.by;
  return messageOf(core, line, { ...place, by }, notice, true);
}
