/**
 * The network of the ownership model: each worker has a connection of its own, what is written to it is heard in order, and what was heard under a key can be
 * asked for (as with Discord's nonce, or an IRC echo). It writes down what it heard, whoever said it.
 */
import type { ChatId, DeliveryKey } from '../../../../src/core/ids.ts';
import type { Taken } from '../../../../src/delivery/lanes.ts';

/** One line on its way: written by a worker, not yet heard. */
export interface Line {
  readonly taken: Taken;
  /** Comes back to who wrote it. */
  readonly answer: (heard: boolean | 'refused') => void;
}

export interface ModelNetwork {
  /** In each chat, the keys in the order in which they were heard first. */
  readonly heard: ReadonlyMap<ChatId, readonly DeliveryKey[]>;
  /** Keys that were heard more than once, and how often beyond the first. */
  readonly twice: ReadonlyMap<DeliveryKey, number>;
  /** Keys that were refused once: whoever did not live to hear of it leaves them to be tried again. */
  readonly refused: ReadonlySet<DeliveryKey>;
  hears(taken: Taken): void;
  refuses(taken: Taken): void;
  knows(key: DeliveryKey): boolean;
}

export function createModelNetwork(): ModelNetwork {
  const heard = new Map<ChatId, DeliveryKey[]>();
  const known = new Set<DeliveryKey>();
  const refused = new Set<DeliveryKey>();
  const twice = new Map<DeliveryKey, number>();
  return {
    heard,
    twice,
    refused,
    refuses: ({ key }) => void refused.add(key),
    knows: (key) => known.has(key),
    hears({ key, intent: { chat } }) {
      if (known.has(key)) {
        twice.set(key, (twice.get(key) ?? 0) + 1);
        return;
      }
      known.add(key);
      const list = heard.get(chat);
      if (list === undefined) heard.set(chat, [key]);
      else list.push(key);
    },
  };
}
