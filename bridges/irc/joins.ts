/** Joins under way, and channels that are entered: asked for, again after a reconnect, or because the server put us there. */
import { type ChatId, type ErrorCode, GatewayError, plainText, sparseMap, sparseSet } from '#bridge';
import { type Channel, createChannel, describeRoom, everybody } from './channel.ts';
import type { Core } from './core.ts';
import { createForwards, type Forwards } from './forwards.ts';
import { tellPast } from './history.ts';
import { createJoinLines, type JoinLines } from './join-lines.ts';
import { mayKnock } from './knock.ts';
import { failure, joinRefusals, passing, refusal, timedOut } from './refusals.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Joins {
  /** Resolves when the channel's members have been told; rejects as the server refuses, after 30 seconds, or when aborted. */
  join(name: ChatId, key: string | undefined, signal: AbortSignal): Promise<void>;
  /** A connection is there. */
  up(): void;
  /** Enters every channel again on a new connection; those that refuse, and not for now only, are told as `removed`. */
  rejoin(): void;
  /** A JOIN of our own came: its member list follows. */
  began(name: string): Channel;
  /** Its member list is whole. */
  entered(channel: Channel): void;
  /** Offers a numeric; true: it was the answer to a join. */
  refused(line: Line): boolean;
  /** Offers a FAIL; true: it was the answer to a join. */
  failed(line: Line): boolean;
  isPending(name: string): boolean;
  /** Its owner does not want that channel any more: where a JOIN is under way it is left again when that succeeds. */
  forget(channel: Channel): void;
  lost(error: GatewayError): void;
}

interface Pending {
  readonly chat: ChatId;
  readonly key: string | undefined;
  /** @param passes it was refused for now: later it may do */
  settle(error: unknown, passes?: boolean): void;
}

const answerMs = 30_000;
/** For so long channels count as those in which we were from the beginning, and may still be asked for. */
const bouncerMs = 5000;
/** For so long services may not have said yet that they know us; how often a channel is asked meanwhile. */
const unknownMs = 20_000;
const knownYetMs = 3000;
/** When a channel that does not let us come back for now is asked again: a throttle is over soon, a ghost of ours that takes the last place in some minutes. */
const backAgainMs: readonly number[] = [10_000, 30_000, 60_000, 120_000];
/** What is put off rather than refused; servers have these numerics for other things, too. */
const throttles: ReadonlySet<string> = new Set(['437', '439', '480', '495', '500']);
const isThrottle = /throttl|try again|too (?:fast|many joins)|wait [1-9][0-9]* seconds/i;
const throttledMs = 10_000;
const idLength = 5;
const maxAbandoned = 64;

/** @param knownLater are the services still to find out who we are? */
export const createJoins = (core: () => Core, knownLater: () => boolean): Joins => new Entering(core, knownLater);

/** An object of a class: each session has one. */
class Entering implements Joins {
  readonly #core: () => Core;
  readonly #knownLater: () => boolean;
  readonly #pending = sparseMap<string, Pending>();
  /** Channels whose JOIN nobody waits for any more: they are left again when it succeeds late (45-31). */
  readonly #abandoned = sparseSet<string>();
  readonly #forwards: Forwards;
  readonly #lines: JoinLines;
  /** Those of a line that the server may have read no further. */
  readonly #unread = sparseSet<Pending>();
  readonly #later = sparseSet<() => void>();
  #upAt = 0;

  constructor(core: () => Core, knownLater: () => boolean) {
    this.#core = core;
    this.#knownLater = knownLater;
    this.#forwards = createForwards(core);
    this.#lines = createJoinLines(core);
  }

  join(name: ChatId, key: string | undefined, signal: AbortSignal): Promise<void> {
    const folded = this.#core().fold(name);
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const channel = this.#core().channels.get(folded);
      if (channel?.joined === true && !channel.listing && !channel.leaving) {
        if (channel.asked && channel.chat !== name) throw otherwise(channel);
        channel.asked = true;
        channel.chat = name;
        announce(this.#core(), channel);
        tellPast(this.#core(), channel);
        resolve();
        return;
      }
      if (this.#pending.has(folded)) throw new GatewayError('too-fast', { text: `${name} is being joined already.` });
      this.#abandoned.delete(folded);
      const written = this.#expect(name, key, signal, (error) => (error === undefined ? resolve() : reject(error)));
      this.#lines.ask([{ name, key, signal, written }]);
    });
  }

  up(): void {
    this.#upAt = this.#core().clock.now();
  }

  rejoin(): void {
    const { channels } = this.#core();
    // A bouncer has put us into its own again before we could ask, and would not answer.
    for (const { asked, joined, folded } of [...channels.values()]) if (!asked && !joined) channels.delete(folded);
    this.#comeBack(
      [...channels.values()].filter(({ joined }) => !joined),
      0,
    );
  }

  #comeBack(missing: readonly Channel[], tries: number): void {
    const wishes = missing.map((channel) => {
      const { chat, key, name } = channel;
      const written = this.#expect(chat, key, undefined, (error, passes) => {
        const isOver = error instanceof GatewayError && error.code !== 'network-away';
        if (!isOver || !channel.asked) return;
        const mayPass = passes || error.code === 'timed-out';
        if (!mayPass || !this.#comeBackLater(channel, error, tries)) removed(this.#core(), channel, error);
      });
      return { name, key, written };
    });
    this.#lines.ask(wishes);
  }

  /** False: it has been asked often enough. */
  #comeBackLater(channel: Channel, error: GatewayError, tries: number): boolean {
    const { clock, emit } = this.#core();
    const said = waitIn(error.message);
    const wait = said ?? backAgainMs[tries];
    if (wait === undefined) return false;
    // Where it lets us in late it is not left again.
    this.#abandoned.delete(channel.folded);
    const text = plainText(`You are not back in ${channel.name} yet; it is tried again. ${error.message}`);
    if (tries === 0) emit({ kind: 'remark', at: new Date(clock.now()), chat: channel.chat, text });
    this.#after(wait, () => {
      const isWanted = this.#core().channels.get(channel.folded) === channel && channel.asked && !channel.joined;
      if (isWanted && !this.#pending.has(channel.folded))
        this.#comeBack([channel], said === undefined ? tries + 1 : Math.max(tries, 1));
    });
    return true;
  }

  #after(ms: number, call: () => void): void {
    const cancel = this.#core().clock.after(ms, () => {
      this.#later.delete(cancel);
      call();
    });
    this.#later.add(cancel);
  }

  began(name: string): Channel {
    const { channels, fold } = this.#core();
    const folded = fold(name);
    const channel = channels.get(folded) ?? createChannel(this.#core(), name);
    channels.set(folded, channel);
    channel.name = name;
    channel.members = new Map();
    // One that has none is told by silence (RPL_TOPIC).
    channel.topic = '';
    channel.topicBy = '';
    channel.topicAt = 0;
    channel.joined = true;
    channel.listing = true;
    channel.leaving = false;
    // The modes are asked for only where somebody will be told of them.
    if (this.#abandoned.delete(folded)) this.#leave(channel);
    else this.#core().send(compose('MODE', name), 3);
    return channel;
  }

  entered(channel: Channel): void {
    if (channel.leaving) return;
    const one = this.#pending.get(channel.folded);
    if (one === undefined) {
      const short = channel.asked ? undefined : this.#pending.get(shortOf(channel));
      short?.settle(this.#forwards.instead(short.chat, channel.name));
      if (channel.asked) announced(this.#core(), channel);
      else if (!this.#forwards.entered(channel)) this.#putInto(channel);
      return;
    }
    channel.asked = true;
    channel.chat = one.chat;
    channel.key = one.key;
    announced(this.#core(), channel);
    one.settle(undefined);
  }

  refused(line: Line): boolean {
    const code: ErrorCode | undefined = joinRefusals.get(line.command);
    if (code === undefined || this.#pending.size === 0) return false;
    const one = this.#pending.get(this.#core().fold(line.params[1] ?? ''));
    if (one === undefined) return false;
    if (line.command === '477' && this.#isAskedOnceMore(one)) return true;
    const passes = passing.has(line.command) || (line.command === '477' && this.#knownLater());
    const error =
      (line.command === '470' ? this.#forwards.heard(line) : undefined) ?? because(this.#core(), code, line);
    one.settle(error, passes);
    if (line.command === '405') this.#isFull(line);
    return true;
  }

  /** Many servers read no further in their line than the channel that is one too many, and say nothing of the others. */
  #isFull(line: Line): void {
    const { fold, pings } = this.#core();
    const [nick = '', name = '', ...text] = line.params;
    const names = this.#lines.behind((one) => fold(one) === fold(name));
    const rest = names.flatMap((one) => this.#pending.get(fold(one)) ?? []).filter((one) => !this.#unread.has(one));
    if (rest.length === 0) return;
    for (const one of rest) this.#unread.add(one);
    pings.ping(1, () => {
      for (const one of rest) {
        this.#unread.delete(one);
        one.settle(because(this.#core(), 'over-quota', { ...line, params: [nick, one.chat, ...text] }));
      }
    });
  }

  /** Only for whom the services know, and they have just been told who we are. */
  #isAskedOnceMore(one: Pending): boolean {
    const { clock, fold } = this.#core();
    if (!this.#knownLater() || clock.now() - this.#upAt >= unknownMs) return false;
    this.#after(knownYetMs, () => {
      if (this.#pending.get(fold(one.chat)) !== one) return;
      const written = (dropped?: GatewayError): void => dropped && one.settle(dropped);
      this.#lines.ask([{ name: one.chat, key: one.key, written }]);
    });
    return true;
  }

  failed(line: Line): boolean {
    for (const context of line.params.slice(2, -1)) {
      const one = this.#pending.get(this.#core().fold(context));
      if (one === undefined) continue;
      one.settle(failure(line));
      return true;
    }
    return false;
  }

  isPending(name: string): boolean {
    return this.#pending.has(this.#core().fold(name));
  }

  forget({ folded, chat }: Channel): void {
    const one = this.#pending.get(folded);
    if (one === undefined) return;
    this.#abandon(folded);
    one.settle(new GatewayError('not-in-room', { text: `You have left ${chat}.` }));
  }

  lost(error: GatewayError): void {
    for (const one of [...this.#pending.values()]) one.settle(error);
    this.#abandoned.clear();
    this.#unread.clear();
    for (const cancel of this.#later) cancel();
    this.#later.clear();
    this.#lines.lost();
    this.#forwards.lost();
  }

  #abandon(folded: string): void {
    const channel = this.#core().channels.get(folded);
    if (channel?.joined === true && !channel.asked) this.#leave(channel);
    else if (this.#abandoned.size < maxAbandoned) this.#abandoned.add(folded);
  }

  /** It has let us in, and nobody waits for it any more. */
  #leave(channel: Channel): void {
    channel.leaving = true;
    try {
      this.#core().send(compose('PART', channel.name), 1);
    } catch (error) {
      // The connection ends, and with it that we are there.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  /** Waits for one channel; `done` is called once. */
  #expect(
    name: ChatId,
    key: string | undefined,
    signal: AbortSignal | undefined,
    done: (error: unknown, passes: boolean) => void,
  ): (dropped?: GatewayError) => void {
    const folded = this.#core().fold(name);
    let cancelTimer: (() => void) | undefined;
    const aborted = (): void => {
      this.#abandon(folded);
      one.settle(signal?.reason);
    };
    const one: Pending = {
      chat: name,
      key,
      settle: (error, passes = false) => {
        if (this.#pending.get(folded) !== one) return;
        this.#pending.delete(folded);
        cancelTimer?.();
        signal?.removeEventListener('abort', aborted);
        done(error, passes);
      },
    };
    this.#pending.set(folded, one);
    signal?.addEventListener('abort', aborted, { once: true });
    const wait = (before: number): void => {
      cancelTimer = this.#core().clock.after(answerMs, () => {
        const listed = this.#listed(folded);
        // What we have not read, and a long list, are no silence of the server's.
        if (listed > before || this.#core().paused()) {
          wait(listed);
          return;
        }
        this.#abandon(folded);
        one.settle(timedOut(`joining ${name}`));
      });
    };
    return (dropped) => {
      if (dropped !== undefined) one.settle(dropped);
      else if (this.#pending.get(folded) === one) wait(0);
    };
  }

  /** How many members of it have been named, where it has let us in and their list is under way. */
  #listed(folded: string): number {
    const channel = this.#core().channels.get(folded);
    return channel?.joined === true && channel.listing ? channel.members.size : 0;
  }

  /** Somewhere that nobody asked for: whose channel it is decides whether they want to see it. */
  #putInto(channel: Channel): void {
    const { clock, emit, server, ready } = this.#core();
    const about = { kind: 'invited', chat: channel.chat, by: server.name } as const;
    const reason = 'The server has put you into it';
    const tell = (more?: { isOwn: true }): void => emit({ ...about, at: new Date(clock.now()), reason, ...more });
    if (ready && clock.now() - this.#upAt >= bouncerMs) tell();
    // A bouncer's channels, which are its user's own and come with the connection: what is asked for comes right behind it.
    else this.#after(bouncerMs, () => channel.joined && !channel.asked && tell({ isOwn: true }));
  }
}

function announced(core: Core, channel: Channel): void {
  announce(core, channel);
  core.whos.look(channel);
}

function removed({ channels, clock, emit }: Core, channel: Channel, error: GatewayError): void {
  channels.delete(channel.folded);
  const { elsewhere: to } = error.details;
  const how = error.code === 'banned' ? 'banned' : to === undefined ? 'lost' : 'gone';
  const at = new Date(clock.now());
  emit({ kind: 'removed', at, chat: channel.chat, how, reason: error.message, ...(to !== undefined && { to }) });
}

/** A channel whose name has an id in front is entered without it (RFC 2811 §3.2): '!hall' is '!1A2B3hall'. */
const shortOf = ({ folded }: Channel): string => (folded.startsWith('!') ? `!${folded.slice(1 + idLength)}` : '');

/** How long a server says that it is to be waited (ms): as often as it does. */
function waitIn(text: string): number | undefined {
  const seconds = /\bwait ([1-9][0-9]{0,3}) seconds/i.exec(text)?.[1];
  return seconds === undefined ? undefined : (Number(seconds) + 1) * 1000;
}

function because({ support }: Core, code: ErrorCode, line: Line): GatewayError {
  const error = refusal(code, line);
  if (throttles.has(line.command) && isThrottle.test(error.message))
    return new GatewayError('too-fast', { text: error.message, retryAfterMs: waitIn(error.message) ?? throttledMs });
  return line.command === '473' && support.knock ? mayKnock(code, error.message) : error;
}

/** The complete list and all of the room: what a join promises before it resolves. */
export function announce(core: Core, channel: Channel): void {
  const at = new Date(core.clock.now());
  core.emit({ kind: 'members', at, chat: channel.chat, changes: everybody(core, channel), complete: true });
  core.emit({ kind: 'room', at, chat: channel.chat, change: describeRoom(core, channel) });
}

const otherwise = ({ chat }: Channel): GatewayError =>
  new GatewayError('bad-address', { text: `You are in that channel already; here it is called ${chat}.` });
