/** One configured domain where its accounts run: decoder, faces, accounts, and the way out. The same for a process that does all and for a worker. */
import type { Archiving } from '../accounts/archiving.ts';
import type { Watch } from '../accounts/attending.ts';
import { pictureName } from '../accounts/avatars.ts';
import { type ClientIqs, createClientIqs } from '../accounts/client-iqs.ts';
import { createDispatch } from '../accounts/dispatch.ts';
import type { LastingFiles } from '../accounts/lasting-files.ts';
import type { GiveOrder } from '../accounts/orders.ts';
import { createPace } from '../accounts/pace.ts';
import { createPictures } from '../accounts/pictures.ts';
import { createPings } from '../accounts/pings.ts';
import { createPreferences, type Preferences } from '../accounts/preferences.ts';
import { createQuestions } from '../accounts/questions.ts';
import { createSpending, type Quotas } from '../accounts/quotas.ts';
import { createRunner, type Runner } from '../accounts/runner.ts';
import { createShownToAll } from '../accounts/shown-to-all.ts';
import { createSpeakerPictures } from '../accounts/speaker-pictures.ts';
import { createTelling } from '../accounts/telling.ts';
import { listedPerTurn } from '../accounts/turns.ts';
import type { Uploads } from '../accounts/uploading.ts';
import { pastIn, talkerOf } from '../accounts/wishes.ts';
import type { AccountWorld } from '../accounts/world.ts';
import type { Bridge, Clock, Log, Network } from '../bridge/contract.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import { createLanes } from '../delivery/lanes.ts';
import { createOutbox } from '../delivery/outbox.ts';
import { createCatalogue } from '../gateway/commands/catalogue.ts';
import { createDesk, type Desk } from '../gateway/commands/desk.ts';
import type { Reloaded } from '../gateway/commands/powers.ts';
import { roomSettings } from '../gateway/commands/room-settings.ts';
import { createFace } from '../gateway/create-face.ts';
import { accountKey, parseAccountId } from '../gateway/decode/account-key.ts';
import { createDecoder, type DecoderOptions } from '../gateway/decode/create-decoder.ts';
import { commandsOfOccupant } from '../gateway/decode/iq-commands.ts';
import { contactInfoOf } from '../gateway/decode/iq-contact.ts';
import { gatewayTable, serverInfoOf } from '../gateway/decode/iq-service.ts';
import { createAllows } from '../gateway/decode/scope.ts';
import type { AccountKey, Decoder, FaceContext, Outgoing, Stanza } from '../gateway/face.ts';
import { isShared, withLabels } from '../gateway/labels.ts';
import { overhears } from '../gateway/privileges.ts';
import { createLooks } from '../gateway/rooms/looks.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';
import type { Level } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';
import type { LoginStore } from '../storage/login-ports.ts';
import type { MediaStore } from '../storage/media-ports.ts';
import type { PlumbingStore } from '../storage/plumbing-ports.ts';
import type { AccountStore, Leases, OutboxEntry, OutboxStore, SettingsStore, UploadStore } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import type { Bans } from './bans.ts';
import { decoderOptions } from './decoding.ts';
import { countTries, measureAccounts } from './domain-metrics.ts';
import { idsOf } from './edge-servers.ts';
import { createGuardedFetch } from './guarded-fetch.ts';
import { createIds, createOccupantIds } from './ids.ts';
import type { ReadAgain } from './living-config.ts';
import type { OwnPages } from './login-pages.ts';
import { type Maintenance, mustBeOpen } from './maintenance.ts';
import { createMediaLinks } from './media/links.ts';
import { createSlotMedia } from './media/slot-media.ts';
import { createPlumbingOf } from './plumbing-parts.ts';
import type { Plumbings } from './plumbings.ts';
import { createPowers, type PowersParts, tellOfChange } from './powers.ts';
import { openRegistering } from './registering.ts';
import { retentionRule } from './retention.ts';
import { isServed, type SharedAccounts } from './shares.ts';
import { createSlotUploads } from './slot-uploads.ts';
import { speakerPictureLinks } from './speaker-pictures.ts';
import type { Stores } from './stores.ts';
import { createUserServers, type UserServers } from './user-servers.ts';

/** What all domains of a process share. */
export interface Shared {
  readonly config: Config;
  readonly stores: Pick<Stores, 'vault' | 'key'>;
  readonly outboxStore: OutboxStore;
  readonly accountStore: AccountStore;
  readonly loginStore: LoginStore;
  readonly settingsStore: SettingsStore;
  readonly leases: Leases;
  readonly archiving: Archiving;
  readonly avatarStore: AvatarStore;
  readonly uploadStore: UploadStore;
  readonly uploads?: Uploads | undefined;
  readonly mediaStore: MediaStore;
  /** There is a file of a network to fetch; absent: whoever fetches looks by themselves. */
  onMedia?(): void;
  /** Absent: logins have no pages. */
  readonly loginPages?: Pick<OwnPages, 'open' | 'isOpen'> | undefined;
  /** A durable timer that pokes the lane when it is due. */
  wake(account: AccountId, chat: ChatId, afterMs: number): Promise<void>;
  /** Takes back all timers of that account. */
  unwake(account: AccountId): Promise<void>;
  /** Whom an edge tells of answers to what we ask; absent: this process has the stream. */
  readonly asker?: string | undefined;
  readonly order: GiveOrder;
  readonly readAgain?: ReadAgain | undefined;
  /** A change is told to all processes. */
  readonly bans: Bans;
  /** A change is told to all processes. */
  readonly shares: SharedAccounts;
  /** A change is told to all processes. */
  readonly plumbings: Plumbings;
  readonly plumbingStore: PlumbingStore;
  /** A change is told to all processes. */
  readonly maintenance: Maintenance;
  /** From which level on all processes write their logs; absent: as they began. */
  readonly levels?: { now(): Level; set(level: Level): Promise<void> } | undefined;
  /** @param isFirst nobody else has been told yet */
  reload?(isFirst: boolean): Promise<Reloaded>;
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Is told whose work is done; absent: nobody wants to know. */
  readonly watch?: Watch | undefined;
  readonly version: string;
  readonly startedAt: number;
}

/** The way to XMPP. */
export interface WayOut {
  send(stanzas: readonly Outgoing[]): void;
  pressure(): Promise<void> | undefined;
}

export interface Domain {
  readonly name: string;
  readonly decoder: Decoder;
  readonly network: Network;
  readonly runner: Runner;
  readonly preferences: Preferences;
  dispatch(stanza: Stanza): void;
  /** What is known of its users' servers. */
  readonly servers: UserServers;
  /** Whoever still waits for an answer is told; then the accounts stop. */
  stop(how: 'keep' | 'farewell', reason: string): Promise<void>;
}

/** How long a client may take to answer whether it is still there. */
const clientAnswersWithinMs = 10_000;

export function openDomain(entry: BridgeConfig, bridge: Bridge, shared: Shared, out: WayOut): Domain {
  const { clock, stores, outboxStore } = shared;
  const metrics = shared.metrics.of(entry.domain, entry.use);
  const log = shared.log.child({ domain: entry.domain });
  const network = withLabels(bridge.open(entry.options, { log, clock, fetch: createGuardedFetch({ clock }) }));
  const options = decoderOptions(entry, bridge, network, shared, (owner) => overhears(servers.privileges, owner));
  const decoder = createDecoder(options);
  const quotas = quotasOf(entry.limits);
  const iqs = createClientIqs({ send: out.send, newId: idsOf(createIds(), shared.asker), clock });
  const allows = createAllows(options);
  const servers = createUserServers({ domain: entry.domain, iqs, clock, log, send: out.send, allows, options });
  const ofAllFaces = sharedByFaces(options, stores.key);
  const appearances = openAppearances(entry.domain, shared, iqs, log);

  const preferences = openPreferences(entry.domain, network, shared);
  const serviceCaps = serviceCapsOf(options);
  const registering = openRegistering({ entry, bridge, network, shared, preferences, out, options, serviceCaps });
  const stateOf: PowersParts['stateOf'] = (id) => runner.get(id)?.state;
  const desk = openDesk(options, shared, preferences, { ...registering, servers, stateOf });
  const questions = createQuestions({ ...decoder, ...out, archive: shared.archiving, desk, clock, log });
  const world: AccountWorld = {
    ...{ domain: entry.domain, log, clock, moment: options.moment },
    ...out,
    tell: createTelling({ domain: entry.domain, preferences, translate: options.translate, send: out.send }),
    crowds: createPace(listedPerTurn),
    outbox: createOutbox({ store: outboxStore }),
    lanes: lanesIn(shared, log, countTries(metrics)),
    archive: shared.archiving,
    store: shared.accountStore,
    vault: stores.vault,
    quotas,
    mayComeIn: (owner) => mustBeOpen(shared.maintenance, shared.config, owner, shared.plumbings.mucs(entry.domain)),
    admits: (account, client) => isServed(account, client, entry.domain, shared),
    preferences,
    pings: createPings(iqs, clock, clientAnswersWithinMs),
    iqs,
    credentials: registering.credentials,
    questions,
    ...{ ...servers, ...appearances, files: filesOf(entry.domain, network, shared, servers) },
    uploads: shared.uploads ?? slotUploads(shared, servers),
    keptSince: () => retentionRule(shared.config, clock.now()).before,
    erase: (account) => eraseAccount(account, shared),
    ...{ countEvent: () => metrics.events.add(), watch: shared.watch },
    ignore: (error) => log.debug({ error }, 'ignored'),
  };

  const runner = createRunner({
    network,
    world,
    leases: shared.leases,
    outbox: outboxStore,
    registered: async () => [...(await registering.connected()), ...plumbedIn(entry.domain, shared)],
    plumbed: createPlumbingOf(network, shared, { ...ofAllFaces, ...appearances, metrics }),
    face(key, wishes) {
      const settingsFields = roomSettings(desk, key);
      return createFace({
        domain: entry.domain,
        account: key,
        addresses: network.addresses,
        newId: createIds(),
        isPlumbed: (muc) => shared.plumbings.mucs(entry.domain).has(muc),
        ...ofAllFaces,
        privilege: () => servers.privileges.lately(key.owner),
        pictureOf: (avatar) => appearances.pictures.known(pictureName(key.on, avatar)),
        pastOf: pastIn(wishes, shared.config.storage.archive),
        ...(isShared(key.on) && { talker: talkerOf(wishes, (jid) => isServed(key, jid, entry.domain, shared)) }),
        now: () => clock.now(),
        ...(options.moment && { moment: options.moment }),
        ...(options.translate && { translate: options.translate }),
        commands: desk.offersAt('room'),
        ...(settingsFields !== undefined && { settingsFields }),
      });
    },
    keyOf: (id) => keyIn(entry.domain, id),
  });
  measureAccounts(metrics, runner, clock);

  const dispatch = createDispatch({
    spend: createSpending(quotas, clock),
    decoder,
    runner,
    outbox: world.outbox,
    ...{ iqs, questions, hear: servers.hear },
    send: out.send,
    wake: shared.wake,
    log,
  });
  const showToAll = createShownToAll({ domain: entry.domain, ...shared, allows, log });
  function hear(stanza: Stanza): void {
    appearances.speakerPictures?.heard(stanza);
    dispatch(stanza);
    if (network.registration === 'required') showToAll(stanza);
  }
  function stop(how: 'keep' | 'farewell', reason: string): Promise<void> {
    registering.close();
    questions.close();
    return runner.stop(how, reason);
  }
  return { name: entry.domain, decoder, network, runner, preferences, servers, dispatch: hear, stop };
}

const plumbedIn = (domain: string, { plumbings }: Shared): readonly AccountId[] =>
  plumbings.all.filter((row) => row.domain === domain).map(({ account }) => account);

function keyIn(domain: string, id: AccountId): AccountKey | undefined {
  const parts = parseAccountId(id);
  return parts?.domain === domain ? accountKey(domain, parts.owner, parts.on) : undefined;
}

/** What the faces of all accounts have in common. */
const sharedByFaces = (
  options: DecoderOptions,
  key: Stores['key'],
): Required<Pick<FaceContext, 'occupantId' | 'looks' | 'contactInfo' | 'serverInfo' | 'occupantCommands'>> &
  Pick<FaceContext, 'serviceCaps'> => ({
  occupantId: createOccupantIds(key),
  looks: createLooks(),
  contactInfo: contactInfoOf(createCatalogue(options)),
  occupantCommands: commandsOfOccupant(options),
  serverInfo: serverInfoOf(options, createCatalogue(options)),
  ...(options.registration === 'required' && { serviceCaps: serviceCapsOf(options) }),
});

/** What the gateway's own presence says of it. */
const serviceCapsOf = (options: DecoderOptions): (() => Xml) =>
  gatewayTable(options, createCatalogue(options)).presence.body;

/** What people look like, on both sides. */
function openAppearances(
  domain: string,
  { avatarStore: store, clock, config, stores }: Shared,
  iqs: ClientIqs,
  log: Log,
): Required<Pick<AccountWorld, 'pictures' | 'given' | 'speakerPictures'>> {
  const link = speakerPictureLinks(config.http, stores.key);
  return {
    pictures: createPictures({ network: domain, store, clock, log }),
    given: store,
    speakerPictures: link && createSpeakerPictures({ domain, iqs, store, link, clock, log }),
  };
}

/** Long texts, where the operator keeps none. */
const slotUploads = ({ config }: Shared, { slots }: Pick<UserServers, 'slots'>): AccountWorld['uploads'] =>
  config.storage.slots && createSlotUploads(slots(config.storage.slots));

/** Where files go that expire on the network; undefined: they are told as it has them. */
function filesOf(
  domain: string,
  { filesAt }: Network,
  { config, mediaStore, stores, clock, log, onMedia }: Shared,
  servers: Pick<UserServers, 'slots'>,
): LastingFiles | undefined {
  const { mediaSlots } = config.storage;
  if (mediaSlots !== undefined)
    return createSlotMedia({
      slots: servers.slots(mediaSlots),
      fetch: createGuardedFetch({ clock }),
      filesAt,
      clock,
      log,
    });
  const now = (): number => clock.now();
  const links = { config, domain, store: mediaStore, key: stores.key, now };
  return createMediaLinks({ ...links, ...(onMedia && { onWanted: onMedia }) });
}

/** The row goes last, and the login behind it: what is left by a kill in the middle is found by them, and its owner can have it removed once more. */
async function eraseAccount(id: AccountId, shared: Shared): Promise<readonly OutboxEntry[]> {
  const { archiving, outboxStore, unwake, accountStore, loginStore, avatarStore, mediaStore } = shared;
  await archiving.forget(id);
  const waited = await outboxStore.erase(id);
  await unwake(id);
  await avatarStore.erase(id);
  await mediaStore.erase(id);
  await accountStore.erase(id);
  await loginStore.remove(id);
  if (isShared(parseAccountId(id)?.on)) await shared.shares.changed();
  return waited;
}

const lanesIn =
  (
    { outboxStore: store, clock, wake }: Shared,
    log: Log,
    onTried: ReturnType<typeof countTries>,
  ): AccountWorld['lanes'] =>
  (account, fence, options) =>
    createLanes({
      account,
      fence,
      store,
      clock,
      log,
      wake: (chat, ms) => wake(account, chat, ms),
      onTried,
      ...options,
    });

function openPreferences(domain: string, { settings }: Network, shared: Shared): Preferences {
  return createPreferences({
    domain,
    store: shared.settingsStore,
    vault: shared.stores.vault,
    forms: settings,
    onChange: (owner, place) => tellOfChange(shared, domain, owner, place),
  });
}

function openDesk(options: DecoderOptions, shared: Shared, preferences: Preferences, others: PowersParts): Desk {
  return createDesk({
    ...options,
    catalogue: createCatalogue(options),
    powers: createPowers(shared, options, preferences, others),
    isAdmin: (owner) => options.admins.includes(owner),
    newId: createIds(),
  });
}

function quotasOf({ messagesPerMinute, ...limits }: BridgeConfig['limits']): Quotas {
  return { ...limits, messagesPerMinute: messagesPerMinute === 'off' ? undefined : messagesPerMinute };
}
