/** Puts together what one login works on: its parts know each other through the core alone. */
import {
  type Clock,
  countingIds,
  createRemembered,
  lateParts,
  madeUpMark,
  personId,
  sparseMap,
  sparseSet,
  withFunctions,
} from '#bridge';
import { createAllowance } from './allowance.ts';
import { type Answers, type AnswersOptions, createAnswers } from './answers.ts';
import { createAsks } from './asks.ts';
import { createBans } from './bans.ts';
import { createBatches } from './batches.ts';
import { hear } from './commands.ts';
import { createConversations } from './conversations.ts';
import { type Core, createNaming, createOutlet, isMe, nameUs } from './core.ts';
import { answerAllowance } from './ctcp-answers.ts';
import { createCtcpQuestions } from './ctcp-questions.ts';
import { createGapTurns } from './gap-turns.ts';
import { onPast } from './history.ts';
import { isKnownLater } from './identity.ts';
import { createJoins } from './joins.ts';
import { isChannelHere } from './line-facts.ts';
import { createListing } from './listing.ts';
import { tellsSingly } from './manners.ts';
import { canTag, localId, tagged } from './message-caps.ts';
import { createNotices } from './notices.ts';
import { createPings, type Pings } from './pings.ts';
import { createReceipts, type Receipts, type ReceiptsOptions } from './receipts.ts';
import { away } from './refusals.ts';
import { createReturning } from './returning.ts';
import type { SessionOptions } from './session.ts';
import type { Profile } from './settings.ts';
import { createSilence } from './silence.ts';
import { createAppearance } from './status.ts';
import { createStorms } from './storms.ts';
import { createTyping, type Typing } from './typing.ts';
import { createWatching } from './watching.ts';
import { createWhos } from './who.ts';
import { createWhois } from './whois.ts';
import { createWholes } from './wholes.ts';
import { compose } from './wire/compose.ts';

/** All parts of a session, made for each other. @param profile what holds now */
export function createCore(options: SessionOptions, profile: () => Profile): Core {
  const { clock, log, host, idPrefix } = options;
  const { server, identity } = profile();
  const self = (): Core => core;
  const naming = createNaming(options.folderOf, options.readSupport);
  const fault = (error: unknown): void =>
    log.error({ err: error, server: server.name }, 'the gateway refused an event');
  const outlet = createOutlet(host, () => core.link?.transport, fault);
  const send: Core['send'] = (line, priority, onWritten, signal) => {
    if (core.link === undefined) throw away(server.name);
    core.link.transport.sender.send(line, priority, onWritten, signal);
  };
  const batches = createBatches();
  const newId = countingIds(idPrefix);
  const now = (): number => clock.now();
  const pings = pingsOf(self, options, send);
  const isBehind = (): boolean => core.link?.transport.sender.isBehind() === true;
  const core: Core = withFunctions(late, {
    late: undefined,
    directory: options.directory,
    server,
    clock,
    log,
    nick: identity.nick,
    self: personId(naming.fold(identity.nick)),
    wanted: identity.nick,
    user: '',
    host: '',
    support: naming.support,
    channels: new Map(),
    profiles: sparseMap(),
    batches,
    storms: createStorms(self, clock, (chat) => tellsSingly(host.settings?.(chat) ?? {})),
    link: undefined,
    ready: false,
    begunAt: 0,
    isOperator: false,
    pings,
    asks: createAsks(send, pings, naming.fold, isBehind, () => newLabel(core)),
    answers: answersOf(self, { pings, send, isBehind, fold: naming.fold }),
    joins: createJoins(self, () => isKnownLater(profile().identity) && core.link?.account() === undefined),
    receipts: receiptsOf(self, { clock, pings, load: options.pingLoad, fold: naming.fold, emit: outlet.emit }),
    notices: createNotices(outlet.emit, now, options.isNews),
    whos: createWhos(self, clock),
    returning: createReturning(self, clock),
    watching: createWatching(self, clock),
    silence: createSilence(self),
    appearance: createAppearance(self),
    readUpTo: createRemembered(1024),
    lastSaid: createRemembered(1024),
    addressed: createRemembered(1024),
    reactions: createRemembered(256),
    wholes: createWholes({ onMessage: (line) => void hear(core, line), onPast: (past) => onPast(core, past) }),
    gapTurns: createGapTurns(),
    wantedPast: sparseSet(),
    wantedTargets: sparseSet(),
    ctcpAllowance: createAllowance(now, answerAllowance.burst, answerAllowance.everyMs),
    ownClient: host.ownClient,
    memberOf: options.memberOf,
    fold: naming.fold,
    begins() {
      naming.begins();
      core.support = naming.support;
      core.begunAt = clock.now();
      core.notices.begins();
      core.isOperator = false;
    },
    supports(params) {
      naming.supports(params);
      core.support = naming.support;
      nameUs(core, core.nick);
    },
    emit: outlet.emit,
    paused: outlet.paused,
    send,
    newId,
    newName: countingIds(`${madeUpMark}${idPrefix}`),
  } satisfies Omit<Whole, keyof Late>);
  return core;
}

type Late = Pick<Core, 'whois' | 'ctcp' | 'conversations' | 'bans' | 'listing' | 'typing'>;
type Whole = Core & { readonly directory: SessionOptions['directory'] };

/** Parts that most logins never need. */
const late = lateParts<Late, Whole>({
  whois: (core) =>
    createWhois({ clock: core.clock, send: core.send, fold: core.fold, isMe: (nick) => isMe(core, nick) }),
  ctcp: (core) => createCtcpQuestions({ clock: core.clock, send: core.send, fold: core.fold, newId: core.newId }),
  conversations: ({ clock }) => createConversations(() => clock.now()),
  bans: (core) => createBans(() => core),
  listing: (core) => createListing(() => core, core.directory, core.clock),
  typing: (core) => typingOf(() => core, core.clock),
});

/** Nothing of it waits in a queue: who writes now need not be told later. */
const typingOf = (core: () => Core, clock: Clock): Typing =>
  createTyping({
    clock,
    emit: (event) => core().emit(event),
    fold: (name) => core().fold(name),
    send(chat, state) {
      const { ready, link, channels, fold, send } = core();
      if (!ready || !canTag(core(), 'typing') || (link?.transport.sender.pending() ?? 1) > 0) return;
      send(tagged([['+typing', state]], compose('TAGMSG', channels.get(fold(chat))?.name ?? chat)), 2);
    },
  });

const pingsOf = (core: () => Core, { clock, log, idPrefix }: SessionOptions, send: Core['send']): Pings =>
  createPings({
    clock,
    prefix: idPrefix,
    send,
    heardAt: () => core().link?.transport.heardAt ?? clock.now(),
    paused: () => core().paused(),
    onDead() {
      log.info({ server: core().server.name }, 'an IRC server does not answer');
      core().link?.transport.close(true);
    },
  });

const receiptsOf = (
  core: () => Core,
  parts: Pick<ReceiptsOptions, 'clock' | 'pings' | 'load' | 'fold' | 'emit'>,
): Receipts =>
  createReceipts({
    ...parts,
    newId: () => localId(core()),
    echoes: () => core().link?.has('echo-message') === true,
    hasMore: () => core().link?.transport.hasMore === true,
    dear: () => core().link?.transport.sender.isDear() === true,
    me: () => ({ nick: core().nick, person: core().self }),
  });

const answersOf = (core: () => Core, parts: Pick<AnswersOptions, 'pings' | 'send' | 'isBehind' | 'fold'>): Answers =>
  createAnswers({
    ...parts,
    newLabel: () => newLabel(core()),
    labelOf: (line) => core().batches.labelOf(line),
    isChannel: (name) => isChannelHere(core(), name),
    isListing: (folded) => core().channels.get(folded)?.listing === true,
  });

/** Where the server tells which line it answers (labeled-response). */
const newLabel = ({ link, newId }: Core): string | undefined =>
  link?.has('labeled-response') === true ? newId() : undefined;
