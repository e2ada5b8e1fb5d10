/** Requests to the gateway itself and to a server of the network (CHECKLIST section 4). What is announced is computed from these tables. */
import type { DataForm } from '../../xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO, DISCO_ITEMS, type Identity } from '../../xmpp/xep/0030-disco.ts';
import { COMMANDS, command } from '../../xmpp/xep/0050-commands.ts';
import { serverInfo } from '../../xmpp/xep/0157-contact-addresses.ts';
import { CAPS_NODE, capsOf, discoInfo, discoItems, type Info, serviceFeatures } from '../disco.ts';
import { answer, deny, noSuchItem, result } from './answers.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { entityTime, noCard, noNodes, ownCard, ping, softwareVersion, uptime } from './iq-small.ts';
import type { DecoderOptions, Target } from './scope.ts';
import type { ServicePresence } from './subscriptions.ts';

const commandList: Identity = { category: 'automation', type: 'command-list', name: 'Commands' };

/** Items: there are no public rooms to list yet, and no commands, which is an empty list in both cases (CHECKLIST 030-04). */
const items: IqEntry = {
  ns: DISCO_ITEMS,
  name: 'query',
  feature: DISCO_ITEMS,
  open: true,
  get(_, stanza, { attrs: { node } }) {
    const isKnown = node === undefined || node === '' || node === COMMANDS;
    return answer(isKnown ? result(stanza, discoItems([], node)) : noSuchItem(stanza));
  },
};

/** XEP-0050 §4.4: there is no command of that name. */
const noCommand: IqEntry = {
  ns: COMMANDS,
  name: 'command',
  set(_, stanza, payload) {
    const asked = command.read(payload);
    if (asked === undefined) return answer(deny(stanza, { type: 'modify', condition: 'bad-request' }));
    return answer(noSuchItem(stanza, `There is no command ${asked.node}`));
  },
};

const identitiesOf = ({ about }: DecoderOptions): readonly Identity[] => [
  { category: 'gateway', type: about.type, name: about.name },
  { category: 'conference', type: 'text', name: about.name },
];

/** The admins, where nobody else is named. */
function formsOf({ admins, serverInfo: contacts }: DecoderOptions): readonly DataForm[] {
  const form = serverInfo(contacts ?? { admin: admins.map((jid) => `xmpp:${jid}`) });
  return form === undefined ? [] : [form];
}

/** What is announced, what is answered, and what the gateway's presence says of both (CHECKLIST 115-01, 115-03). */
export function gatewayTable(options: DecoderOptions): {
  readonly table: IqTables['gateway'];
  readonly presence: ServicePresence;
} {
  const rest: readonly IqEntry[] = [items, ping, softwareVersion, entityTime, uptime, ownCard, noNodes, noCommand];
  const info: Info = {
    identities: identitiesOf(options),
    features: [...featuresOf(iqTable(...rest)), ...serviceFeatures],
    forms: formsOf(options),
  };
  const { ver, element } = capsOf(info);
  const capsNode = `${CAPS_NODE}#${ver}`;
  const about: IqEntry = {
    ns: DISCO_INFO,
    name: 'query',
    open: true,
    get(_, stanza, { attrs: { node } }) {
      if (node === undefined || node === '') return answer(result(stanza, discoInfo(info)));
      if (node === capsNode) return answer(result(stanza, discoInfo({ ...info, node })));
      if (node !== COMMANDS) return answer(noSuchItem(stanza));
      return answer(result(stanza, discoInfo({ identities: [commandList], features: [], node })));
    },
  };
  return { table: iqTable(about, ...rest), presence: { body: element } };
}

type Server = Extract<Target, { is: 'server' }>;

/** A server of the network: it is there, and it lists nothing. */
export function serverTable({ about }: DecoderOptions): IqTables['server'] {
  const rest: readonly IqEntry[] = [items, ping, softwareVersion, entityTime, noCard, noNodes, noCommand];
  const features = featuresOf(iqTable(...rest));
  const info: IqEntry<Server> = {
    ns: DISCO_INFO,
    name: 'query',
    get({ options }, stanza, { attrs: { node } }, { address }) {
      if (node !== undefined && node !== '') return answer(noSuchItem(stanza));
      const name = options.addresses.title(address);
      return answer(
        result(stanza, discoInfo({ identities: [{ category: 'gateway', type: about.type, name }], features })),
      );
    },
  };
  return iqTable<Server>(info, ...rest);
}
