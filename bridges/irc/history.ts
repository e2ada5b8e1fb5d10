/** The server's own past (IRCv3 chathistory): asked for by our names, answered as one batch; what a server plays back unasked is told as past too. */
import {
  type ChatId,
  GatewayError,
  type MessageEvent,
  type MessageRef,
  type NetworkEvent,
  type Session,
} from '#bridge';
import type { Channel } from './channel.ts';
import { type Core, personOf } from './core.ts';
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
    const events = wanted.events.toSorted((one, other) => one.at.getTime() - other.at.getTime());
    const far = command === 'AFTER' ? events.at(-1) : events[0];
    const cut = events.length >= limit && (!takesNames() || far?.unnamed === true);
    return cut ? wholeStamps(events, far) : events;
  }

  const takesNames = (): boolean => core.support.messageReferences?.includes('msgid') !== false;

  function named(ref: MessageRef): string {
    if (isNamed(ref) && takesNames()) return `msgid=${ref.id}`;
    throw new GatewayError('network-cannot', { text: 'The IRC server cannot be told this message by a name' });
  }

  const pointOf = (from: MessageRef | number): string => (typeof from === 'number' ? stamped(from) : named(from));

  return {
    before: async (chat, from, max) =>
      from === undefined ? ask(chat, 'LATEST', '*', max) : ask(chat, 'BEFORE', pointOf(from), max),
    after: async (chat, from, max) => ask(chat, 'AFTER', pointOf(from), max),
  };
}

const patienceMs = 30_000;

/** Without those of the far end's stamp: more may have the same, and none of these would ever come when it is asked by time what is beyond. */
function wholeStamps(events: readonly MessageEvent[], far: MessageEvent | undefined): readonly MessageEvent[] {
  const whole = events.filter(({ at }) => at.getTime() !== far?.at.getTime());
  return whole.length === 0 ? events : whole;
}

const stamped = (at: number): string => `timestamp=${new Date(at).toISOString()}`;

/** A whole piece of the past: for whoever asked for that target first, else for everybody. */
export function onPast(core: Core, past: Past): void {
  const folded = core.fold(past.target);
  const channel = core.channels.get(folded);
  // A bouncer puts us into its channels and plays them back before anybody could ask for them.
  if (channel !== undefined && !channel.asked) {
    channel.past = past;
    return;
  }
  const events = past.lines.flatMap((line) => eventOf(core, line, past.target) ?? []);
  for (const wanted of core.wantedPast) {
    if (wanted.folded !== folded) continue;
    core.wantedPast.delete(wanted);
    wanted.events.push(...events);
    return;
  }
  for (const event of events) core.emit(event);
}

/** What was played back before the channel was asked for. */
export function tellPast(core: Core, channel: Channel): void {
  const { past } = channel;
  channel.past = undefined;
  if (past !== undefined) onPast(core, past);
}

/** Messages only: what changed then has changed long since. */
function eventOf(core: Core, line: Line, target: string): MessageEvent | undefined {
  const notice = line.command === 'NOTICE';
  if ((!notice && line.command !== 'PRIVMSG') || isFromServer(line)) return undefined;
  const place = placeOf(core, personOf(core, isChannelHere(core, target) ? line.nick : target), target);
  if (place === undefined) return undefined;
  const by = placeOf(core, personOf(core, line.nick), target)?.by ?? place.by;
  return messageOf(core, line, { ...place, by }, notice, true);
}
