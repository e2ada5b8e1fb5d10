/**
 * The account: one login's actor. It alone touches the login's session, face and lanes; everything that happens to it comes through its methods, and
 * what must be in order is decided synchronously. The features are in the face and in the bridge; here is only what connects them.
 */

import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, FleetingIntent, Origin } from '../core/intent.ts';
import { sparseSet } from '../core/sparse.ts';
import type { Lanes } from '../delivery/lanes.ts';
import type { Accepted } from '../delivery/outbox.ts';
import type { Face, Heard, Projection, Stanza } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Account, AccountOwner } from './account-port.ts';
import { readmit } from './admission.ts';
import { attending } from './attending.ts';
import { createConnection } from './connection.ts';
import { createDoubles } from './doubles.ts';
import { createExecutor } from './execute.ts';
import { createFeatures } from './features.ts';
import { createGrace } from './grace.ts';
import { createHolding } from './holding.ts';
import { createHost } from './host.ts';
import { createLasting } from './lasting-files.ts';
import type { Order } from './orders.ts';
import { prober } from './probes.ts';
import type { LiveAnswers } from './questions.ts';
import { createStaying } from './staying.ts';
import { createTurns } from './turns.ts';
import type { LeasedWorld } from './world.ts';

/** How long a stop waits for what is in flight. */
const stopWithinMs = 3_000;

/** What is said in a room now, and no more than that: most of all events, of which nobody need be asked who looks for something else. */
const isChatter = (event: NetworkEvent): boolean =>
  event.kind === 'message' && event.history !== true && event.direct !== true && event.content.files === undefined;

export function createAccount(
  row: AccountRow,
  network: Network,
  face: Face,
  world: LeasedWorld,
  owner: AccountOwner,
): Account {
  const ended = new AbortController();
  /** Chats in which something else than a message is being tried: what is behind it waits. */
  const alone = sparseSet<ChatId>();
  const attend = attending(world.watch, row.id);
  const doubles = createDoubles(row.id, world);
  const lasting = createLasting(row, world);
  let [appending, deaf] = [0, false];

  function deliver({ stanzas, archive }: Projection): void {
    if (archive.length > 0) {
      world.archive.keep(archive);
      catchingUp.told(archive);
    }
    if (stanzas.length > 0) world.send(stanzas);
  }

  function hear(told: Projection): void {
    if (!deaf) deliver(told);
  }

  function take(heard: NetworkEvent): NetworkEvent | undefined {
    if (isChatter(heard)) {
      if (!holding.holds(heard)) deliver(face.apply(heard));
      return undefined;
    }
    if (doubles.isDouble(heard) || talks.takes(heard) || holding.holds(heard)) return undefined;
    const event = lasting.told(heard);
    if (event.kind === 'invited') {
      if (!face.hasRoom()) grace.begin();
      if (bookmarking.takes(event)) return undefined;
    }
    const projection = face.apply(event);
    if (event.kind === 'message' && event.history === true) doubles.told(projection.archive);
    deliver(projection);
    lasting.changed(heard);
    if (event.kind === 'state') onState(event);
    else if (event.kind === 'retracted') deeds.takenBack(event);
    else if (event.kind === 'removed') {
      catchingUp.lost(event.chat);
      clients.left(event.chat);
      bookmarking.heard(event);
    } else if (event.kind === 'members') onMembers(event);
    else if (event.kind === 'contact' || event.kind === 'person') listing.heard(event);
    else if (event.kind === 'room') {
      bookmarking.heard(event);
      clients.changed(event.chat);
    }
    avatars?.told(event);
    return projection.rest;
  }
  const holding = createHolding(row.id, { doubles, take, log: world.log, signal: ended.signal });
  const turns = createTurns({
    before: (event) =>
      isChatter(event)
        ? undefined
        : lasting.look(event, doubles.look(event) ?? deeds.recall(event) ?? avatars?.look(event)),
    take: attend(take),
    me: () => connection.session()?.me,
    pressure: () => world.pressure(),
    onBug: (error) => world.log.error({ account: row.id, error }, 'an event of the network met a bug'),
  });

  const host = createHost(row, face, world, {
    isDeaf: () => deaf,
    put: (event) => turns.put(event),
    resumeAt: (where) => connection.resumeAt(where),
  });

  /** What waited for the room to be entered again need not wait longer. */
  function onMembers({ chat, complete }: Extract<NetworkEvent, { kind: 'members' }>): void {
    clients.changed(chat);
    if (complete !== true) return;
    catchingUp.entered(chat);
    holding.until(chat, catchingUp.settled(chat));
    lanes.poke(chat);
  }

  function onState(event: Extract<NetworkEvent, { kind: 'state' }>): void {
    if (event.state === 'ready') {
      lanes.poke();
      catchingUp.connected();
    } else {
      catchingUp.lost();
      doubles.lost();
    }
    if (event.state !== 'ended') return;
    connection.lost();
    world.log.info({ account: row.id, reason: event.reason?.message }, 'the session ended');
    for (const chat of face.rooms()) clients.left(chat);
    if (!deaf) staying.lost(event.reason);
    closeIfIdle();
  }

  function onSession(session: Session | undefined): void {
    const told = face.attach(session);
    if (!deaf) world.send(told);
    if (session === undefined) return;
    const shown = face.shown();
    if (shown !== undefined) pass(shown, session).catch(world.ignore);
    clients.connected();
    contacts.watch(session);
    contacts.blocking.connected(session);
    listing.connected(session);
    catchingUp.connected();
    avatars?.connected();
  }

  const connection = createConnection(row, network, { ...world, host, signal: ended.signal, onSession });
  const staying = createStaying(row, network, world, () => connection.connect(undefined));
  const grace = createGrace(world.clock, closeIfIdle);
  const parts = { session: connection.session, deliver: hear, append, doubles, lasting, signal: ended.signal };
  const features = createFeatures(row, network, face, world, { ...parts, onEmpty: closeIfIdle });
  const { deeds, talks, catchingUp, clients, contacts, avatars, listing, bookmarking } = features;
  const probe = (): void => {
    const by = prober(row, network, face.contacts(), listing.maySee);
    if (by !== undefined) world.probes.ask(by, row.owner, ended.signal);
  };
  const known = { row, face, world, ...features, alone, deliver, grace };
  const execute = createExecutor({ ...known, ...connection, session: connection.coming, told: () => turns.taken() });
  const lanes: Lanes = world.lanes(row.id, world.fence, {
    execute: attend(execute),
    limits(chat) {
      const limits = connection.session()?.limits(chat);
      return limits !== undefined && alone.has(chat) ? { ...limits, window: 1 } : limits;
    },
    onFailed(entry, error) {
      deliver(face.failed(entry.key, entry.intent, entry.origin, error));
    },
    onSettled(chat) {
      world.outbox.settled(row.id, chat);
    },
    onIdle: closeIfIdle,
    onLost: () => owner.lost(),
    signal: ended.signal,
  });

  function live(): LiveAnswers {
    return { older: catchingUp.older, pictureOf: avatars?.of, roomPicture: avatars?.ofRoom };
  }

  async function append(intent: DurableIntent, origin: Origin): Promise<void> {
    appending++;
    try {
      const was = await new Promise<Accepted>((accepted, refused) =>
        world.outbox.append(row.id, intent, origin, { accepted, refused }),
      );
      if (was.is === 'new') lanes.offer({ key: was.key, behind: was.behind, intent, origin });
      else if (was.result !== undefined) world.send(face.again(intent, origin, was.result));
    } finally {
      appending--;
    }
  }

  /** Appends what only the face could tell from other stanzas; its sender hears of a refusal. */
  function accept(intent: DurableIntent, origin: Origin): void {
    append(intent, origin).catch((error: unknown) => {
      const known =
        error instanceof GatewayError ? error : new GatewayError('bug', { text: 'Internal error', cause: error });
      deliver(face.failed(undefined, intent, origin, known));
    });
  }

  /** What is worth nothing late goes to the network now or never. */
  async function pass(fleeting: FleetingIntent, to: Session): Promise<void> {
    if (fleeting.kind === 'presence') await to.status?.appear(fleeting.show, fleeting.status);
    else if (fleeting.kind === 'typing')
      await to.typing?.typing(fleeting.chat, fleeting.active, fleeting.paused === true);
    else {
      const { chat, upTo } = fleeting;
      const known = face.find(chat, upTo);
      const ref = known?.refs.at(-1);
      if (known !== undefined && ref !== undefined) await to.receipts?.read(chat, ref, known.at);
    }
  }

  function heard({ stanzas, ask, fleeting, arrives, departed, question }: Heard, stanza: Stanza): void {
    const session = connection.session();
    if (stanzas.length > 0) world.send(stanzas);
    if (ask !== undefined) accept(ask.intent, ask.origin);
    if (fleeting !== undefined && session !== undefined) pass(fleeting, session).catch(world.ignore);
    if (arrives === true) staying.hurry();
    if (departed !== undefined) clients.departed(departed);
    avatars?.hear(stanza);
    if (question !== undefined) world.questions.ask(row, stanza, question, session, live());
  }

  /** An account that was made by a join and is in no room has served its purpose. */
  function closeIfIdle(): void {
    if (network.registration !== 'none' || deaf || appending > 0 || face.hasRoom()) return;
    const state = connection.state();
    if (state === 'connecting' || connection.isEnding() || (state === 'ready' && grace.isOn)) return;
    if (!lanes.idle()) return;
    world.send(face.dismiss('technical', 'Nobody is left'));
    owner.over();
  }

  async function reconfigure(): Promise<void> {
    world.wishes.replace(await world.preferences.of(row.owner));
    connection.session()?.configure?.(world.wishes.onServer());
    clients.reconfigured();
    world.send(face.reconfigured());
    avatars?.reconfigured();
    // What waits for its owner to mend something (a login, most often) is tried now; rooms that are to be entered again see to theirs.
    if (connection.session() !== undefined || face.hasRoom() || lanes.idle()) return;
    connection.connect(undefined).then(() => lanes.poke(), world.ignore);
  }

  /** Out of every room and off the network; whoever comes again is let in again. */
  async function disconnect(reason: string): Promise<void> {
    world.send(face.dismiss('technical', reason));
    grace.end();
    staying.end();
    const farewell = connection.end(reason);
    for (const chat of face.rooms()) clients.left(chat);
    // An account without rooms closes, and cuts its connection: the farewell is said before.
    await farewell;
    closeIfIdle();
  }

  async function obeyed(order: Exclude<Order, { is: 'erase' }>): Promise<void> {
    switch (order.is) {
      case 'reconfigure':
        return reconfigure();
      case 'disconnect':
        return disconnect(order.reason);
      case 'block':
        world.send(contacts.blocking.change(order.person, order.blocked, connection.session()));
        return;
      case 'readmit':
        return readmit(row, face, world, clients);
      case 'login':
        staying.begin();
        return reconfigure();
      case 'replumb':
        closeIfIdle();
        return;
      default:
        return order satisfies never;
    }
  }

  /** Waits for what is in flight, but not for ever. */
  async function comeToRest(): Promise<void> {
    const enough = new AbortController();
    const late = world.clock.sleep(stopWithinMs, enough.signal).catch(world.ignore);
    await Promise.race([lanes.close(), late]);
    enough.abort();
  }

  return {
    row,
    async load() {
      await contacts.load();
      await listing.load();
      await bookmarking.load();
      await clients.load();
    },
    begin() {
      readmit(row, face, world, clients);
      lanes.poke();
      probe();
      staying.begin();
      void clients.rejoin(connection.connect).then(() => {
        lanes.poke();
        closeIfIdle();
      });
    },
    askAround() {
      clients.askAround();
      probe();
    },
    offer: (entry) => lanes.offer(entry),
    poke: (chat) => lanes.poke(chat),
    mail: attend((mail) => {
      if (ended.signal.aborted) return;
      if (mail.is === 'stanza') heard(face.hear(mail.stanza), mail.stanza);
      else world.send(face.again(mail.intent, mail.origin, mail.result));
    }),
    async obey(order) {
      if (ended.signal.aborted) return;
      try {
        await obeyed(order);
      } catch (error) {
        world.log.error({ account: row.id, order: order.is, error }, 'an order could not be carried out');
      }
    },
    get live() {
      return live();
    },
    get session() {
      return connection.session();
    },
    get state() {
      return connection.state();
    },
    get lanes() {
      return lanes.view();
    },
    async stop(how, reason) {
      if (how === 'farewell') {
        world.send(face.dismiss('shutdown', reason));
        for (const chat of face.rooms()) clients.changed(chat);
      }
      if (how !== 'lost') await comeToRest();
      // From here on it is our own farewell that the network tells of: no client is to hear that, nor the memberships table.
      deaf = true;
      grace.end();
      staying.end();
      turns.close();
      if (how !== 'lost') await clients.save();
      clients.close();
      if (how !== 'lost') await connection.end(reason);
      ended.abort(new Error(reason));
    },
  };
}
