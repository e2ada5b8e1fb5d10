/** Carries out one accepted intent: looks at the face whether it makes sense now, asks the session, and tells the face how it went. */
import type { Attempt, Session } from '../bridge/contract.ts';
import type { Content } from '../core/content.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId, MessageRef } from '../core/ids.ts';
import { chatId, personId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import { tooLate } from '../delivery/attempt.ts';
import type { Outcome, Taken } from '../delivery/lanes.ts';
import type { Face, Projection } from '../gateway/face.ts';
import { placeName } from '../gateway/labels.ts';
import { passwordSet } from '../gateway/rooms/options-form.ts';
import type { AccountRow } from '../storage/ports.ts';
import { accountedFor } from './accounted.ts';
import type { CatchingUp } from './catching-up.ts';
import type { PresenceOfClients } from './clients.ts';
import { comeIn } from './coming-in.ts';
import type { Connection } from './connection.ts';
import type { Contacts } from './contacts.ts';
import type { Deeds, Named } from './deeds.ts';
import type { Grace } from './grace.ts';
import type { Listing } from './listing.ts';
import { createModerating, type Moderating } from './moderating.ts';
import { picturedIn } from './puppets.ts';
import { actInRoom } from './room-acts.ts';
import { runLines, runTyped } from './typed.ts';
import { createUploading, mustFit } from './uploading.ts';
import type { Waiting } from './waiting.ts';
import type { AccountWorld } from './world.ts';

export interface ExecutorParts {
  readonly row: AccountRow;
  readonly face: Face;
  readonly world: AccountWorld;
  readonly clients: PresenceOfClients;
  readonly deeds: Deeds;
  readonly waiting: Pick<Waiting, 'trying' | 'landed'>;
  /** Chats in which something is being tried that nothing may overtake or run beside; kept up to date here. */
  readonly alone: Set<ChatId>;
  /** How many things are being tried there that nothing waits for; kept up to date here. */
  readonly beside: Map<ChatId, number>;
  /** One of those that nothing may overtake is one of these now. */
  freed(chat: ChatId): void;
  readonly contacts: Contacts;
  readonly listing: Pick<Listing, 'add' | 'look' | 'said'>;
  readonly catchingUp: Pick<CatchingUp, 'lost' | 'settled'>;
  readonly grace: Pick<Grace, 'begin'>;
  readonly connection: Pick<Connection, 'connect' | 'coming'>;
  deliver(projection: Projection): void;
  /** What to wait for until the face knows all that the network has told so far; undefined: it does. */
  told(): Promise<void> | undefined;
}

type Said = Extract<DurableIntent, { kind: 'send' | 'edit' | 'retract' | 'react' }>;
type Ask<Kind extends DurableIntent['kind']> = Taken & { readonly intent: Extract<DurableIntent, { kind: Kind }> };

type Facts = { readonly at: number; readonly text?: string; readonly refs?: readonly MessageRef[] };

/** Throws the GatewayError that the sender should see; the lane decides whether it is tried again. */
export function createExecutor(parts: ExecutorParts): (taken: Taken) => Promise<Outcome> {
  const executor = new Executor(parts);
  return (taken) => executor.execute(taken);
}

/** An object of a class: each account has one, and every message passes half of it. */
class Executor {
  readonly #parts: ExecutorParts;
  readonly #row: AccountRow;
  readonly #face: Face;
  readonly #world: AccountWorld;
  readonly #clients: PresenceOfClients;
  readonly #deeds: Deeds;
  readonly #alone: Set<ChatId>;
  readonly #uploading: ReturnType<typeof createUploading>;
  readonly #waiting: ExecutorParts['waiting'];
  readonly #moderating: Moderating;

  constructor(parts: ExecutorParts) {
    const { row, face, world, clients, deeds, waiting, alone } = parts;
    this.#parts = parts;
    this.#row = row;
    this.#face = face;
    this.#world = world;
    this.#clients = clients;
    this.#deeds = deeds;
    this.#alone = alone;
    this.#uploading = createUploading(row, world);
    this.#waiting = waiting;
    const { beside } = parts;
    this.#moderating = createModerating({ clock: world.clock, alone, beside, freed: (chat) => parts.freed(chat) });
  }

  execute(taken: Taken): Promise<Outcome> {
    const { intent } = taken;
    if (intent.kind === 'send') return this.#send(taken as Ask<'send'>);
    const before = this.#moderating.before(intent);
    const work = before === undefined ? this.#other(taken, intent) : before.then(() => this.#other(taken, intent));
    return intent.kind === 'moderate' ? this.#moderating.run(intent.chat, work) : this.#byItself(intent.chat, work);
  }

  #live(): Session | Promise<Session> {
    const session = this.#parts.connection.coming();
    if (session === undefined)
      throw new GatewayError('network-away', { text: `Not connected to ${placeName(this.#row.on, this.#row.domain)}` });
    return session;
  }

  #attempt(taken: Taken, chat: ChatId): Attempt {
    return { chat, key: taken.key, number: taken.attempt, signal: taken.signal };
  }

  /** The face must have heard what the network told before this. */
  #done(taken: Taken, sent?: Facts): Outcome | Promise<Outcome> {
    const told = this.#parts.told();
    return told === undefined ? this.#settle(taken, sent) : told.then(() => this.#settle(taken, sent));
  }

  #settle(taken: Taken, sent: Facts | undefined): Outcome {
    const projection = this.#face.done(taken.key, taken.intent, taken.origin, sent);
    this.#parts.deliver(projection);
    return { is: 'done', result: projection.result };
  }

  /** Checked; and what is for one occupant alone is meant for the conversation with whoever has that nick now (XEP-0045 §7.5). */
  #meant<Intent extends Said>(intent: Intent, origin: Origin): Intent {
    this.#face.check(intent, origin);
    const { chat, privately } = intent;
    const named = this.#withNames(intent);
    return privately === undefined ? named : { ...named, chat: chatId(this.#face.whois(chat, privately) ?? '') };
  }

  #withNames<Intent extends Said>(intent: Intent): Intent {
    if (!('content' in intent)) return intent;
    const content = this.#face.meant(intent.chat, intent.content);
    return content === intent.content ? intent : { ...intent, content };
  }

  /** What names the message waits until its attempt has ended. Not async, and no copies: this is done for every message. */
  #send(taken: Ask<'send'>): Promise<Outcome> {
    this.#deeds.trying(taken);
    this.#waiting.trying(taken);
    try {
      const intent = this.#meant(taken.intent, taken.origin);
      const message = intent === taken.intent ? taken : { ...taken, intent };
      return this.#said(message, taken.intent.chat).then(
        (facts) => this.#landed(message, facts),
        (error: unknown) => {
          this.#deeds.landed(taken, error);
          this.#waiting.landed(taken, error);
          throw error;
        },
      );
    } catch (error) {
      this.#deeds.landed(taken, error);
      this.#waiting.landed(taken, error);
      return Promise.reject(error);
    }
  }

  #landed(message: Ask<'send'>, facts: Facts | undefined): Outcome | Promise<Outcome> {
    const told = this.#parts.told();
    return told === undefined ? this.#tell(message, facts) : told.then(() => this.#tell(message, facts));
  }

  #tell(message: Ask<'send'>, facts: Facts | undefined): Outcome {
    // Whoever waits for it goes on behind this turn: the face then knows it.
    this.#deeds.landed(message);
    this.#waiting.landed(message);
    return this.#settle(message, facts);
  }

  /** @param lane where it came in, which it holds up; it is meant for the intent's chat */
  #said(message: Ask<'send'>, lane: ChatId): Promise<Facts | undefined> {
    const session = this.#live();
    return session instanceof Promise
      ? session.then((it) => this.#say(it, message, lane))
      : this.#say(session, message, lane);
  }

  /** No `await` from here to the session where there is nothing to ask: what is behind would overtake it. */
  #say(session: Session, message: Ask<'send'>, lane: ChatId): Promise<Facts | undefined> {
    const typed = this.#typed(session, message);
    if (typed !== undefined) return typed;
    const { chat, content } = message.intent;
    const naming = this.#deeds.content(chat, content, session);
    if (!(naming instanceof Promise)) return this.#sayNamed(session, message, lane, naming);
    return this.#byItself(lane, naming).then((named) => this.#sayNamed(session, message, lane, named));
  }

  #sayNamed(
    session: Session,
    message: Ask<'send'>,
    lane: ChatId,
    { content, standsIn }: Named,
  ): Promise<Facts | undefined> {
    const { chat } = message.intent;
    if (message.isLate && session.reconcile === undefined) throw tooLate(message.mayBeThere);
    const spoken = picturedIn(chat, content, session, this.#world.speakerPictures);
    if (!(spoken instanceof Promise)) return this.#saySpoken(session, message, lane, spoken, standsIn);
    return this.#byItself(lane, spoken).then((one) => this.#saySpoken(session, message, lane, one, standsIn));
  }

  #saySpoken(session: Session, message: Ask<'send'>, lane: ChatId, spoken: Content, standsIn: boolean): Promise<Facts> {
    const { chat } = message.intent;
    const { key, origin } = message;
    const named = { chat, key, id: origin.stanzaId, author: this.#face.authorOf(origin) };
    const fitting = this.#uploading.fitted(spoken, session, named);
    if (!(fitting instanceof Promise)) return this.#sayFitting(session, message, lane, fitting, standsIn);
    return this.#byItself(lane, fitting).then((fit) =>
      this.#sayFitting(session, message, lane, fit, standsIn || fit !== spoken),
    );
  }

  #sayFitting(
    session: Session,
    message: Ask<'send'>,
    lane: ChatId,
    content: Content,
    standsIn: boolean,
  ): Promise<Facts> {
    const { key, intent, origin } = message;
    const to = this.#attempt(message, intent.chat);
    const asked = message.attempt > 1 ? this.#askedFor(session, message, content, to) : undefined;
    if (asked === undefined) {
      this.#face.sending(key, intent, origin, standsIn);
      return session.send(content, to);
    }
    return this.#byItself(lane, asked).then((known) => {
      if (known === undefined && message.isLate) throw tooLate();
      this.#face.sending(key, intent, origin, standsIn);
      return known ?? session.send(content, to);
    });
  }

  /** Was it sent before, and as what? undefined: the session can't say. */
  #askedFor(session: Session, { intent, origin }: Ask<'send'>, content: Content, to: Attempt) {
    return session.reconcile?.(to, content, accountedFor(this.#world.archive, this.#row.id, intent.chat, origin));
  }

  /** A command, by the words as they were written: what an answer or a correction is said with where the network has neither makes none of it a text for others. undefined: it is none. */
  #typed(session: Session, message: Ask<'send' | 'edit'>): Promise<undefined> | undefined {
    const { chat, content } = message.intent;
    const { commands } = session;
    const text = content.text?.plain ?? '';
    // Nobody else types the owner's commands.
    if (commands?.knows(chat, text) !== true || content.action === true || !this.#isOwners(message)) return undefined;
    if (message.isLate) throw tooLate(message.mayBeThere);
    mustFit(content, chat, session);
    return this.#command(message, (signal) => commands.run(chat, text, signal));
  }

  #isOwners({ intent: { content }, origin: { from } }: Ask<'send' | 'edit'>): boolean {
    return content.author === undefined && bareOf(from) === this.#row.owner;
  }

  /** What was typed as a command is run instead of said: nobody but its sender hears of it, and it is not kept. */
  async #command(taken: Taken, run: (signal: AbortSignal) => Promise<string | undefined>): Promise<undefined> {
    this.#world.send(this.#face.tell(taken.origin, await runTyped(taken, run)));
  }

  /** The session tells of those from now on who are contacts now. */
  #watched(outcome: Outcome): Outcome {
    const session = this.#parts.connection.coming();
    if (!(session instanceof Promise)) this.#parts.contacts.watch(session);
    return outcome;
  }

  /** Onto the network's own list first, where it has one: what it does not accept is no contact. */
  async #befriend(taken: Ask<'contact'>): Promise<Outcome> {
    const { intent, signal } = taken;
    if (intent.wanted)
      await this.#parts.listing.add(personId(intent.chat), await this.#parts.connection.coming(), signal);
    await this.#parts.contacts.keep(intent);
    await this.#parts.listing.said(intent);
    const outcome = this.#watched(await this.#done(taken));
    if (intent.wanted) this.#parts.listing.look(personId(intent.chat));
    return outcome;
  }

  async #raw(taken: Ask<'raw'>): Promise<Outcome> {
    await this.#command(taken, async (signal) => {
      const { commands } = await this.#live();
      if (commands === undefined) throw new GatewayError('network-cannot');
      return runLines(taken.intent.line, (line) => commands.raw(line, signal));
    });
    return this.#done(taken);
  }

  async #edit(taken: Ask<'edit'>): Promise<Outcome> {
    const session = await this.#live();
    const typed = this.#typed(session, taken);
    const facts =
      typed === undefined
        ? await this.#deeds.edit(taken, session, this.#attempt(taken, taken.intent.chat))
        : await typed;
    return this.#done(taken, facts);
  }

  async #leave(taken: Ask<'leave'>): Promise<Outcome> {
    const { chat, reason } = taken.intent;
    if (this.#face.clients(chat).length > 0) return { is: 'done' };
    try {
      if (this.#face.isIn(chat)) await (await this.#live()).rooms.leave(chat, reason, taken.signal);
    } catch (error) {
      if (taken.signal.aborted || (error instanceof GatewayError && error.next === 'later')) throw error;
      this.#world.log.info(
        { account: this.#row.id, error },
        'the network did not confirm a leave; it is taken for done',
      );
    }
    // What was said before we were out is the room's still.
    await this.#parts.told();
    if (this.#face.clients(chat).length === 0) this.#clients.left(chat);
    return { is: 'done' };
  }

  async #moderate(taken: Ask<'moderate'>): Promise<Outcome> {
    const { intent, origin } = taken;
    this.#face.check(intent, origin);
    const { rooms } = await this.#live();
    if (rooms.moderate === undefined) throw new GatewayError('network-cannot');
    const acts = this.#face.acts(intent);
    if (acts.length > 0) await rooms.moderate(intent.chat, acts, taken.signal);
    return this.#done(taken);
  }

  /** Nothing else of that chat is started meanwhile. */
  async #byItself<T>(chat: ChatId, work: Promise<T>): Promise<T> {
    this.#alone.add(chat);
    try {
      return await work;
    } finally {
      this.#alone.delete(chat);
    }
  }

  async #other(taken: Taken, intent: Exclude<DurableIntent, { kind: 'send' }>): Promise<Outcome> {
    const { origin } = taken;
    switch (intent.kind) {
      case 'join':
        return comeIn(this.#parts, { ...taken, intent });
      case 'leave':
        return this.#leave({ ...taken, intent });
      case 'moderate':
        return this.#moderate({ ...taken, intent });
      case 'topic':
      case 'nick':
      case 'invite':
      case 'ask-voice':
      case 'options': {
        this.#face.check(intent, origin);
        await actInRoom((await this.#live()).rooms, intent, taken.signal);
        const password = intent.kind === 'options' ? passwordSet(intent.change) : undefined;
        if (password !== undefined) this.#clients.locked(intent.chat, password);
        return this.#done(taken);
      }
      case 'edit':
        return this.#edit({ ...taken, intent: this.#meant(intent, origin) });
      case 'retract': {
        const retraction = { ...taken, intent: this.#meant(intent, origin) };
        await this.#deeds.retract(retraction, await this.#live(), this.#attempt(taken, retraction.intent.chat));
        return this.#done(retraction);
      }
      case 'react': {
        const reaction = { ...taken, intent: this.#meant(intent, origin) };
        await this.#deeds.react(reaction, await this.#live(), this.#attempt(taken, reaction.intent.chat));
        return this.#done(reaction);
      }
      case 'contact':
        return this.#befriend({ ...taken, intent });
      case 'seen':
        await this.#parts.listing.said(intent);
        return this.#done(taken);
      case 'raw':
        return this.#raw({ ...taken, intent });
      default:
        return intent satisfies never;
    }
  }
}
