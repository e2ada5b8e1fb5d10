/** Rooms begin with '#', everybody else is a person; names are what people type, encoded where a localpart can't hold them. */
import { type Address, type Addresses, chatId, decodeLocal, encodeLocal, personId } from '#bridge';

export const addresses: Addresses = {
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
  parse(localpart): Address | undefined {
    if (localpart === '') return { is: 'service' };
    if (!localpart.startsWith('#')) return { is: 'person', id: personId(decodeLocal(localpart)) };
    return localpart.length > 1 ? { is: 'room', id: chatId(`#${decodeLocal(localpart.slice(1))}`) } : undefined;
  },
  title(address) {
    return address.is === 'service' ? 'the fake network' : `${address.id} on the fake network`;
  },
};
