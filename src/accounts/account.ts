/**
 * The account: one login's actor. It alone touches the login's session, face and lanes; everything that happens to it comes through its methods, and
 * what must be in order is decided synchronously. The features are in the face and in the bridge; here is only what connects them.
 */

import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, PersonId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { Lanes } from '../delivery/lanes.ts';
import type { Accepted } from '../delivery/outbox.ts';
import type { Face, Heard, Projection, Stanza } from '../gateway/face.ts';
import type { AccountRow, Offered } from '../storage/ports.ts';
import { lanesOf } from './account-lanes.ts';
import type { Account, AccountOwner } from './account-port.ts';
import { readmit } from './admission.ts';
import { attending } from './attending.ts';
import { isChatter } from './chatter.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDoubles, type Doubles } from './doubles.ts';
import { createFeatures, type Features } from './features.ts';
import { passOn, passOnHeard } from './fleeting.ts';
import { createGrace, type Grace } from './grace.ts';
import { createHolding, type Holding, heldForMs } from './holding.ts';
import { createHost } from './host.ts';
import { createLasting, type Lasting } from './lasting-files.ts';
import { liveAnswers } from './live-answers.ts';
import type { Order } from './orders.ts';
import { createProbe } from './probes.ts';
import type { LiveAnswers } from './questions.ts';
import { createStaying, type Staying } from './staying.ts';
import { both, createTurns, type Turns, type TurnsOptions } from './turns.ts';
import type { LeasedWorld } from './world.ts';

/** How long a stop waits for what is in flight. */
const stopWithinMs = 3_000;

/** For one login. Nothing happens before `load` and `begin`. */
export const createAccount = (
  row: AccountRow,
  network: Network,
  face: Face,
  world: LeasedWorld,
  owner: AccountOwner,
): Account => new Actor(row, network, face, world, owner);

/** An object of a class: each account is one, and everything that happens to it goes through it. */
class Actor implements Account {
  readonly row: AccountRow;
  readonly mail: Account['mail'];
  readonly #face: Face;
  readonly #world: LeasedWorld;
  readonly #owner: AccountOwner;
  readonly #ended = new AbortController();
  readonly #doubles: Doubles;
  readonly #lasting: Lasting;
  readonly #holding: Holding;
  readonly #turns: Turns;
  readonly #connection: Connection;
  readonly #staying: Staying;
  readonly #grace: Grace;
  readonly #its: Features;
  readonly #lanes: Lanes;
  readonly #probe: () => void;
  #appending = 0;
  #deaf = false;

  constructor(row: AccountRow, network: Network, face: Face, world: LeasedWorld, owner: AccountOwner) {
    const { signal } = this.#ended;
    const attend = attending(world.watch, row.id);
    const take: TurnsOptions['take'] = (heard, me) => (this.#deaf ? undefined : this.#take(heard, me));
    const closeIfIdle = (): void => this.#closeIfIdle();
    this.row = row;
    this.#face = face;
    this.#world = world;
    this.#owner = owner;
    this.#doubles = createDoubles(row.id, world);
    this.#lasting = createLasting(row, world);
    const me = () => this.#connection.session()?.me;
    this.#holding = createHolding(row.id, { doubles: this.#doubles, take, me, log: world.log, signal });
    this.#turns = createTurns({
      before: (event) => (isChatter(event) ? undefined : this.#before(event)),
      ...{ take: attend(take), me },
      pressure: () => world.pressure() ?? world.archive.pressure(),
      onBug: (error) => world.log.error({ account: row.id, error }, 'an event of the network met a bug'),
    });
    const host = createHost(row, face, world, {
      isDeaf: () => this.#deaf,
      put: (event) => this.#turns.put(event),
      resumeAt: (where) => this.#connection.resumeAt(where),
    });
    const onSession = (session: Session | undefined): void => this.#onSession(session);
    this.#connection = createConnection(row, network, { ...world, host, signal, onSession });
    this.#staying = createStaying(row, network, face, world, () => this.#connection.connect(undefined), closeIfIdle);
    this.#grace = createGrace(world.clock, closeIfIdle);
    this.#its = createFeatures(row, network, face, world, {
      session: () => this.#connection.session(),
      deliver: (told) => {
        if (!this.#deaf) this.#deliver(told);
      },
      append: (intent, origin) => this.#append(intent, origin),
      doubles: this.#doubles,
      lasting: this.#lasting,
      signal,
      onEmpty: closeIfIdle,
    });
    this.#probe = createProbe(row, network, face, world, {
      session: () => this.#connection.session(),
      maySee: (person) => this.#its.listing.maySee(person),
      signal,
    });
    this.#lanes = lanesOf({
      ...{ row, face, world, attend, connection: this.#connection, grace: this.#grace, signal },
      features: this.#its,
      deliver: (told) => this.#deliver(told),
      told: () => this.#turns.taken(),
      onIdle: closeIfIdle,
      onLost: () => owner.lost(),
    });
    this.mail = attend((mail) => this.#mail(mail));
  }

  async load(isOut: boolean): Promise<void> {
    const { contacts, listing, bookmarking, clients } = this.#its;
    for (const part of [contacts, listing, bookmarking]) await part.load();
    await clients.load(isOut);
  }

  begin(): void {
    readmit(this.row, this.#face, this.#world, this.#its.clients);
    this.#lanes.poke();
    this.#probe();
    this.#staying.begin();
    void this.#its.clients
      .rejoin((nick) => this.#connection.comeBack(nick))
      .then(() => {
        this.#lanes.poke();
        this.#closeIfIdle();
      });
  }

  askAround(): void {
    this.#its.clients.askAround();
    this.#probe();
  }

  offer(entry: Offered): void {
    this.#lanes.offer(entry);
  }

  poke(chat?: ChatId): void {
    this.#lanes.poke(chat);
  }

  async obey(order: Exclude<Order, { is: 'erase' | 'shown' }>): Promise<void> {
    if (this.#ended.signal.aborted) return;
    try {
      await this.#obeyed(order);
    } catch (error) {
      this.#world.log.error({ account: this.row.id, order: order.is, error }, 'an order could not be carried out');
    }
  }

  get live(): LiveAnswers {
    return liveAnswers(this.#its);
  }

  get session(): Session | undefined {
    return this.#connection.session();
  }

  get state(): Account['state'] {
    return this.#connection.state();
  }

  get lanes(): Account['lanes'] {
    return this.#lanes.view();
  }

  async stop(how: Parameters<Account['stop']>[0], reason: string): Promise<void> {
    const { clients } = this.#its;
    if (how === 'farewell') {
      this.#world.send(this.#face.dismiss('shutdown', reason));
      for (const chat of this.#face.rooms()) clients.changed(chat);
    }
    if (how !== 'lost') await this.#comeToRest();
    // From here on it is our own farewell that the network tells of: no client is to hear that, nor the memberships table.
    this.#deaf = true;
    this.#grace.end();
    this.#staying.end();
    this.#turns.close();
    if (how !== 'lost') await clients.save();
    clients.close();
    if (how !== 'lost') await this.#connection.end(reason);
    this.#ended.abort(new Error(reason));
  }

  #deliver({ stanzas, archive }: Projection): void {
    if (archive.length > 0) {
      this.#world.archive.keep(archive);
      this.#its.catchingUp.told(archive);
    }
    if (stanzas.length > 0) this.#world.send(stanzas);
  }

  #before(event: NetworkEvent): Promise<void> | undefined {
    const { deeds, avatars } = this.#its;
    const known = both(this.#doubles.look(event), deeds.recall(event)) ?? this.#holding.before(event);
    return this.#lasting.look(event, known ?? avatars?.look(event));
  }

  #take(heard: NetworkEvent, me: PersonId | undefined): NetworkEvent | undefined {
    if (isChatter(heard)) {
      if (!this.#holding.holds(heard)) this.#deliver(this.#face.apply(heard, me));
      return undefined;
    }
    const { talks, bookmarking } = this.#its;
    if (this.#doubles.isDouble(heard) || talks.takes(heard) || this.#holding.holds(heard)) return undefined;
    const event = this.#lasting.told(heard);
    if (event.kind === 'invited') {
      if (!this.#face.hasRoom()) this.#grace.begin();
      if (bookmarking.takes(event)) return undefined;
    }
    const projection = this.#face.apply(event, me);
    if (event.kind === 'message' && event.history === true) this.#doubles.told(projection.archive);
    this.#deliver(projection);
    this.#lasting.changed(heard);
    this.#told(event);
    return projection.rest;
  }

  /** Those whom it concerns besides. */
  #told(event: NetworkEvent): void {
    const { deeds, catchingUp, clients, bookmarking, listing, avatars } = this.#its;
    if (event.kind === 'state') this.#onState(event);
    else if (event.kind === 'retracted') deeds.takenBack(event);
    else if (event.kind === 'removed') {
      catchingUp.lost(event.chat);
      clients.left(event.chat);
      bookmarking.heard(event);
    } else if (event.kind === 'members') this.#onMembers(event);
    else if (event.kind === 'contact' || event.kind === 'person') listing.heard(event);
    else if (event.kind === 'room') {
      bookmarking.heard(event);
      clients.changed(event.chat);
    }
    avatars?.told(event);
  }

  /** What waited for the room to be entered again need not wait longer. */
  #onMembers({ chat, complete }: Extract<NetworkEvent, { kind: 'members' }>): void {
    const { clients, catchingUp } = this.#its;
    clients.changed(chat);
    if (complete !== true) return;
    catchingUp.entered(chat);
    this.#holding.until(chat, catchingUp.settled(chat, heldForMs));
    this.#lanes.poke(chat);
  }

  #onState(event: Extract<NetworkEvent, { kind: 'state' }>): void {
    const { catchingUp, clients } = this.#its;
    if (event.state === 'ready') {
      this.#lanes.poke();
      catchingUp.connected();
    } else {
      catchingUp.lost();
      this.#doubles.lost();
    }
    this.#connection.heard(event);
    if (event.state !== 'ended') return;
    for (const chat of this.#face.rooms()) clients.left(chat);
    if (!this.#deaf) this.#staying.lost(event.reason);
    this.#closeIfIdle();
  }

  #onSession(session: Session | undefined): void {
    const { clients, contacts, listing, catchingUp, avatars } = this.#its;
    const told = this.#face.attach(session);
    if (!this.#deaf) this.#world.send(told);
    if (session === undefined) return;
    const shown = this.#face.shown();
    if (shown !== undefined) passOn(shown, session, this.#face).catch(this.#world.ignore);
    clients.connected();
    contacts.watch(session);
    contacts.blocking.connected(session);
    listing.connected(session);
    catchingUp.connected();
    avatars?.connected();
  }

  async #append(intent: DurableIntent, origin: Origin): Promise<void> {
    const { outbox } = this.#world;
    this.#appending++;
    try {
      const was = await new Promise<Accepted>((accepted, refused) =>
        outbox.append(this.row.id, intent, origin, { accepted, refused }),
      );
      if (was.is === 'new') this.#lanes.offer({ key: was.key, behind: was.behind, intent, origin });
      else if (was.result !== undefined) this.#world.send(this.#face.again(intent, origin, was.result));
    } finally {
      this.#appending--;
    }
  }

  /** Appends what only the face could tell from other stanzas; its sender hears of a refusal. */
  #accept(intent: DurableIntent, origin: Origin): void {
    this.#append(intent, origin).catch((error: unknown) => {
      const known =
        error instanceof GatewayError ? error : new GatewayError('bug', { text: 'Internal error', cause: error });
      this.#deliver(this.#face.failed(undefined, intent, origin, known));
    });
  }

  #mail(mail: Parameters<Account['mail']>[0]): void {
    if (this.#ended.signal.aborted) return;
    if (mail.is === 'stanza') this.#heard(this.#face.hear(mail.stanza), mail.stanza);
    else this.#world.send(this.#face.again(mail.intent, mail.origin, mail.result));
  }

  #heard({ stanzas, ask, fleeting, arrives, departed, question }: Heard, stanza: Stanza): void {
    const world = this.#world;
    const { clients, avatars, deeds } = this.#its;
    const session = this.#connection.session();
    if (stanzas.length > 0) world.send(stanzas);
    if (ask !== undefined) this.#accept(ask.intent, ask.origin);
    if (fleeting !== undefined) passOnHeard(fleeting, session, this.#face, deeds, stanza).catch(world.ignore);
    if (arrives === true) this.#staying.hurry();
    if (departed !== undefined) clients.departed(departed);
    avatars?.hear(stanza);
    if (question !== undefined) world.questions.ask(this.row, stanza, question, session, this.live);
  }

  /** An account that was made by a join, or that nobody has a login for, and is in no room has served its purpose. */
  #closeIfIdle(): void {
    if (this.#staying.must || this.#deaf || this.#appending > 0 || this.#face.hasRoom()) return;
    const isNeeded = this.session === undefined ? this.#connection.coming() !== undefined : this.#grace.isOn;
    if (isNeeded || this.#connection.isEnding()) return;
    if (!this.#lanes.idle()) return;
    this.#world.send(this.#face.dismiss('technical', 'Nobody is left'));
    this.#owner.over();
  }

  async #reconfigure(): Promise<void> {
    const { clients, avatars } = this.#its;
    const { wishes, preferences } = this.#world;
    wishes.replace(await preferences.of(this.row.owner));
    this.session?.configure?.(wishes.onServer());
    clients.reconfigured();
    this.#world.send(this.#face.reconfigured());
    avatars?.reconfigured();
    // What waits for its owner to mend something (a login, most often) is tried now; rooms to be entered again see to theirs.
    if (this.session !== undefined || this.#face.hasRoom() || this.#lanes.idle()) return;
    this.#connection.connect(undefined).then(() => this.#lanes.poke(), this.#world.ignore);
  }

  /** Out of every room and off the network; whoever comes again is let in again. */
  async #disconnect(reason: string): Promise<void> {
    this.#world.send(this.#face.dismiss('technical', reason));
    this.#grace.end();
    this.#staying.off(reason);
    const farewell = this.#connection.end(reason);
    for (const chat of this.#face.rooms()) this.#its.clients.left(chat);
    // An account without rooms closes, and cuts its connection: the farewell is said before. Joins that wait to be tried again are told.
    await farewell;
    this.#lanes.poke();
    this.#closeIfIdle();
  }

  async #obeyed(order: Exclude<Order, { is: 'erase' | 'shown' }>): Promise<void> {
    switch (order.is) {
      case 'reconfigure':
        return this.#reconfigure();
      case 'disconnect':
        return this.#disconnect(order.reason);
      case 'block':
        this.#world.send(this.#its.contacts.blocking.change(order.person, order.blocked, this.session));
        return;
      case 'readmit':
        return readmit(this.row, this.#face, this.#world, this.#its.clients);
      case 'login':
        this.#staying.renew();
        return this.#reconfigure();
      case 'replumb':
        this.#closeIfIdle();
        return;
      default:
        return order satisfies never;
    }
  }

  /** Waits for what is in flight, but not for ever. */
  async #comeToRest(): Promise<void> {
    const { clock, ignore } = this.#world;
    const enough = new AbortController();
    await Promise.race([this.#lanes.close(), clock.sleep(stopWithinMs, enough.signal).catch(ignore)]);
    enough.abort();
  }
}
