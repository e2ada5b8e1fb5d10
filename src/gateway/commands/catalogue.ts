/** Which commands there are, at which kind of address, under biboumi's names where it has one. Known from the configuration alone, so that what is announced is what is answered. */
import type { NetworkCommand, Scene } from '../../bridge/commands.ts';
import type { Addresses, Certificates } from '../../bridge/contract.ts';
import type { SettingsForms } from '../../core/settings.ts';
import { adminNode } from '../../xmpp/xep/0133-service-administration.ts';
import { hasServers } from '../example-room.ts';
import { announce, endUserSession, onlineUsersList, onlineUsersNum } from './administration.ts';
import { banUser, unbanUser } from './bans.ts';
import { block, blocked, unblock } from './blocking.ts';
import { certificate } from './certificate.ts';
import type { Command, Offer } from './command.ts';
import { configure } from './configure.ts';
import { contacts, find, privileges } from './contact-commands.ts';
import { deleteData } from './delete-data.ts';
import { disconnect, disconnectUser } from './disconnect.ts';
import { exportData } from './export-data.ts';
import { connectionInfo, reload, whois } from './looking.ts';
import { deleteUser, logLevel, maintenance, sessions } from './operating.ts';
import { logIn, logOut, ownLogins, reLogIn, removeLogin } from './own-logins.ts';
import { findRooms, join, rooms } from './own-rooms.ts';
import { plumb, plumbings, unplumb } from './plumbing.ts';
import { changeLogin, register } from './register.ts';
import { type LoginSettings, registerAccount } from './register-account.ts';
import { share } from './sharing.ts';
import { stopTalking, talk } from './talking.ts';
import { undelivered, undeliveredOf } from './undelivered.ts';

export interface CatalogueOptions {
  readonly domain: string;
  readonly addresses: Addresses;
  readonly about: { readonly type: string };
  readonly settings?: SettingsForms | undefined;
  readonly commands?: readonly NetworkCommand[] | undefined;
  readonly knowsPeople?: boolean | undefined;
  readonly findsPeople?: boolean | undefined;
  readonly browsable?: boolean | undefined;
  readonly certificates?: Certificates | undefined;
  readonly registersAccounts?: LoginSettings | undefined;
  /** Accounts can be added. */
  readonly takesLogins?: boolean | undefined;
  readonly reloads?: boolean | undefined;
}

export interface Catalogue {
  /** What is found at that kind of address, by whoever may. */
  at(scene: Scene, isAdmin: boolean): readonly Offer[];
  /** By its node, whether or not one may. */
  find(scene: Scene, node: string): Offer | undefined;
  /** By what is typed; `at` whatever kind of address. */
  named(word: string): readonly Offer[];
}

const fromNetwork = ({ title, help = title, words, run }: NetworkCommand): Command => ({
  title: ({ language }) => words?.[language]?.title ?? title,
  help: ({ language }) => words?.[language]?.help ?? help,
  run: (here) => run(here),
});

/** Those of settings, at the levels that have any. */
function ofSettings({ settings }: CatalogueOptions, many: boolean): readonly Omit<Offer, 'at'>[] {
  if (settings === undefined) return [];
  const { all, server, room } = settings;
  const offers: Omit<Offer, 'at'>[] = [
    {
      scene: 'gateway',
      node: many ? 'configure' : 'global-configure',
      word: many ? 'configure' : 'configure-all',
      command: configure('all', all),
    },
    {
      scene: 'server',
      node: many ? 'configure' : 'server-configure',
      word: 'configure',
      command: configure('server', server),
    },
    { scene: 'room', node: 'configure', word: 'configure', command: configure('room', room) },
  ];
  const fields = { gateway: all, server, room, contact: [] };
  return offers.filter(({ scene }) => fields[scene].length > 0);
}

const onServer = (name: string, command: Command): Omit<Offer, 'at'> => ({
  scene: 'server',
  node: name,
  word: name,
  command,
});

/** Of a contact, or of all (CHECKLIST 191-02, 050-11). */
const ofBlocking = (domain: string, scene: 'contact' | 'server' | 'gateway'): readonly Omit<Offer, 'at'>[] => [
  { scene, node: 'block', word: 'block', command: block(domain) },
  { scene, node: 'unblock', word: 'unblock', command: unblock(domain) },
  ...(scene === 'contact' ? [] : [{ scene, node: 'blocked', word: 'blocked', command: blocked(domain) }]),
];

/** XEP-0133's, whose nodes end in the word that is typed. */
function ofAdministration(domain: string): readonly Omit<Offer, 'at'>[] {
  const commands = {
    'get-online-users-num': onlineUsersNum,
    'get-online-users-list': onlineUsersList,
    'end-user-session': endUserSession,
    announce: announce(domain),
    'delete-user': deleteUser(domain),
  };
  return Object.entries(commands).map(([word, command]) => ({
    scene: 'gateway',
    node: adminNode(word),
    word,
    command,
  }));
}

/** What operators do that XEP-0133 has no node for. */
const ofOperating: readonly Omit<Offer, 'at'>[] = Object.entries({ sessions, 'log-level': logLevel, maintenance }).map(
  ([word, command]) => ({ scene: 'gateway', node: word, word, command }),
);

/** Which one is in, and coming into another. */
const ofRooms = (domain: string): readonly Omit<Offer, 'at'>[] =>
  (['server', 'gateway'] as const).flatMap((scene) =>
    Object.entries({ join: join(domain), rooms: rooms(domain) }).map(([word, command]) => ({
      scene,
      node: word,
      word,
      command,
    })),
  );

/** Of accounts that people add; adding one and changing it also where its server is. */
function ofLogins(domain: string): readonly Omit<Offer, 'at'>[] {
  const everywhere = { register: register(domain), 'change-login': changeLogin(domain) };
  const commands = {
    ...everywhere,
    accounts: ownLogins(domain),
    login: logIn,
    logout: logOut,
    're-login': reLogIn,
    'remove-account': removeLogin(domain),
    'share-account': share,
  };
  const at = (scene: Offer['scene'], some: Readonly<Record<string, Command>>) =>
    Object.entries(some).map(([word, command]) => ({ scene, node: word, word, command }));
  return [...at('gateway', commands), ...at('server', everywhere)];
}

/** With somebody by an account that is shared. */
const ofTalks: readonly Omit<Offer, 'at'>[] = [
  { scene: 'contact', node: 'talk', word: 'talk', command: talk },
  { scene: 'contact', node: 'stop-talking', word: 'stop-talking', command: stopTalking },
];

/** Joining is done at a room; ending it and looking also at the gateway, for all. */
const ofPlumbings: readonly Omit<Offer, 'at'>[] = [
  { scene: 'room', node: 'plumb', word: 'plumb', command: plumb },
  { scene: 'room', node: 'unplumb', word: 'unplumb', command: unplumb },
  { scene: 'gateway', node: 'unplumb', word: 'unplumb', command: unplumb },
  { scene: 'gateway', node: 'plumbings', word: 'plumbings', command: plumbings },
];

function allOffers(options: CatalogueOptions, many: boolean): readonly Omit<Offer, 'at'>[] {
  const { domain, addresses, about, commands = [], knowsPeople, certificates, registersAccounts } = options;
  const looks = { node: 'whois', word: 'whois', command: whois };
  return [
    ...(options.takesLogins === true ? [...ofLogins(domain), ...ofTalks] : []),
    ...ofSettings(options, many),
    ...ofRooms(domain),
    ...(options.browsable === true ? [onServer('find-rooms', findRooms(domain))] : []),
    {
      scene: 'gateway',
      node: `disconnect-from-${about.type}-server`,
      word: 'disconnect',
      command: disconnect(domain, addresses),
    },
    { scene: 'server', node: `get-${about.type}-connection-info`, word: 'info', command: connectionInfo },
    ...(knowsPeople === true
      ? ([
          { scene: 'contact', ...looks },
          { scene: 'server', ...looks },
        ] as const)
      : []),
    onServer('contacts', contacts(domain)),
    ...(options.findsPeople === true ? [onServer('find', find(domain))] : []),
    ...(certificates === undefined ? [] : [onServer('certificate', certificate(certificates))]),
    ...(registersAccounts === undefined ? [] : [onServer('register-account', registerAccount(registersAccounts))]),
    ...commands.flatMap((one) =>
      one.where.map((scene) => ({ scene, node: one.node, word: one.node, command: fromNetwork(one) })),
    ),
    ...(['contact', 'server', 'gateway'] as const).flatMap((scene) => ofBlocking(domain, scene)),
    { scene: 'gateway', node: 'undelivered', word: 'undelivered', command: undelivered },
    { scene: 'gateway', node: 'export-my-data', word: 'export-my-data', command: exportData },
    { scene: 'gateway', node: 'delete-my-data', word: 'delete-my-data', command: deleteData(domain) },
    { scene: 'gateway', node: 'disconnect-user', word: 'disconnect-user', command: disconnectUser },
    ...ofAdministration(domain),
    ...ofOperating,
    { scene: 'gateway', node: 'undelivered-of-user', word: 'undelivered-of-user', command: undeliveredOf },
    ...ofPlumbings,
    { scene: 'gateway', node: 'privileges', word: 'privileges', command: privileges },
    { scene: 'gateway', node: 'ban-user', word: 'ban-user', command: banUser },
    { scene: 'gateway', node: 'unban-user', word: 'unban-user', command: unbanUser },
    ...(options.reloads === true
      ? [{ scene: 'gateway', node: 'reload', word: 'reload', command: reload } as const]
      : []),
  ];
}

/** The same for decoding and for whoever runs them. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const many = hasServers(options);
  const byPlace: Record<Scene, Map<string, Offer>> = {
    gateway: new Map(),
    server: new Map(),
    room: new Map(),
    contact: new Map(),
  };
  for (const offer of allOffers(options, many)) {
    const at = offer.scene === 'server' && !many ? 'gateway' : offer.scene;
    if (!byPlace[at].has(offer.node)) byPlace[at].set(offer.node, { ...offer, at });
  }
  const all = Object.values(byPlace).flatMap((offers) => [...offers.values()]);
  return {
    at: (scene, isAdmin) =>
      [...byPlace[scene].values()].filter(({ command }) => isAdmin || command.adminsOnly !== true),
    find: (scene, node) => byPlace[scene].get(node),
    named: (word) => all.filter((offer) => offer.word === word),
  };
}
