/** The server's own past (IRCv3 chathistory): asked for by our names, answered as one batch; what a server plays back unasked is told as past too. */
import {
  type ChatId,
  chatId,
  GatewayError,
  type MessageEvent,
  type MessageRef,
  type NetworkEvent,
  type Session,
} from '#bridge';
import { addressOf } from './addressed.ts';
import type { Channel } from './channel.ts';
import { type Core, isMe, personOf } from './core.ts';
import { messageOf, placeOf } from './inbound.ts';
import { isChannelHere, isFromServer } from './line-facts.ts';
import { isNamed } from './message-caps.ts';
import { isNick } from './names.ts';
import { away, type Refusals, timedOut } from './refusals.ts';
import type { Past } from './wholes.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

type History = NonNullable<Session['history']>;
type Spoken = Awaited<ReturnType<NonNullable<History['spokenSince']>>>[number];

/** More than that is asked for in several pieces, without those of the last stamp: more may have the same, and would not come when it is asked by time what is beyond. */
const atOnce = 200;
/** So many where one stamp alone has as many: bouncers keep seconds, and in one of a busy room much is said. */
const busyAtOnce = 1_000;

/** Conversations that are looked at, those with the last words. */
const spokenAtMost = 100;
/** The server's clock may be ahead of ours. */
const aheadMs = 3_600_000;

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
  /** Those of their ids that have been taken back since. */
  redacted: ReadonlySet<string>;
  /** The server told more than is kept of one batch. */
  isCut: boolean;
}

/** Where something was said, and when the last of it. */
export interface Target {
  readonly name: string;
  readonly at: number;
}

/** See `Session.history`. */
export function createHistory(core: Core): History {
  async function ask(chat: ChatId, verb: string, point: string, max: number): Promise<readonly NetworkEvent[]> {
    let [command, from] = [verb, point];
    if (!core.ready) throw away(core.server.name);
    const isChannel = isChannelHere(core, chat);
    const target = isChannel ? core.channels.get(core.fold(chat))?.name : chat;
    if (target === undefined) throw new GatewayError('not-in-room', { text: `You are not in ${chat}.` });
    const folded = core.fold(target);
    let most = atMost(busyAtOnce);
    let limit = atMost(Math.min(max, atOnce));
    for (;;) {
      const page = piece.bind(undefined, folded, command, [target, from, String(limit)]);
      const { events, redacted, isCut: isLost } = await (verb === 'AFTER' ? core.gapTurns.take(folded, page) : page());
      // What is missing may be the newest, or the oldest: less comes whole.
      if (isLost && limit > 1) {
        limit = Math.floor(limit / 2);
        most = limit;
        continue;
      }
      const far = farOf(command, events);
      const isCut = events.length >= limit && (!takesNames() || far?.unnamed === true);
      const whole = isCut ? events.filter(({ at }) => at.getTime() !== far?.at.getTime()) : events;
      const beyond = farOf(command, whole);
      if (beyond !== undefined) {
        const standing = whole.filter(({ ref }) => !redacted.has(ref.id));
        if (standing.length > 0 || events.length < limit) return standing;
        // All of a full page: nothing told would be the end.
        from = beyond.unnamed !== true && takesNames() ? named(beyond.ref) : stamped(beyond.at.getTime());
        if (command === 'LATEST') command = 'BEFORE';
      } else if (!isCut || limit >= most || command === 'LATEST') {
        // All of one stamp: where there are more of that, none of them would ever come.
        return events;
      }
      limit = most;
    }
  }

  async function piece(folded: string, command: string, params: readonly [string, string, string]) {
    const wanted: Wanted = { folded, events: [], redacted: new Set(), isCut: false };
    core.wantedPast.add(wanted);
    try {
      await told(command, params, [folded], `the past of ${params[0]}`);
    } finally {
      core.wantedPast.delete(wanted);
    }
    const { events, redacted, isCut } = wanted;
    return { events: events.toSorted((one, other) => one.at.getTime() - other.at.getTime()), redacted, isCut };
  }

  const atMost = (max: number): number => Math.max(1, Math.min(max, core.support.chatHistory ?? max));

  /** Resolves when the server has told all. */
  async function told(command: string, params: readonly string[], about: readonly string[], what: string) {
    const late = new AbortController();
    const isGap = command === 'AFTER';
    const cancel = core.clock.after(isGap ? gapPatienceMs : patienceMs, () => late.abort(timedOut(what)));
    const lines = [compose('CHATHISTORY', command, ...params)];
    try {
      await core.asks.ask({
        lines,
        refusals,
        about: [...about, 'chathistory', command.toLowerCase()],
        signal: late.signal,
        ...(isGap && { inTurn: true }),
      });
    } finally {
      cancel();
    }
  }

  /** The last words first. */
  async function spokenSince(since: number): Promise<readonly Spoken[]> {
    if (!core.ready) throw away(core.server.name);
    const targets: Target[] = [];
    core.wantedTargets.add(targets);
    try {
      const bounds = [stamped(core.clock.now() + aheadMs), stamped(since)];
      await told('TARGETS', [...bounds, String(atMost(spokenAtMost))], [], 'who has written');
    } finally {
      core.wantedTargets.delete(targets);
    }
    const people = targets.filter(({ name }) => !isChannelHere(core, name) && isNick(name) && !isMe(core, name));
    return people
      .map(({ name, at }) => ({ chat: chatId(addressOf(core, personOf(core, name))), at }))
      .sort((one, other) => other.at - one.at);
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
    after: async (chat, from, max) => beforeUs(core, chat, await ask(chat, 'AFTER', pointOf(from), max)),
    spokenSince,
  };
}

const farOf = (command: string, events: readonly MessageEvent[]): MessageEvent | undefined =>
  command === 'AFTER' ? events.at(-1) : events[0];

/** What comes live, too, is no part of a gap: a room in which much is said would be asked for it without end. */
function beforeUs(core: Core, chat: ChatId, events: readonly NetworkEvent[]): readonly NetworkEvent[] {
  const { joined = false, since } = core.channels.get(core.fold(chat)) ?? {};
  return joined && since !== undefined ? events.filter(({ at }) => at.getTime() <= since + clocksMs) : events;
}

/** By how much the clocks of a network's servers may differ. */
const clocksMs = 10_000;

const patienceMs = 30_000;
/** It waits for what people say, which may be a long list at a line a second. */
const gapPatienceMs = 300_000;

const stamped = (at: number): string => `timestamp=${new Date(at).toISOString()}`;

/** `CHATHISTORY TARGETS name time`: for whoever asked first. */
export function onTarget(core: Core, { params: [what = '', name = '', time = ''] }: Line): void {
  const [targets] = core.wantedTargets;
  const at = Date.parse(time);
  if (what.toUpperCase() === 'TARGETS' && !Number.isNaN(at)) targets?.push({ name, at });
}

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
  const redacted = redactedIn(past);
  for (const wanted of core.wantedPast) {
    if (wanted.folded !== folded) continue;
    core.wantedPast.delete(wanted);
    wanted.events.push(...events);
    wanted.redacted = redacted;
    wanted.isCut = past.isCut;
    return;
  }
  for (const event of events) if (!redacted.has(event.ref.id)) core.emit(event);
}

/** A message may stand there with its REDACT behind it, as it was (message-redaction, Chat history). */
const redactedIn = ({ lines }: Past): ReadonlySet<string> =>
  new Set(lines.flatMap(({ command, params }) => (command === 'REDACT' ? (params[1] ?? []) : [])));

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
