/** Requests to a contact: a person on the network, for whom the gateway is the server and the client at once. */
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { contactFeatures, discoInfo, discoItems } from '../disco.ts';
import { answer, noSuchItem, result } from './answers.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { noCard, noNodes, ping } from './iq-small.ts';
import type { Target } from './scope.ts';

type Contact = Extract<Target, { is: 'contact' }>;

const items: IqEntry = {
  ns: DISCO_ITEMS,
  name: 'query',
  get: (_, stanza, { attrs: { node } }) =>
    answer(node === undefined || node === '' ? result(stanza, discoItems([])) : noSuchItem(stanza)),
};

/** Registration, archive, version, time and the like are not a contact's to answer: service-unavailable (CHECKLIST 077-20, 313-10, 092-01). */
export function contactTable(): IqTables['contact'] {
  const rest: readonly IqEntry[] = [items, ping, noCard, noNodes];
  const features = [...featuresOf(iqTable(...rest)), ...contactFeatures];
  const info: IqEntry<Contact> = {
    ns: DISCO_INFO,
    name: 'query',
    get({ options }, stanza, { attrs: { node } }, { address }) {
      if (node !== undefined && node !== '') return answer(noSuchItem(stanza));
      const name = options.addresses.title(address);
      const identities = [
        { category: 'account', type: 'registered', name },
        { category: 'client', type: 'pc', name },
      ];
      return answer(result(stanza, discoInfo({ identities, features })));
    },
  };
  return iqTable<Contact>(info, ...rest);
}
