/** Joins under way, and channels that are entered: asked for, again after a reconnect, or because the server put us there. */
import { type ChatId, type ErrorCode, GatewayError, sparseMap, sparseSet } from '#bridge';
import { type Channel, createChannel, describeRoom, everybody } from './channel.ts';
import type { Core } from './core.ts';
import { createForwards } from './forwards.ts';
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

export function createJoins(core: () => Core): Joins {
  const pending = sparseMap<string, Pending>();
  /** Channels whose JOIN nobody waits for any more: they are left again when it succeeds late (45-31). */
  const abandoned = sparseSet<string>();
  const forwards = createForwards(core);
  const later = sparseSet<() => void>();

  function abandon(folded: string): void {
    if (abandoned.size < maxAbandoned) abandoned.add(folded);
  }

  function announced(channel: Channel): void {
    announce(core(), channel);
    core().whos.look(channel);
  }

  /** Waits for one channel; `done` is called once. */
  function expect(
    name: ChatId,
    key: string | undefined,
    signal: AbortSignal | undefined,
    done: (error: unknown) => void,
  ) {
    const folded = core().fold(name);
    let cancelTimer: (() => void) | undefined;
    const aborted = (): void => {
      abandon(folded);
      one.settle(signal?.reason);
    };
    const one: Pending = {
      chat: name,
      key,
      settle(error) {
        if (pending.get(folded) !== one) return;
        pending.delete(folded);
        cancelTimer?.();
        signal?.removeEventListener('abort', aborted);
        done(error);
      },
    };
    pending.set(folded, one);
    signal?.addEventListener('abort', aborted, { once: true });
    return (dropped?: GatewayError): void => {
      if (dropped !== undefined) one.settle(dropped);
      else if (pending.get(folded) === one) {
        cancelTimer = core().clock.after(answerMs, () => {
          abandon(folded);
          one.settle(timedOut(`joining ${name}`));
        });
      }
    };
  }

  function removed(channel: Channel, error: GatewayError): void {
    const { channels, clock, emit } = core();
    channels.delete(channel.folded);
    const { elsewhere: to } = error.details;
    const how = error.code === 'banned' ? 'banned' : to === undefined ? 'lost' : 'gone';
    const at = new Date(clock.now());
    emit({ kind: 'removed', at, chat: channel.chat, how, reason: error.message, ...(to !== undefined && { to }) });
  }

  function because(code: ErrorCode, line: Line): GatewayError {
    const error = refusal(code, line);
    if (line.command !== '473' || !core().support.knock) return error;
    return new GatewayError(code, { text: `${error.message} ${knockHint}` });
  }

  /** Somewhere that nobody asked for: whose channel it is decides whether they want to see it. */
  function putInto(channel: Channel): void {
    const { clock, emit, server, ready } = core();
    const about = { kind: 'invited', chat: channel.chat, by: server.name } as const;
    const reason = 'The server has put you into it';
    const tell = (more?: { isOwn: true }): void => emit({ ...about, at: new Date(clock.now()), reason, ...more });
    if (ready) tell();
    // A bouncer's channels, which are its user's own: what is asked for comes right behind the connection.
    else later.add(clock.after(bouncerMs, () => channel.joined && !channel.asked && tell({ isOwn: true })));
  }

  return {
    join(name, key, signal) {
      const folded = core().fold(name);
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const channel = core().channels.get(folded);
        if (channel?.joined === true && !channel.listing) {
          if (channel.asked && channel.chat !== name) throw otherwise(channel);
          channel.asked = true;
          channel.chat = name;
          announce(core(), channel);
          tellPast(core(), channel);
          resolve();
          return;
        }
        if (pending.has(folded)) throw new GatewayError('too-fast', { text: `${name} is being joined already.` });
        const line = key === undefined || key === '' ? compose('JOIN', name) : compose('JOIN', name, key);
        abandoned.delete(folded);
        const written = expect(name, key, signal, (error) => (error === undefined ? resolve() : reject(error)));
        try {
          core().send(line, 1, written, signal);
        } catch (error) {
          pending.get(folded)?.settle(error);
        }
      });
    },
    rejoin() {
      for (const channel of [...core().channels.values()]) if (!channel.asked) core().channels.delete(channel.folded);
      // A bouncer has put us into its own again before we could ask, and would not answer.
      const missing = [...core().channels.values()].filter(({ joined }) => !joined);
      const all = missing.sort((a, b) => Number(b.key !== undefined) - Number(a.key !== undefined));
      for (const group of grouped(all, core().support.targets.get('JOIN') ?? Number.POSITIVE_INFINITY)) {
        const starts = group.map((channel) =>
          expect(channel.chat, channel.key, undefined, (error) => {
            if (error instanceof GatewayError && error.code !== 'network-away') removed(channel, error);
          }),
        );
        const keys = group.flatMap(({ key }) => (key === undefined ? [] : [key]));
        const names = group.map(({ name }) => name).join(',');
        const line = keys.length === 0 ? compose('JOIN', names) : compose('JOIN', names, keys.join(','));
        core().send(line, 1, (dropped) => {
          for (const start of starts) start(dropped);
        });
      }
    },
    began(name) {
      const { channels, fold } = core();
      const folded = fold(name);
      const channel = channels.get(folded) ?? createChannel(core(), name);
      channels.set(folded, channel);
      channel.name = name;
      channel.members = new Map();
      channel.joined = true;
      channel.listing = true;
      // The modes are asked for only where somebody will be told of them.
      core().send(abandoned.delete(folded) ? compose('PART', name) : compose('MODE', name), 1);
      return channel;
    },
    entered(channel) {
      const one = pending.get(channel.folded);
      if (one === undefined) {
        if (channel.asked) announced(channel);
        else if (!forwards.entered(channel)) putInto(channel);
        return;
      }
      channel.asked = true;
      channel.chat = one.chat;
      channel.key = one.key;
      announced(channel);
      one.settle(undefined);
    },
    refused(line) {
      const code: ErrorCode | undefined = joinRefusals.get(line.command);
      if (code === undefined || pending.size === 0) return false;
      const one = pending.get(core().fold(line.params[1] ?? ''));
      if (one === undefined) return false;
      one.settle((line.command === '470' ? forwards.heard(line) : undefined) ?? because(code, line));
      return true;
    },
    failed(line) {
      for (const context of line.params.slice(2, -1)) {
        const one = pending.get(core().fold(context));
        if (one === undefined) continue;
        one.settle(failure(line));
        return true;
      }
      return false;
    },
    isPending: (name) => pending.has(core().fold(name)),
    lost(error) {
      for (const one of [...pending.values()]) one.settle(error);
      abandoned.clear();
      for (const cancel of later) cancel();
      later.clear();
      forwards.lost();
    },
  };
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
