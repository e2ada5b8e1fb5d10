/** Joins under way, and channels that are entered: asked for, again after a reconnect, or because the server put us there. */
import { type ChatId, type ErrorCode, GatewayError, sparseMap, sparseSet } from '#bridge';
import { type Channel, createChannel, describeRoom, everybody } from './channel.ts';
import type { Core } from './core.ts';
import { createForwards, type Forwards } from './forwards.ts';
import { tellPast } from './history.ts';
import { knockHint } from './knock.ts';
import { failure, joinRefusals, refusal, timedOut } from './refusals.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Joins {
  /** Resolves when the channel's members have been told; rejects as the server refuses, after 30 seconds, or when aborted. */
  join(name: ChatId, key: string | undefined, signal: AbortSignal): Promise<void>;
  /** Enters every channel again on a new connection; those that refuse are told as `removed`. */
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
  settle(error: unknown): void;
}

const answerMs = 30_000;
/** For so long channels in which we were from the beginning may still be asked for. */
const bouncerMs = 5000;
const maxNamesBytes = 380;
const maxAbandoned = 64;

export const createJoins = (core: () => Core): Joins => new Entering(core);

/** An object of a class: each session has one. */
class Entering implements Joins {
  readonly #core: () => Core;
  readonly #pending = sparseMap<string, Pending>();
  /** Channels whose JOIN nobody waits for any more: they are left again when it succeeds late (45-31). */
  readonly #abandoned = sparseSet<string>();
  readonly #forwards: Forwards;
  readonly #later = sparseSet<() => void>();

  constructor(core: () => Core) {
    this.#core = core;
    this.#forwards = createForwards(core);
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
      const line = key === undefined || key === '' ? compose('JOIN', name) : compose('JOIN', name, key);
      this.#abandoned.delete(folded);
      const written = this.#expect(name, key, signal, (error) => (error === undefined ? resolve() : reject(error)));
      try {
        this.#core().send(line, 1, written, signal);
      } catch (error) {
        this.#pending.get(folded)?.settle(error);
      }
    });
  }

  rejoin(): void {
    const { channels } = this.#core();
    for (const channel of [...channels.values()]) if (!channel.asked) channels.delete(channel.folded);
    // A bouncer has put us into its own again before we could ask, and would not answer.
    const missing = [...channels.values()].filter(({ joined }) => !joined);
    const all = missing.sort((a, b) => Number(b.key !== undefined) - Number(a.key !== undefined));
    for (const group of grouped(all, this.#core().support.targets.get('JOIN') ?? Number.POSITIVE_INFINITY)) {
      const starts = group.map((channel) =>
        this.#expect(channel.chat, channel.key, undefined, (error) => {
          const isOver = error instanceof GatewayError && error.code !== 'network-away';
          if (isOver && channel.asked) removed(this.#core(), channel, error);
        }),
      );
      const keys = group.flatMap(({ key }) => (key === undefined ? [] : [key]));
      const names = group.map(({ name }) => name).join(',');
      const line = keys.length === 0 ? compose('JOIN', names) : compose('JOIN', names, keys.join(','));
      this.#core().send(line, 1, (dropped) => {
        for (const start of starts) start(dropped);
      });
    }
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
    channel.leaving = this.#abandoned.delete(folded);
    // The modes are asked for only where somebody will be told of them.
    this.#core().send(channel.leaving ? compose('PART', name) : compose('MODE', name), 1);
    return channel;
  }

  entered(channel: Channel): void {
    if (channel.leaving) return;
    const one = this.#pending.get(channel.folded);
    if (one === undefined) {
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
    one.settle((line.command === '470' ? this.#forwards.heard(line) : undefined) ?? because(this.#core(), code, line));
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
    for (const cancel of this.#later) cancel();
    this.#later.clear();
    this.#forwards.lost();
  }

  #abandon(folded: string): void {
    if (this.#abandoned.size < maxAbandoned) this.#abandoned.add(folded);
  }

  /** Waits for one channel; `done` is called once. */
  #expect(
    name: ChatId,
    key: string | undefined,
    signal: AbortSignal | undefined,
    done: (error: unknown) => void,
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
      settle: (error) => {
        if (this.#pending.get(folded) !== one) return;
        this.#pending.delete(folded);
        cancelTimer?.();
        signal?.removeEventListener('abort', aborted);
        done(error);
      },
    };
    this.#pending.set(folded, one);
    signal?.addEventListener('abort', aborted, { once: true });
    return (dropped) => {
      if (dropped !== undefined) one.settle(dropped);
      else if (this.#pending.get(folded) === one) {
        cancelTimer = this.#core().clock.after(answerMs, () => {
          this.#abandon(folded);
          one.settle(timedOut(`joining ${name}`));
        });
      }
    };
  }

  /** Somewhere that nobody asked for: whose channel it is decides whether they want to see it. */
  #putInto(channel: Channel): void {
    const { clock, emit, server, ready } = this.#core();
    const about = { kind: 'invited', chat: channel.chat, by: server.name } as const;
    const reason = 'The server has put you into it';
    const tell = (more?: { isOwn: true }): void => emit({ ...about, at: new Date(clock.now()), reason, ...more });
    if (ready) tell();
    // A bouncer's channels, which are its user's own: what is asked for comes right behind the connection.
    else this.#later.add(clock.after(bouncerMs, () => channel.joined && !channel.asked && tell({ isOwn: true })));
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

function because({ support }: Core, code: ErrorCode, line: Line): GatewayError {
  const error = refusal(code, line);
  if (line.command !== '473' || !support.knock) return error;
  return new GatewayError(code, { text: `${error.message} ${knockHint}` });
}

/** The complete list and all of the room: what a join promises before it resolves. */
export function announce(core: Core, channel: Channel): void {
  const at = new Date(core.clock.now());
  core.emit({ kind: 'members', at, chat: channel.chat, changes: everybody(core, channel), complete: true });
  core.emit({ kind: 'room', at, chat: channel.chat, change: describeRoom(channel) });
}

const otherwise = ({ chat }: Channel): GatewayError =>
  new GatewayError('bad-address', { text: `You are in that channel already; here it is called ${chat}.` });

/** As many channels as one JOIN holds. */
function grouped(channels: readonly Channel[], max: number): readonly (readonly Channel[])[] {
  const groups: Channel[][] = [];
  let bytes = maxNamesBytes;
  for (const channel of channels) {
    const size = Buffer.byteLength(channel.name) + Buffer.byteLength(channel.key ?? '') + 2;
    const last = groups.at(-1);
    if (last === undefined || bytes + size > maxNamesBytes || last.length >= max) {
      groups.push([channel]);
      bytes = size;
    } else {
      last.push(channel);
      bytes += size;
    }
  }
  return groups;
}
