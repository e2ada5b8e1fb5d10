/** One login on Discord: puts the parts together and follows the connection's life. */
import type { GatewayDispatchPayload } from 'discord.js';
import {
  type ChatId,
  type Clock,
  type GatewayError,
  type Log,
  personId,
  type Session,
  type SessionHost,
  type Tools,
} from '#bridge';
import { channelOf } from './addresses.ts';
import { createAppearance } from './appearance.ts';
import { createAvatars } from './avatars.ts';
import type { DiscordConfig } from './config.ts';
import { createConversations } from './conversations.ts';
import type { Core } from './core.ts';
import { away, hush, placeOf } from './core.ts';
import { createDeeds } from './deeds.ts';
import { describing } from './describe-session.ts';
import { createAttaching } from './files/attaching.ts';
import { createFlights } from './flights.ts';
import { nickOf } from './guild-fold.ts';
import { type Hearers, hearIn } from './hearing.ts';
import { createHistory } from './history.ts';
import type { Identity } from './identity.ts';
import { createIntake } from './intake.ts';
import { intentsFor } from './intents.ts';
import { createLife } from './life.ts';
import { openLink } from './link.ts';
import { createMessageHearers } from './messages.ts';
import { createModeration } from './moderation.ts';
import { createPartings } from './parting.ts';
import { createPeople } from './people.ts';
import { createPeopleEvents } from './people-events.ts';
import { createRecent } from './recent.ts';
import { letGo, type OpenRest } from './rest.ts';
import { openResume, type Resume } from './resume.ts';
import { createRolls } from './roll.ts';
import { createRooms } from './rooms.ts';
import { createSending } from './sending.ts';
import { complaints } from './shortcomings.ts';
import { allChanged, structure } from './structure.ts';
import { textsIn } from './texts.ts';
import { createTyping, createTypists } from './typists.ts';
import { createWebhooks } from './webhooks.ts';

export interface SessionOptions {
  /** The account's, unique. */
  readonly account: string;
  readonly config: DiscordConfig;
  readonly token: string;
  readonly identity: Identity;
  /** Ends with the session. */
  readonly rest: OpenRest;
  readonly host: SessionHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch: Tools['fetch'];
  /** What the last session left. */
  readonly resume: string | undefined;
  readonly signal: AbortSignal;
}

function createCore({ config, identity, rest, clock, log }: SessionOptions, emit: Core['emit']): Core {
  return {
    config,
    clock,
    log,
    rest,
    identity,
    me: identity.user.id,
    intents: intentsFor(config.intents, identity.application.flags),
    guilds: new Map(),
    untold: new Set(),
    channels: new Map(),
    rooms: new Map(),
    partings: createPartings(clock),
    link: undefined,
    isUp: false,
    emit,
    now: () => new Date(clock.now()),
  };
}

/** What of a session works on its core, put together. */
function createParts(core: Core, { account, fetch }: SessionOptions, resume: Resume, signal: AbortSignal) {
  const nameOfMe = (chat: ChatId): string =>
    placeOf(core, channelOf(chat) ?? '')?.guild.members.get(core.me)?.nick ?? nickOf(core.identity.user, null);
  const recent = createRecent();
  const conversations = createConversations(core, resume);
  const flights = createFlights(core, nameOfMe);
  const webhooks = createWebhooks(core);
  const typists = createTypists(core);
  const people = createPeople(core, signal);
  const attaching = createAttaching(core, { fetch });
  const sending = createSending(core, { account, flights, conversations, webhooks, recent, attaching });
  const rolls = createRolls(core, (guild) => {
    if (core.isUp) allChanged(core, guild);
    people.mixed();
  });
  const tables: readonly Hearers[] = [
    structure,
    createPeopleEvents(people.moved),
    { GUILD_CREATE: people.mixed, GUILD_DELETE: people.mixed },
    createMessageHearers({ conversations, flights, webhooks, recent, typists, signal }),
    {
      GUILD_MEMBERS_CHUNK: (_, chunk) => rolls.heard(chunk),
      GUILD_MEMBER_ADD: (_, { guild_id, user }) => rolls.came(guild_id, user.id),
      GUILD_MEMBER_REMOVE: (_, { guild_id, user }) => rolls.left(guild_id, user.id),
      RATE_LIMITED: (_, limit) => rolls.limited(limit),
    },
  ];
  const appearance = createAppearance(core);
  return { recent, conversations, webhooks, typists, people, sending, rolls, appearance, tables };
}

/** Resolves when Discord has told all guilds. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { host, clock, log, signal, config } = options;
  const stop = new AbortController();
  const live = AbortSignal.any([signal, stop.signal]);
  const core = createCore(options, (event) => {
    const room = live.aborted ? undefined : host.emit(event);
    if (room !== undefined) intake.hold(room);
  });
  const resume = openResume(options.resume, host, log);
  const parts = createParts(core, options, resume, live);
  const intake = createIntake({
    hear(payload, shard) {
      hearIn(parts.tables, core, payload, shard);
      if (payload.t === 'GUILD_CREATE') life.came(payload.d.id);
      else if (payload.t === 'THREAD_UPDATE') life.stirred(payload.d.id);
    },
    overflow: () => over(away()),
    onBug: (error) => log.error({ err: error }, 'an event of Discord met a bug'),
  });
  const life = createLife(core, { ...parts, signal: live, tellState });

  function tellState(state: 'ready' | 'reconnecting' | 'ended', reason?: GatewayError): void {
    core.emit({
      kind: 'state',
      at: core.now(),
      state,
      ...(reason !== undefined && { reason, text: reason.message }),
    });
  }
  function over(reason: GatewayError): void {
    if (live.aborted) return;
    tellState('ended', reason);
    void close(reason);
  }
  const abandon = (): void => void close(away());
  async function close(reason: Error): Promise<void> {
    stop.abort(reason);
    signal.removeEventListener('abort', abandon);
    core.isUp = false;
    intake.close();
    life.close();
    parts.rolls.lost();
    parts.typists.close();
    parts.appearance.close();
    for (const room of core.rooms.values()) hush(room);
    letGo(options.rest);
    await core.link?.close();
  }

  core.link = await openLink({
    config,
    token: options.token,
    intents: core.intents.bits,
    clock,
    log,
    signal: live,
    heard(payload: GatewayDispatchPayload, shard) {
      if (payload.t === 'READY') life.began(shard);
      intake.take(payload, shard);
    },
    up(shard) {
      parts.appearance.up(shard);
      life.up(shard);
    },
    down: life.down,
    over,
  });
  core.isUp = true;
  signal.addEventListener('abort', abandon);
  tellShortcomings(core, resume);
  return { ...capabilities(core, parts, options, live), end: () => close(away()) };
}

/** All that the session offers, but its end. */
function capabilities(
  core: Core,
  { sending, webhooks, recent, conversations, people, rolls, appearance }: ReturnType<typeof createParts>,
  options: SessionOptions,
  signal: AbortSignal,
): Omit<Session, 'end'> {
  const typing = createTyping(core, sending.channelOf, signal);
  return {
    me: personId(core.me),
    limits: () => ({ textBytes: 2000, maxBytes: 16_384, concurrency: 32, window: 1, dedupes: false }),
    send(content, to) {
      typing.said(to.chat);
      return sending.send(content, to);
    },
    reconcile: sending.reconcile,
    ...createDeeds(core, { sending, webhooks, recent }),
    typing,
    status: { appear: async (show) => appearance.appear(show) },
    puppets: { canSpeakAs: (chat) => webhooks.may(channelOf(chat) ?? '') },
    rooms: { ...createRooms(core, rolls), ...createModeration(core) },
    history: createHistory(core, { sending, recent, conversations, webhooks }, signal),
    people: people.people,
    watch: people.watch,
    avatars: createAvatars(core.config.cdn, options),
    describe: async () => describing(core),
  };
}

/** Once for each change of it, over restarts. */
function tellShortcomings({ intents: { missing }, emit, now }: Core, resume: Resume): void {
  const said = new Set(resume.missing);
  const news = complaints(
    missing.filter((one) => !said.has(one)),
    textsIn('en'),
  );
  for (const plain of news) emit({ kind: 'notice', at: now(), text: { plain, marks: [] } });
  if (said.size !== missing.length || news.length > 0) resume.keep({ missing });
}
