/** Rooms begin with '#', everybody else is a person; names are what people type, encoded where a localpart can't hold them. */
import { type Addresses, plainAddresses } from '#bridge';

export const addresses: Addresses = plainAddresses({
  network: 'the fake network',
  isRoom: (name) => name !== '',
  isPerson: () => true,
});
