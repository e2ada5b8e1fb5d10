/** Messages of ours on their way: told at their place in the order when the gateway tells of their last part (DESIGN.md §1.6), or when it is silent. */
import type { APIMessage } from 'discord.js';
import {
  type ChatId,
  type Clock,
  type Content,
  createRemembered,
  type DeliveryKey,
  type MessageRef,
  messageId,
  type NetworkEvent,
  personId,
} from '#bridge';
import type { Core } from './core.ts';

export interface Flight {
  readonly chat: ChatId;
  /** On Discord. */
  readonly channel: string;
  readonly key: DeliveryKey;
  readonly content: Content;
  readonly direct: boolean;
  /** Said by a webhook of ours; else by the bot, under these nonces. */
  readonly byWebhook: boolean;
  nonces: readonly string[];
  /** So many messages are to come of it. */
  parts: number;
  /** What Discord has answered. */
  readonly made: string[];
  /** What the gateway has told of. */
  readonly heard: string[];
  settle: (() => void) | undefined;
}

export interface Flights {
  begin(flight: Flight): void;
  /** It has become so many messages. */
  relaid(flight: Flight, parts: number, nonces: readonly string[]): void;
  /** It is over, however it went. */
  end(flight: Flight): void;
  /** Resolves when the gateway has told all of it, or tells nothing in time. */
  told(flight: Flight): Promise<void>;
  /** A message by ourselves: 'ours' where a flight has taken it, or has before; 'elsewhere': nobody here has sent it. */
  heard(message: APIMessage, byWebhook: boolean): 'ours' | 'elsewhere';
  /** What was sent, by that flight: it is no news when the gateway tells of it later. */
  sent(id: string, flight?: Flight): void;
}

const patienceMs = 10_000;
const rememberedAtMost = 5_000;

/** Nothing is on its way. */
export function createFlights(core: Core, nameOfMe: (chat: ChatId) => string): Flights {
  const clock: Pick<Clock, 'after'> = core.clock;
  const flying = new Map<string, Set<Flight>>();
  const known = createRemembered<true>(rememberedAtMost);
  const nonces = createRemembered<true>(rememberedAtMost);

  function emit({ chat, key, content, direct, heard }: Flight, at: Date): void {
    const refs: readonly MessageRef[] = heard.map((id) => ({ id: messageId(id), part: 0 }));
    const [ref] = refs;
    if (ref === undefined) return;
    const event: NetworkEvent = {
      kind: 'message',
      at,
      chat,
      by: personId(core.me),
      nick: nameOfMe(chat),
      ref,
      ...(refs.length > 1 && { refs }),
      content,
      sentBy: key,
      ...(direct && { direct }),
    };
    core.emit(event);
  }

  /** The answer and the gateway's word come in either order. What is known and of no flight is a late word of an earlier one. */
  function flightOf({ id, channel_id, nonce }: APIMessage, byWebhook: boolean): Flight | undefined {
    for (const flight of flying.get(channel_id) ?? []) {
      if (flight.byWebhook !== byWebhook || flight.heard.length >= flight.parts) continue;
      if (flight.made.includes(id)) return flight;
      if (known.has(id)) continue;
      if (byWebhook || flight.nonces.includes(String(nonce))) return flight;
    }
    return undefined;
  }

  return {
    begin(flight) {
      const there = flying.get(flight.channel) ?? new Set();
      there.add(flight);
      flying.set(flight.channel, there);
      for (const nonce of flight.nonces) nonces.put(nonce, true);
    },
    relaid(flight, parts, own) {
      flight.parts = parts;
      flight.nonces = own;
      for (const nonce of own) nonces.put(nonce, true);
    },
    end(flight) {
      const there = flying.get(flight.channel);
      there?.delete(flight);
      if (there?.size === 0) flying.delete(flight.channel);
      flight.settle?.();
    },
    told(flight) {
      if (flight.heard.length >= flight.parts || !core.isUp) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(patienceMs, resolve);
      flight.settle = () => {
        cancel();
        resolve();
      };
      return promise;
    },
    heard(message, byWebhook) {
      const flight = flightOf(message, byWebhook);
      if (flight !== undefined) {
        known.put(message.id, true);
        flight.heard.push(message.id);
        if (flight.heard.length < flight.parts) return 'ours';
        emit(flight, new Date(message.timestamp));
        flight.settle?.();
        return 'ours';
      }
      // One whose answer was lost is asked about before it is sent again.
      return byWebhook || known.has(message.id) || nonces.has(String(message.nonce)) ? 'ours' : 'elsewhere';
    },
    sent(id, flight) {
      known.put(id, true);
      flight?.made.push(id);
    },
  };
}
