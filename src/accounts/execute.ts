/** Carries out one accepted intent: looks at the face whether it makes sense now, asks the session, and tells the face how it went. */
import type { Attempt, Session } from '../bridge/contract.ts';
import type { Content } from '../core/content.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId, MessageRef } from '../core/ids.ts';
import { chatId, personId } from '../core/ids.ts';
import type { DurableIntent, HistoryWish, Origin } from '../core/intent.ts';
import type { Outcome, Taken } from '../delivery/lanes.ts';
import type { Entering, Face, Projection } from '../gateway/face.ts';
import type { AccountRow, ArchiveRow } from '../storage/ports.ts';
import { accountedFor } from './accounted.ts';
import type { CatchingUp } from './catching-up.ts';
import type { PresenceOfClients } from './clients.ts';
import type { Contacts } from './contacts.ts';
import type { Deeds, Named } from './deeds.ts';
import type { Grace } from './grace.ts';
import type { Listing } from './listing.ts';
import { picturedIn } from './puppets.ts';
import { mustBeWithin } from './quotas.ts';
import { actInRoom } from './room-acts.ts';
import { runLines, runTyped } from './typed.ts';
import { createUploading, mustFit } from './uploading.ts';
import { createWaiting } from './waiting.ts';
import type { AccountWorld } from './world.ts';

export interface ExecutorParts {
  readonly row: AccountRow;
  readonly face: Face;
  readonly world: AccountWorld;
  readonly clients: PresenceOfClients;
  readonly deeds: Deeds;
  /** Chats in which something is being tried that nothing may overtake or run beside; kept up to date here. */
  readonly alone: Set<ChatId>;
  connect(nick: string): Promise<Session>;
  readonly contacts: Contacts;
  readonly listing: Pick<Listing, 'add' | 'look' | 'said'>;
  readonly catchingUp: Pick<CatchingUp, 'lost' | 'settled'>;
  readonly grace: Pick<Grace, 'begin'>;
  /** The session, or the attempt at one; undefined where there is neither. */
  session(): Session | Promise<Session> | undefined;
  deliver(projection: Projection): void;
  /** What to wait for until the face knows all that the network has told; undefined: it does. */
  told(): Promise<void> | undefined;
}

type Said = Extract<DurableIntent, { kind: 'send' | 'edit' | 'retract' | 'react' }>;
type Ask<Kind extends DurableIntent['kind']> = Taken & { readonly intent: Extract<DurableIntent, { kind: Kind }> };

/** How far back a client that lost its connection is served, in messages. */
const missedAtMost = 1000;

/** Throws the GatewayError that the sender should see; the lane decides whether it is tried again. */
export function createExecutor(parts: ExecutorParts): (taken: Taken) => Promise<Outcome> {
  const { row, face, world, clients, deeds, alone, deliver } = parts;
  const uploading = createUploading(row, world);
  const waiting = createWaiting(row, face, world);

  function live(): Session | Promise<Session> {
    const session = parts.session();
    if (session === undefined)
      throw new GatewayError('network-away', { text: `Not connected to ${row.on ?? row.domain}` });
    return session;
  }

  const attempt = (taken: Taken, chat: ChatId): Attempt => ({
    chat,
    key: taken.key,
    number: taken.attempt,
    signal: taken.signal,
  });

  type Facts = { readonly at: number; readonly text?: string; readonly refs?: readonly MessageRef[] };

  /** The face must have heard what the network told before this. */
  function done(taken: Taken, sent?: Facts): Outcome | Promise<Outcome> {
    const told = parts.told();
    return told === undefined ? settle(taken, sent) : told.then(() => settle(taken, sent));
  }

  function settle(taken: Taken, sent: Facts | undefined): Outcome {
    const projection = face.done(taken.key, taken.intent, taken.origin, sent);
    deliver(projection);
    return { is: 'done', result: projection.result };
  }

  async function join(taken: Ask<'join'>): Promise<Outcome> {
    const { intent, origin } = taken;
    if (face.hasLeft(intent, origin)) return { is: 'done' };
    const history = intent.history ?? unspokenWish(intent.chat, origin.from);
    const wish = history === undefined ? intent : { ...intent, history };
    const entering = face.begin(wish, origin);
    try {
      if (!face.isIn(intent.chat)) await enter(taken);
      await parts.told();
      await parts.catchingUp.settled(intent.chat);
      await tell(entering, wish, taken);
    } catch (error) {
      entering.abandon();
      if (error instanceof GatewayError && error.code === 'members-only') parts.grace.begin();
      // What was said waits for its owner to mend the login; whoever asks to come in is told now.
      if (error instanceof GatewayError && error.next === 'pause') return { is: 'failed', error };
      throw error;
    }
    appear();
    if (face.clients(intent.chat).includes(origin.from)) clients.entered(intent.chat, origin.from, intent.password);
    else clients.departed({ chat: intent.chat, client: origin.from, how: 'left' });
    return { is: 'done' };
  }

  /** Who is there, a piece a turn where they are many; what changes meanwhile is told with the rest. */
  async function tell(entering: Entering, wish: Ask<'join'>['intent'], { origin, signal }: Taken): Promise<void> {
    const { crowds: pace } = world;
    while (entering.others > pace.perTurn) {
      await pace.take(pace.perTurn);
      const some = entering.some(pace.perTurn);
      if (some.length === 0) break;
      world.send(some);
      await world.pressure();
      signal.throwIfAborted();
    }
    const rows = await past(wish, origin);
    const now = pace.take(entering.others);
    if (now !== undefined) await now;
    world.send(entering.finish(rows));
  }

  /** What somebody wants of the past who says nothing about it: what they missed, if anything. */
  function unspokenWish(chat: ChatId, client: string): HistoryWish | undefined {
    const missed = clients.since(chat, client);
    return missed === undefined ? undefined : { since: missed, maxStanzas: missedAtMost };
  }

  /** The network hears whether anybody is at the keyboard. */
  function appear(): void {
    const shown = face.shown();
    const session = parts.session();
    if (shown === undefined || session === undefined || session instanceof Promise) return;
    session.status?.appear(shown.show, shown.status).catch(world.ignore);
  }

  /** Onto the network, and there into the room. */
  async function enter({ intent, signal }: Ask<'join'>): Promise<void> {
    const { chat, nick, password = clients.password(chat) } = intent;
    world.mayComeIn(row.owner);
    await mustBeWithin(world.quotas, world.store, row, face.rooms().length);
    const session = await parts.connect(nick);
    parts.catchingUp.lost(chat);
    await rooms(session).join(chat, { nick, ...(password !== undefined && { password }) }, signal);
  }

  /** A room without its past is better than none. */
  async function past(wish: Ask<'join'>['intent'], origin: Origin): Promise<readonly ArchiveRow[]> {
    const wanted = face.wants(wish, origin);
    if (wanted === undefined) return [];
    try {
      return await world.archive.recent(row.id, wish.chat, wanted.max, wanted.since);
    } catch (error) {
      world.log.error({ account: row.id, error }, 'the archive could not be read; a client came in without history');
      return [];
    }
  }

  /** Checked; and what is for one occupant alone is meant for the conversation with whoever has that nick now (XEP-0045 §7.5). */
  function meant<Intent extends Said>(intent: Intent, origin: Origin): Intent {
    face.check(intent, origin);
    const { chat, privately } = intent;
    const named = withNames(intent);
    return privately === undefined ? named : { ...named, chat: chatId(face.whois(chat, privately) ?? '') };
  }

  function withNames<Intent extends Said>(intent: Intent): Intent {
    if (!('content' in intent)) return intent;
    const content = face.meant(intent.chat, intent.content);
    return content === intent.content ? intent : { ...intent, content };
  }

  /** What names the message waits until its attempt has ended. Not async, and no copies: this is done for every message. */
  function send(taken: Ask<'send'>): Promise<Outcome> {
    deeds.trying(taken);
    waiting.trying(taken);
    try {
      const intent = meant(taken.intent, taken.origin);
      const message = intent === taken.intent ? taken : { ...taken, intent };
      return said(message, taken.intent.chat).then(
        (facts) => landed(message, facts),
        (error: unknown) => {
          deeds.landed(taken, error);
          waiting.landed(taken, error);
          throw error;
        },
      );
    } catch (error) {
      deeds.landed(taken, error);
      waiting.landed(taken, error);
      return Promise.reject(error);
    }
  }

  function landed(message: Ask<'send'>, facts: Facts | undefined): Outcome | Promise<Outcome> {
    const told = parts.told();
    if (told !== undefined) return told.then(() => landed(message, facts));
    // Whoever waits for it goes on behind this turn: the face then knows it.
    deeds.landed(message);
    waiting.landed(message);
    return settle(message, facts);
  }

  /** @param lane where it came in, which it holds up; it is meant for the intent's chat */
  function said(message: Ask<'send'>, lane: ChatId): Promise<Facts | undefined> {
    const session = live();
    return session instanceof Promise ? session.then((it) => say(it, message, lane)) : say(session, message, lane);
  }

  /** No `await` from here to the session where there is nothing to ask: what is behind would overtake it. */
  function say(session: Session, message: Ask<'send'>, lane: ChatId): Promise<Facts | undefined> {
    const { chat, content } = message.intent;
    const naming = deeds.content(chat, content, session);
    if (!(naming instanceof Promise)) return sayNamed(session, message, lane, naming);
    return byItself(lane, naming).then((named) => sayNamed(session, message, lane, named));
  }

  function sayNamed(
    session: Session,
    message: Ask<'send'>,
    lane: ChatId,
    { content, standsIn }: Named,
  ): Promise<Facts | undefined> {
    const { chat } = message.intent;
    const { commands } = session;
    const text = content.text?.plain ?? '';
    // Nobody else types the owner's commands.
    if (commands?.knows(chat, text) === true && content.action !== true && content.author === undefined) {
      mustFit(content, chat, session);
      return command(message, (signal) => commands.run(chat, text, signal));
    }
    const spoken = picturedIn(chat, content, session, world.speakerPictures);
    if (!(spoken instanceof Promise)) return saySpoken(session, message, lane, spoken, standsIn);
    return byItself(lane, spoken).then((one) => saySpoken(session, message, lane, one, standsIn));
  }

  function saySpoken(
    session: Session,
    message: Ask<'send'>,
    lane: ChatId,
    spoken: Content,
    standsIn: boolean,
  ): Promise<Facts> {
    const { chat } = message.intent;
    const { key, origin } = message;
    const named = { chat, key, id: origin.stanzaId, author: face.authorOf(origin) };
    const fitting = uploading.fitted(spoken, session, named);
    if (!(fitting instanceof Promise)) return sayFitting(session, message, lane, fitting, standsIn);
    return byItself(lane, fitting).then((fit) => sayFitting(session, message, lane, fit, standsIn || fit !== spoken));
  }

  function sayFitting(
    session: Session,
    message: Ask<'send'>,
    lane: ChatId,
    content: Content,
    standsIn: boolean,
  ): Promise<Facts> {
    const { key, intent, origin } = message;
    const to = attempt(message, intent.chat);
    const asked = message.attempt > 1 ? askedFor(session, message, content, to) : undefined;
    if (asked === undefined) {
      face.sending(key, intent, origin, standsIn);
      return session.send(content, to);
    }
    return byItself(lane, asked).then((known) => {
      face.sending(key, intent, origin, standsIn);
      return known ?? session.send(content, to);
    });
  }

  /** Was it sent before, and as what? undefined: the session can't say. */
  function askedFor(session: Session, { intent, origin }: Ask<'send'>, content: Content, to: Attempt) {
    return session.reconcile?.(to, content, accountedFor(world.archive, row.id, intent.chat, origin));
  }

  /** What was typed as a command is run instead of said: nobody but its sender hears of it, and it is not kept. */
  async function command(taken: Taken, run: (signal: AbortSignal) => Promise<string | undefined>): Promise<undefined> {
    world.send(face.tell(taken.origin, await runTyped(taken, run)));
  }

  /** The session tells of those from now on who are contacts now. */
  function watched(outcome: Outcome): Outcome {
    const session = parts.session();
    if (!(session instanceof Promise)) parts.contacts.watch(session);
    return outcome;
  }

  /** Onto the network's own list first, where it has one: what it does not accept is no contact. */
  async function befriend(taken: Ask<'contact'>): Promise<Outcome> {
    const { intent, signal } = taken;
    if (intent.wanted) await parts.listing.add(personId(intent.chat), await parts.session(), signal);
    await parts.contacts.keep(intent);
    await parts.listing.said(intent);
    const outcome = watched(await done(taken));
    if (intent.wanted) parts.listing.look(personId(intent.chat));
    return outcome;
  }

  async function raw(taken: Ask<'raw'>): Promise<Outcome> {
    const { commands } = await live();
    if (commands === undefined) throw new GatewayError('network-cannot');
    await command(taken, (signal) => runLines(taken.intent.line, (line) => commands.raw(line, signal)));
    return done(taken);
  }

  async function leave(taken: Ask<'leave'>): Promise<Outcome> {
    const { chat, reason } = taken.intent;
    if (face.clients(chat).length > 0) return { is: 'done' };
    try {
      if (face.isIn(chat)) await rooms(await live()).leave(chat, reason, taken.signal);
    } catch (error) {
      if (taken.signal.aborted || (error instanceof GatewayError && error.next === 'later')) throw error;
      world.log.info({ account: row.id, error }, 'the network did not confirm a leave; it is taken for done');
    }
    if (face.clients(chat).length === 0) clients.left(chat);
    return { is: 'done' };
  }

  async function moderate(taken: Ask<'moderate'>): Promise<Outcome> {
    const { intent, origin } = taken;
    face.check(intent, origin);
    const act = rooms(await live()).moderate;
    if (act === undefined) throw new GatewayError('network-cannot');
    const acts = face.acts(intent);
    if (acts.length > 0) await act(intent.chat, acts, taken.signal);
    return done(taken);
  }

  /** Nothing else of that chat is started meanwhile. */
  async function byItself<T>(chat: ChatId, work: Promise<T>): Promise<T> {
    alone.add(chat);
    try {
      return await work;
    } finally {
      alone.delete(chat);
    }
  }

  async function other(taken: Taken, intent: Exclude<DurableIntent, { kind: 'send' }>): Promise<Outcome> {
    const { origin } = taken;
    switch (intent.kind) {
      case 'join':
        return join({ ...taken, intent });
      case 'leave':
        return leave({ ...taken, intent });
      case 'moderate':
        return moderate({ ...taken, intent });
      case 'topic':
      case 'nick':
      case 'invite':
      case 'ask-voice':
      case 'options': {
        face.check(intent, origin);
        await actInRoom(rooms(await live()), intent, taken.signal);
        return done(taken);
      }
      case 'edit': {
        const edit = { ...taken, intent: meant(intent, origin) };
        return done(edit, await deeds.edit(edit, await live(), attempt(taken, edit.intent.chat)));
      }
      case 'retract': {
        const retraction = { ...taken, intent: meant(intent, origin) };
        await deeds.retract(retraction, await live(), attempt(taken, retraction.intent.chat));
        return done(retraction);
      }
      case 'react': {
        const reaction = { ...taken, intent: meant(intent, origin) };
        await deeds.react(reaction, await live(), attempt(taken, reaction.intent.chat));
        return done(reaction);
      }
      case 'contact':
        return befriend({ ...taken, intent });
      case 'seen':
        await parts.listing.said(intent);
        return done(taken);
      case 'raw':
        return raw({ ...taken, intent });
      default:
        return intent satisfies never;
    }
  }
  return (taken) => {
    const { intent } = taken;
    if (intent.kind !== 'send') return byItself(intent.chat, other(taken, intent));
    return send(taken as Ask<'send'>);
  };
}

function rooms(session: Session): NonNullable<Session['rooms']> {
  if (session.rooms === undefined) throw new GatewayError('network-cannot');
  return session.rooms;
}
