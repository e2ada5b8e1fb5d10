/** Requests to a contact: a person on the network, for whom the gateway is the server and the client at once. */
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import { deedFeatures } from '../contacts/deed-features.ts';
import { contactFeatures, discoInfo, discoItems } from '../disco.ts';
import type { Question } from '../face.ts';
import { answer, noSuchItem, result } from './answers.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { aboutCommands, commandsAt } from './iq-commands.ts';
import { noCard, noNodes, ping } from './iq-small.ts';
import type { Target } from './scope.ts';

type Contact = Extract<Target, { is: 'contact' }>;

const items: IqEntry = {
  ns: DISCO_ITEMS,
  name: 'query',
  get(scope, stanza, query, target) {
    const { node } = query.attrs;
    if (node === undefined || node === '') return answer(result(stanza, discoItems([])));
    return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
  },
};

/** Registration, archive, version, time and the like are not a contact's to answer: service-unavailable (CHECKLIST 077-20, 313-10, 092-01). */
export function contactTable(catalogue: Catalogue): IqTables['contact'] {
  const rest: readonly IqEntry[] = [items, ping, noCard, noNodes, commandsAt(catalogue, 'contact')];
  const features = [...featuresOf(iqTable(...rest)), ...contactFeatures];
  const info: IqEntry<Contact> = {
    ns: DISCO_INFO,
    name: 'query',
    get(scope, stanza, query, target) {
      const { node } = query.attrs;
      if (node !== undefined && node !== '') {
        return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
      }
      const { address, on } = target;
      const name = scope.options.addresses.title(address);
      const identities = [
        { category: 'account', type: 'registered', name },
        { category: 'client', type: 'pc', name },
      ];
      // What can be done to messages is known to whoever is connected.
      const question: Question = async ({ session }) => [
        result(stanza, discoInfo({ identities, features: [...features, ...deedFeatures(session)] })),
      ];
      return { is: 'question', account: scope.key(stanza.from, on), stanza, question };
    },
  };
  return iqTable<Contact>(info, ...rest);
}
