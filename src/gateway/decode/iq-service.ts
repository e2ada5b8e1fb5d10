/** Requests to the gateway itself and to a server of the network (CHECKLIST section 4). What is announced is computed from these tables. */
import type { Address } from '../../bridge/contract.ts';
import type { Element } from '../../xml/element.ts';
import { type Jid, parseJid, xmppUri } from '../../xmpp/jid.ts';
import { remembering } from '../../xmpp/remembering.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { DataForm } from '../../xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO, DISCO_ITEMS, type Identity } from '../../xmpp/xep/0030-disco.ts';
import { RSM } from '../../xmpp/xep/0059-result-sets.ts';
import { serverInfo } from '../../xmpp/xep/0157-contact-addresses.ts';
import { networkPolicy, servicePolicy } from '../../xmpp/xep/0504-data-policy.ts';
import type { Catalogue } from '../commands/catalogue.ts';
import { type Announced, announced, capsNode, discoInfo, discoItems, type Info, serviceFeatures } from '../disco.ts';
import type { Decoded } from '../face.ts';
import { profileFeatures } from '../own-profile.ts';
import { answer, noSuchItem, result } from './answers.ts';
import { isOneServer, listChannels, listServers } from './channels.ts';
import { groupInfo, groupItems, spaceFeatures, spaceNodes } from './groups.ts';
import { featuresOf, type IqEntry, type IqTables, iqTable } from './iq.ts';
import { picturesAt } from './iq-bits.ts';
import { aboutCommands, commandsAt } from './iq-commands.ts';
import { registrationAt } from './iq-register.ts';
import { entityTime, noCard, noNodes, ownCard, ping, rosterPush, softwareVersion, uptime } from './iq-small.ts';
import { addressPrompt, peopleSearch, serversPrompt } from './people-search.ts';
import type { Place } from './place.ts';
import type { DecoderOptions, Scope, Target } from './scope.ts';
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
    if (node !== undefined && node !== '') {
      const isKnown = scope.options.groupsRooms === true && scope.allows(stanza.from);
      return isKnown ? groupItems(scope, stanza, query, place, node) : answer(noSuchItem(stanza));
    }
    if (list === undefined || !scope.allows(stanza.from)) return answer(result(stanza, discoItems([], node)));
    return list(scope, stanza, query, place);
  },
});

/** Lists come in pages for clients that know of it (XEP-0059 §4, CHECKLIST 030-05): they ask for one only where they were told. */
const pagesOf = ({ browsable, groupsRooms }: DecoderOptions): readonly string[] =>
  browsable === true || groupsRooms === true ? [RSM] : [];

/** Nodes (XEP-0060): groups of rooms, where the network has such. */
const nodesAt = ({ groupsRooms }: DecoderOptions): IqEntry<Place> => (groupsRooms === true ? spaceNodes : noNodes);

/** Searches, where rooms can be listed. */
function searchesAt(browsable: boolean, findsPeople: boolean): readonly IqEntry<Place>[] {
  const bySearch = findsPeople ? [peopleSearch(browsable)] : browsable ? [roomSearch] : [];
  return browsable ? [...bySearch, extendedSearch] : bySearch;
}

/** Of what has rooms; a gateway whose rooms are on many servers says so first, since clients would take its items for rooms (Gajim). */
const identitiesOf = (
  { about: { type }, groupsRooms }: Pick<DecoderOptions, 'about' | 'groupsRooms'>,
  name: string,
  holds: 'rooms' | 'servers',
): readonly Identity[] => [
  { category: 'gateway', type, name },
  ...(holds === 'servers' ? [{ category: 'conference', type, name }] : []),
  { category: 'conference', type: 'text', name },
  ...(groupsRooms === true ? [{ category: 'pubsub', type: 'service', name }] : []),
];

/** None of what is no address: that is the configuration's to refuse. */
const uriOf = (jid: Jid | undefined): readonly string[] => (jid === undefined ? [] : [xmppUri(jid)]);

/** The admins, where nobody else is named. */
function contactsOf({ admins, serverInfo: contacts }: DecoderOptions): readonly DataForm[] {
  const form = serverInfo(contacts ?? { admin: admins.flatMap((text) => uriOf(parseJid(text))) });
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

/** What is announced, or one of the commands, or a group of rooms. */
function infoAt(said: Announced, scope: Scope, stanza: Stanza, query: Element, place: Place): Decoded {
  const { node } = query.attrs;
  if (node === undefined || node === '') return answer(result(stanza, discoInfo(said.info)));
  if (node === capsNode(said)) return answer(result(stanza, discoInfo({ ...said.info, node })));
  const about = aboutCommands(scope, stanza, query, place);
  if (about !== undefined) return about;
  const mayAsk = scope.options.groupsRooms === true && scope.allows(stanza.from);
  return mayAsk ? groupInfo(scope, stanza, place, node) : answer(noSuchItem(stanza));
}

/** Made anew when the admins are others: it says whom to turn to (CHECKLIST 157-01, 115-07). */
function saidWith(infoNow: () => Info, options: Pick<DecoderOptions, 'admins'>): () => Announced {
  const made = new WeakMap<readonly string[], Announced>();
  return () => {
    const { admins } = options;
    const known = made.get(admins) ?? announced(infoNow());
    made.set(admins, known);
    return known;
  };
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
  const small: readonly IqEntry[] = [ping, softwareVersion, entityTime, uptime, ownCard, rosterPush];
  const isServer = holds === 'rooms';
  const searches = isServer ? [...searchesAt(browsable, findsPeople), addressPrompt] : [serversPrompt];
  const registers = [...registrationAt(options), ...picturesAt(options)];
  const items = itemsAt(browsable ? list : undefined);
  const rest = [items, nodesAt(options), ...searches, ...registers, ...small, commandsAt(catalogue, 'gateway')];
  const info: Info = {
    identities: identitiesOf(options, itself.name, holds),
    features: [
      ...featuresOf(iqTable(...rest)),
      ...serviceFeatures,
      ...pagesOf(options),
      ...(options.groupsRooms === true ? spaceFeatures : []),
      ...(options.takesProfiles === true ? profileFeatures : []),
    ],
  };
  const said = saidWith(
    (): Info => ({ ...info, forms: [...contactsOf(options), ...policiesOf(options, catalogue)] }),
    options,
  );
  const about: IqEntry<Place> = {
    ns: DISCO_INFO,
    name: 'query',
    open: true,
    get: (scope, stanza, query, place) => infoAt(said(), scope, stanza, query, place),
  };
  return { table: iqTable(about, ...rest), presence: { body: () => said().caps } };
}

type Server = Extract<Target, { is: 'server' }>;

const serversRemembered = 256;

/** All but what is announced. */
function serverEntries(options: DecoderOptions, catalogue: Catalogue): readonly IqEntry<Server>[] {
  const { browsable = false, findsPeople = false } = options;
  const small: readonly IqEntry[] = [ping, softwareVersion, entityTime, noCard];
  const searches = [...searchesAt(browsable, findsPeople), addressPrompt];
  const registers = [...registrationAt(options), ...picturesAt(options)];
  return [
    itemsAt(browsable ? listChannels : undefined),
    nodesAt(options),
    ...searches,
    ...registers,
    ...small,
    commandsAt(catalogue, 'server'),
  ];
}

/** What the servers of a domain announce, in service discovery and by their presence. */
export function serverInfoOf(options: DecoderOptions, catalogue: Catalogue): (address: Address) => Announced {
  const { addresses } = options;
  const features = [
    ...featuresOf(iqTable(...serverEntries(options, catalogue))),
    ...pagesOf(options),
    ...(options.groupsRooms === true ? spaceFeatures : []),
  ];
  const named = remembering(
    (name) => announced({ identities: identitiesOf(options, name, 'rooms'), features }),
    serversRemembered,
    256,
  );
  return (address) => named(addresses.title(address));
}

/** A server of the network: it is there, and lists its rooms where it can. */
export function serverTable(options: DecoderOptions, catalogue: Catalogue): IqTables['server'] {
  const infoOf = serverInfoOf(options, catalogue);
  const about: IqEntry<Server> = {
    ns: DISCO_INFO,
    name: 'query',
    get: (scope, stanza, query, target) => infoAt(infoOf(target.address), scope, stanza, query, target),
  };
  return iqTable<Server>(about, ...serverEntries(options, catalogue));
}
