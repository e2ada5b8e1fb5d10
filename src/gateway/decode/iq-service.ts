/** Requests to the gateway itself and to a server of the network (CHECKLIST section 4). What is announced is computed from these tables. */
import type { DataForm } from '../../xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO, DISCO_ITEMS, type Identity } from '../../xmpp/xep/0030-disco.ts';
import { serverInfo } from '../../xmpp/xep/0157-contact-addresses.ts';
import { networkPolicy, servicePolicy } from '../../xmpp/xep/0504-data-policy.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import { CAPS_NODE, capsOf, discoInfo, discoItems, type Info, serviceFeatures } from '../disco.ts';
import { profileFeatures } from '../own-profile.ts';
import { answer, noSuchItem, result } from './answers.ts';
import { isOneServer, listChannels, listServers, type Place } from './channels.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { picturesAt } from './iq-bits.ts';
import { aboutCommands, commandsAt } from './iq-commands.ts';
import { registrationAt } from './iq-register.ts';
import { entityTime, noCard, noNodes, ownCard, ping, rosterPush, softwareVersion, uptime } from './iq-small.ts';
import { addressPrompt, peopleSearch } from './people-search.ts';
import type { DecoderOptions, Target } from './scope.ts';
import { extendedSearch, roomSearch } from './search.ts';
import type { ServicePresence } from './subscriptions.ts';

/** Items: rooms or servers where they can be listed, for those who may, else an empty list (CHECKLIST 030-04); the commands are a list of their own. */
const itemsAt = (list: typeof listChannels | undefined): IqEntry<Place> => ({
  ns: DISCO_ITEMS,
  name: 'query',
  feature: DISCO_ITEMS,
  open: true,
  get(scope, stanza, query, place) {
    const about = aboutCommands(scope, stanza, query, place);
    if (about !== undefined) return about;
    const { node } = query.attrs;
    if (node !== undefined && node !== '') return answer(noSuchItem(stanza));
    if (list === undefined || !scope.allows(stanza.from)) return answer(result(stanza, discoItems([], node)));
    return list(scope, stanza, query, place);
  },
});

/** Searches, where rooms can be listed. */
function searchesAt(browsable: boolean, findsPeople: boolean): readonly IqEntry<Place>[] {
  const bySearch = findsPeople ? [peopleSearch(browsable)] : browsable ? [roomSearch] : [];
  return browsable ? [...bySearch, extendedSearch] : bySearch;
}

/** Of what has rooms; a gateway whose rooms are on many servers says so first, since clients would take its items for rooms (Gajim). */
const identitiesOf = (
  { type }: DecoderOptions['about'],
  name: string,
  holds: 'rooms' | 'servers',
): readonly Identity[] => [
  { category: 'gateway', type, name },
  ...(holds === 'servers' ? [{ category: 'conference', type, name }] : []),
  { category: 'conference', type: 'text', name },
];

/** The admins, where nobody else is named. */
function contactsOf({ admins, serverInfo: contacts }: DecoderOptions): readonly DataForm[] {
  const form = serverInfo(contacts ?? { admin: admins.map((jid) => `xmpp:${jid}`) });
  return form === undefined ? [] : [form];
}

/** What becomes of what users entrust to us, and to the network (CHECKLIST 504-01). */
function policiesOf({ about, retentionHours, encrypts }: DecoderOptions, catalogue: Catalogue): readonly DataForm[] {
  if (retentionHours === undefined) return [];
  const nodes = new Set(catalogue.at('gateway', false).map(({ node }) => node));
  const canExport = nodes.has('export-my-data');
  const canErase = nodes.has('delete-my-data');
  return [
    servicePolicy({ retentionHours, canExport, canErase }),
    networkPolicy('gateway', about.type, encrypts === true),
  ];
}

/** What is announced, what is answered, and what the gateway's presence says of both (CHECKLIST 115-01, 115-03). */
export function gatewayTable(
  options: DecoderOptions,
  catalogue: Catalogue,
): {
  readonly table: IqTables['gateway'];
  readonly presence: ServicePresence;
} {
  const { browsable = false, findsPeople = false, about: itself } = options;
  const holds = isOneServer(options) ? 'rooms' : 'servers';
  const list = holds === 'rooms' ? listChannels : listServers;
  const small: readonly IqEntry[] = [ping, softwareVersion, entityTime, uptime, ownCard, noNodes, rosterPush];
  const isServer = holds === 'rooms';
  const searches = isServer ? [...searchesAt(browsable, findsPeople), addressPrompt] : [];
  const registers = [...registrationAt(options), ...picturesAt(options)];
  const items = itemsAt(browsable ? list : undefined);
  const rest = [items, ...searches, ...registers, ...small, commandsAt(catalogue, 'gateway')];
  const info: Info = {
    identities: identitiesOf(itself, itself.name, holds),
    features: [
      ...featuresOf(iqTable(...rest)),
      ...serviceFeatures,
      ...(options.takesProfiles === true ? profileFeatures : []),
    ],
    forms: [...contactsOf(options), ...policiesOf(options, catalogue)],
  };
  const { ver, element } = capsOf(info);
  const capsNode = `${CAPS_NODE}#${ver}`;
  const about: IqEntry = {
    ns: DISCO_INFO,
    name: 'query',
    open: true,
    get(scope, stanza, query, target) {
      const { node } = query.attrs;
      if (node === undefined || node === '') return answer(result(stanza, discoInfo(info)));
      if (node === capsNode) return answer(result(stanza, discoInfo({ ...info, node })));
      return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
    },
  };
  return { table: iqTable(about, ...rest), presence: { body: element } };
}

type Server = Extract<Target, { is: 'server' }>;

/** A server of the network: it is there, and lists its rooms where it can. */
export function serverTable(options: DecoderOptions, catalogue: Catalogue): IqTables['server'] {
  const { about, browsable = false, findsPeople = false } = options;
  const small: readonly IqEntry[] = [ping, softwareVersion, entityTime, noCard, noNodes];
  const items = itemsAt(browsable ? listChannels : undefined);
  const searches = [...searchesAt(browsable, findsPeople), addressPrompt];
  const rest = [
    items,
    ...searches,
    ...registrationAt(options),
    ...picturesAt(options),
    ...small,
    commandsAt(catalogue, 'server'),
  ];
  const features = featuresOf(iqTable(...rest));
  const info: IqEntry<Server> = {
    ns: DISCO_INFO,
    name: 'query',
    get(scope, stanza, query, target) {
      const { node } = query.attrs;
      if (node !== undefined && node !== '') {
        return aboutCommands(scope, stanza, query, target) ?? answer(noSuchItem(stanza));
      }
      const name = scope.options.addresses.title(target.address);
      return answer(result(stanza, discoInfo({ identities: identitiesOf(about, name, 'rooms'), features })));
    },
  };
  return iqTable<Server>(info, ...rest);
}
