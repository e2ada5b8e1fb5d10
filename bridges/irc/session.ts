/** One login on one IRC server: puts the parts together and follows the connection's life. */
import type { Socket } from 'node:net';
import {
  type Clock,
  type GatewayError,
  ifMade,
  type Log,
  type Session,
  type SessionHost,
  type Settings,
  withFunctions,
} from '#bridge';
import { capability, createAccountRegistration } from './account-registration.ts';
import { charsetNames, createCharsets } from './charsets.ts';
import { hear } from './commands.ts';
import { type Core, type Link, personOf } from './core.ts';
import { createCore } from './create-core.ts';
import { type DeedsHeld, deeds } from './deeds.ts';
import { describe, type Life } from './describe.ts';
import type { DialOptions } from './dial.ts';
import type { Directory } from './directory.ts';
import { createPeople } from './enquiries.ts';
import type { Identity } from './identity.ts';
import type { Pace } from './pace.ts';
import type { PingLoad } from './ping-load.ts';
import { away } from './refusals.ts';
import { createRegain } from './regain.ts';
import { oneLine, reasonBytes } from './requirements.ts';
import { createRooms } from './rooms.ts';
import { createLimits, excerpt, sendMessage } from './sending.ts';
import { createServices } from './services.ts';
import type { Profile } from './settings.ts';
import type { MemberOf } from './shared-members.ts';
import type { SupportReader } from './shared-support.ts';
import type { StsPolicies } from './sts.ts';
import { supervise } from './supervise.ts';
import { createCommands } from './typed.ts';
import type { Folder } from './wire/casemap.ts';
import { compose } from './wire/compose.ts';
import type { Encoding } from './wire/encoding.ts';

export interface SessionOptions {
  /** What holds with these settings; without, with those that the account has. */
  profile(settings?: Settings): Profile;
  readonly host: SessionHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  /** The bare JID. */
  readonly owner: string;
  /** Its rooms are there from before a restart. */
  readonly isBack: boolean;
  /** For the identd: who has this socket. */
  identify(socket: Socket): () => void;
  /** Was its owner not told this MOTD before? */
  isNews(motd: string): boolean;
  readonly sts: StsPolicies;
  encoding(name: string): Encoding;
  /** Told each time, so that it is not tried again at once. */
  loginRefused(identity: Identity, error: GatewayError): void;
  readonly directory: Directory;
  readonly signal: AbortSignal;
  readonly ca: string | undefined;
  readonly readBuffer: Buffer;
  /** Of all sessions. */
  readonly readLine: DialOptions['readLine'];
  /** See `createClients`. */
  readonly newClient: DialOptions['newClient'];
  /** Of all sessions, by CASEMAPPING. */
  folderOf(mapping: string): Folder;
  readonly readSupport: SupportReader;
  readonly pingLoad: PingLoad;
  readonly memberOf: MemberOf;
  /** Unguessable and different for each session: ids of messages are made with it. */
  readonly idPrefix: string;
}

const farewellMs = 2000;

/** A session that says which account with the services it is logged in to. */
export type IrcSession = Session & { readonly account: string | undefined };

/** Resolves when the server has let us in. */
export async function openSession(options: SessionOptions): Promise<IrcSession> {
  const { clock, log, pace, ca, readBuffer, readLine } = options;
  let profile = options.profile();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const core = createCore(options, () => profile);
  const self = (): Core => core;
  const services = createServices(self);
  const registering = createAccountRegistration(self);
  const regain = createRegain(self, services);
  const { name } = profile.server;
  const { sts } = options;

  const charsets = createCharsets({
    server: () => profile.encodings,
    room(wireName) {
      const channel = core.channels.get(core.fold(wireName));
      return channel === undefined ? undefined : charsetNames(options.host.settings?.(channel.chat));
    },
    utf8only: () => core.support.utf8only,
    encoding: options.encoding,
  });

  /** What has to be known of the server's own word after a restart of ours. */
  function remember(): void {
    const saved = sts.save(profile.server.places.map(({ host }) => host));
    options.host.checkpoint(saved).catch((error: unknown) => {
      log.error({ err: error, server: name }, 'what an IRC server said could not be written down');
    });
  }
  let ended: (() => void) | undefined;
  let changed = new AbortController();
  let life: Life = { at: clock.now() };

  function up(link: Link, again: boolean): void {
    core.link = link;
    life = { at: clock.now() };
    core.appearance.up();
    core.watching.up();
    core.returning.up();
    core.silence.up();
    services.start(profile.identity);
    for (const line of profile.identity.afterConnect) core.send(line, 1);
    if (again) {
      core.emit({ kind: 'state', at: new Date(clock.now()), state: 'ready' });
      core.joins.rejoin();
    }
    regain.start();
  }

  function down(error: GatewayError): void {
    if (sts.save(profile.server.places.map(({ host }) => host)) !== '') remember();
    life = { at: clock.now(), lost: error };
    disconnect(core);
    registering.lost(away(name));
    regain.stop();
    if (ended !== undefined) stop.abort(away(name));
    ended?.();
    if (signal.aborted) return;
    core.emit({ kind: 'state', at: new Date(clock.now()), state: 'reconnecting', reason: error, text: error.message });
  }

  await supervise({
    profile: () => profile,
    changed: () => changed.signal,
    loginRefused: options.loginRefused,
    owner: options.owner,
    isBack: options.isBack,
    identify: options.identify,
    charsets,
    sts,
    stsHeard(where, offer) {
      sts.heard(where, offer);
      remember();
    },
    clock,
    log,
    pace,
    signal,
    ca,
    readBuffer,
    readLine,
    newClient: options.newClient,
    nick: () => core.wanted,
    say: (text) => core.notices.say(text),
    attach: (link) => {
      core.link = link;
    },
    hear(line) {
      // Most of all lines, and nothing that these two wait for.
      if (line.command === 'PRIVMSG') return hear(core, line);
      const taken = registering.hear(line) || hear(core, line);
      regain.hear(line);
      return taken;
    },
    offersChanged() {
      if (core.ready) core.emit({ kind: 'state', at: new Date(clock.now()), state: 'ready' });
    },
    onLetIn() {
      core.ready = true;
      core.pings.start();
      core.joins.up();
    },
    onUp: up,
    onDown: down,
    onStillDown(error) {
      const isNews = life.lost?.message !== error.message;
      life = { at: life.at, lost: error };
      // That it can't be reached is known; what it has against us may be for its owner to mend.
      if (isNews && error.code === 'network-refused') core.notices.say(error.message);
    },
    onRefused(error) {
      core.emit({ kind: 'state', at: new Date(clock.now()), state: 'ended', reason: error, text: error.message });
      stop.abort(error);
    },
  });

  async function end(reason: string): Promise<void> {
    const link = core.link;
    if (link === undefined || !core.ready) {
      stop.abort(away(name));
      return;
    }
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    core.ready = false;
    core.notices.over();
    try {
      core.receipts.conclude();
      core.send(compose('QUIT', oneLine(reason, reasonBytes)), 0);
    } catch {
      // Nothing could be said; the end is the same.
    }
    const waited = new AbortController();
    await Promise.race([over, clock.sleep(farewellMs, waited.signal).catch(() => {})]);
    waited.abort();
    stop.abort(away(name));
  }

  /** Whoever typed it wants to be gone: the session is over for everybody. */
  async function quit(reason: string): Promise<void> {
    await end(reason);
    core.emit({ kind: 'state', at: new Date(clock.now()), state: 'ended', text: `You have left ${name}.` });
  }

  const rooms = createRooms(core);
  const people = createPeople(core);
  const limits = createLimits(core);
  const room = (target: string): number => limits(target).textBytes;
  return withFunctions(accessors, {
    core,
    registering,
    late: undefined,
    limits,
    send: (message, to) => sendMessage(core, message, to, false, room),
    excerpt: (message, chat) => excerpt(core, message, chat),
    status: { appear: async (show, status) => core.appearance.appear(show, status) },
    watch: (persons) => core.watching.watch(persons),
    canonical: (person) => personOf(core, person),
    rooms,
    people,
    commands: createCommands({ core, rooms, people, quit }),
    configure(settings) {
      const before = profile;
      profile = options.profile(settings);
      core.server = profile.server;
      if (profile.identity.nick !== before.identity.nick) core.wanted = profile.identity.nick;
      charsets.changed();
      applyNow(core, before, profile);
      if (JSON.stringify(before) === JSON.stringify(profile)) return;
      changed.abort();
      changed = new AbortController();
    },
    describe: (signal) => describe(core, profile, life, signal),
    end,
  } satisfies Omit<IrcSession, keyof typeof accessors> & Held);
}

interface Held extends DeedsHeld {
  readonly registering: NonNullable<Session['accountRegistration']>;
}

/** What of a session changes while it lasts: accessors in a table, as they would make each session a hash table. */
const accessors = withFunctions(deeds, {
  get account() {
    return this.core.link?.account();
  },
  get me() {
    return this.core.self;
  },
  get blocks() {
    return this.core.silence.blocks;
  },
  get accountRegistration() {
    return this.core.link?.has(capability) === true ? this.registering : undefined;
  },
} satisfies Pick<IrcSession, 'account' | 'me' | 'blocks' | 'accountRegistration'> & ThisType<Held>);

/** What of a new profile counts on the connection that there is; the rest counts from the next one on. */
function applyNow({ link, ready, send }: Core, before: Profile, { server, identity }: Profile): void {
  link?.transport.sender.setRate(server.throttle === 'off' ? undefined : server.throttle);
  const renamed = identity.realname !== before.identity.realname;
  if (ready && renamed && link?.has('setname') === true) send(compose('SETNAME', identity.realname), 1);
}

/** What was in flight fails, in order; the channels are kept. */
function disconnect(core: Core): void {
  core.ready = false;
  core.link = undefined;
  core.user = '';
  core.host = '';
  core.pings.stop();
  core.batches.clear();
  core.storms.clear();
  const error = away(core.server.name);
  core.receipts.lost(error);
  core.asks.lost(error);
  core.answers.lost(error);
  ifMade(core, 'whois')?.lost(error);
  ifMade(core, 'ctcp')?.lost(error);
  ifMade(core, 'listing')?.lost();
  ifMade(core, 'typing')?.lost();
  core.joins.lost(error);
  core.whos.lost();
  core.watching.lost();
  core.returning.lost();
  core.profiles.clear();
  core.wholes.lost();
  for (const channel of core.channels.values()) {
    channel.joined = false;
    channel.listing = false;
  }
}
