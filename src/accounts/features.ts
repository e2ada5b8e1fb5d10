/** The parts of an account that each look after one thing of its owner's: made once, together, and told by the account what happens. */
import type { Network } from '../bridge/contract.ts';
import type { Face } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { type AccountAvatars, createAvatars } from './avatars.ts';
import { type Bookmarking, createBookmarking } from './bookmarking.ts';
import { type CatchingUp, type CatchingUpParts, createCatchingUp } from './catching-up.ts';
import { type ClientsParts, createPresenceOfClients, type PresenceOfClients } from './clients.ts';
import { type Contacts, createContacts } from './contacts.ts';
import { createDeeds, type Deeds } from './deeds.ts';
import { createListing, type Listing, noListing } from './listing.ts';
import { createTalks, type Talks } from './talks.ts';
import type { LeasedWorld } from './world.ts';

export interface Features {
  readonly deeds: Deeds;
  readonly talks: Talks;
  readonly catchingUp: CatchingUp;
  readonly clients: PresenceOfClients;
  readonly contacts: Contacts;
  /** undefined: nobody keeps pictures here. */
  readonly avatars: AccountAvatars | undefined;
  readonly listing: Listing;
  readonly bookmarking: Bookmarking;
}

export type FeaturesParts = Omit<CatchingUpParts, 'isPassedOver' | 'recall'> & Pick<ClientsParts, 'append' | 'onEmpty'>;

export function createFeatures(
  row: AccountRow,
  network: Network,
  face: Face,
  world: LeasedWorld,
  { append, onEmpty, doubles, lasting, ...here }: FeaturesParts,
): Features {
  const talks = createTalks(row, world, { ...here, ...network });
  const contacts = createContacts(row, face, world);
  const deeds = createDeeds(row, face, world);
  const recall = deeds.recall.bind(deeds);
  return {
    deeds,
    talks,
    catchingUp: createCatchingUp(row.id, face, world, { ...here, doubles, lasting, recall, ...talks }),
    clients: createPresenceOfClients(row, network, face, world, { append, wishes: world.wishes, onEmpty }),
    contacts,
    avatars: createAvatars(row, network, face, { ...world, ...here }),
    listing:
      network.keepsContacts === true ? createListing(row, face, world, { ...here, ...network, contacts }) : noListing,
    bookmarking: createBookmarking(row, face, world, { ...here, ...network }),
  };
}
