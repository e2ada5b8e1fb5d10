/** Addresses of networks whose rooms are `#<id>` and whose people are `<id>` (DESIGN.md §5): what a localpart can't hold of an id is encoded. */
import { type ChatId, chatId, personId } from '../core/ids.ts';
import { decodeLocal, encodeLocal } from '../core/localpart.ts';
import type { Addresses } from './contract.ts';

/** What such a network says of its ids. */
export interface PlainIds {
  /** What people read behind "on". */
  readonly network: string;
  /** Can a room's id be that, behind its `#`? */
  isRoom(name: string): boolean;
  isPerson(id: string): boolean;
  /** As in `Addresses`. */
  readonly exampleRoom?: ChatId;
}

/** Its `Addresses`: a room's id begins with `#`, a person's does not. */
export function plainAddresses({ network, isRoom, isPerson, exampleRoom }: PlainIds): Addresses {
  return {
    ...(exampleRoom !== undefined && { exampleRoom }),
    format(address) {
      switch (address.is) {
        case 'room':
          return `#${encodeLocal(address.id.slice(1))}`;
        case 'person':
          return encodeLocal(address.id);
        case 'service':
          return '';
        default:
          return address satisfies never;
      }
    },
    parse(localpart) {
      if (localpart === '') return { is: 'service' };
      const id = decodeLocal(localpart);
      if (id.startsWith('#')) return isRoom(id.slice(1)) ? { is: 'room', id: chatId(id) } : undefined;
      return isPerson(id) ? { is: 'person', id: personId(id) } : undefined;
    },
    title: (address) => (address.is === 'service' ? network : `${address.id} on ${network}`),
  };
}
