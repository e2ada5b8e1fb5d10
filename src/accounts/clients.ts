/**
 * The clients of an account's rooms over time: who has lost the connection and is waited for, which rooms survive a restart, and when a room is left.
 * Servers tell a lost connection and a leave by the same stanza (CHECKLIST 45-56), so the client is asked: who still answers has left.
 */
import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { backoffMs } from '../core/retry.ts';
import { flagOf, type Settings } from '../core/settings.ts';
import type { Face, Heard } from '../gateway/face.ts';
import type { AccountRow, MembershipRow } from '../storage/ports.ts';
import { createMemberships } from './memberships.ts';
import { createStays } from './stays.ts';
import type { AccountWorld } from './world.ts';

export interface PresenceOfClients {
  departed(departed: NonNullable<Heard['departed']>): void;
  entered(chat: ChatId, client: string, password: string | undefined): void;
  /** Since when it has been away without having left, epoch milliseconds. */
  since(chat: ChatId, client: string): number | undefined;
  /** With which the room was entered. */
  password(chat: ChatId): string | undefined;
  /** We are not in the room any more: we left it, or the network ended our place in it. */
  left(chat: ChatId): void;
  /** Who is in it changed: worth writing down before long. */
  changed(chat: ChatId): void;
  /** After a restart: the rooms as they were written down. Touches neither server nor network. */
  load(): Promise<void>;
  /** Goes back into the loaded rooms, trying until it works or the network refuses, and asks their clients whether they are still there. */
  rejoin(connect: (nick: string) => Promise<Session>): Promise<void>;
  /** The XMPP server was away for a while: clients that went meanwhile are out of the rooms. */
  askAround(): void;
  /** What the owner has set has changed: rooms may be kept for good now, or no longer; what could not be entered may be now. */
  reconfigured(): void;
  /** There is a session: what waits before it tries again need not. */
  connected(): void;
  /** Writes down what has not been yet. */
  save(): Promise<void>;
  close(): void;
}

export interface ClientsParts {
  /** Accepts an intent into the outbox; rejects where that can't be done at the moment. */
  append(intent: DurableIntent, origin: Origin): Promise<void>;
  /** What the owner has set for that room; its `persistent` counts before the network's. */
  inRoom?(chat: ChatId): Settings;
  /** A room went; the account may have nothing left to do. */
  onEmpty(): void;
}

const rejoinBackoff = { firstMs: 5_000, maxMs: 300_000 };
/** When a leave could not be accepted. */
const leaveAgainMs = 30_000;

/** For one account; nothing happens before `load`, `rejoin` or a client. */
export function createPresenceOfClients(
  row: AccountRow,
  network: Network,
  face: Face,
  world: AccountWorld,
  parts: ClientsParts,
): PresenceOfClients {
  const { persistent, lingerMs } = network.stay(row.on);
  const isKept = (chat: ChatId): boolean => flagOf(parts.inRoom?.(chat).persistent) ?? persistent;
  const closed = new AbortController();
  const memberships = createMemberships(row.id, face, world, (chat) => stays.of(chat));
  const stays = createStays({ clock: world.clock, lingerMs, forGood: isKept, onOver: leaveIfEmpty });
  let restored: readonly MembershipRow[] = [];
  let pause = new AbortController();

  const jidOf = (chat: ChatId): string => {
    const on = row.on === undefined ? {} : { on: row.on };
    return `${network.addresses.format({ is: 'room', id: chat, ...on })}@${row.domain}`;
  };
  const isOpen = (chat: ChatId): boolean => face.hasRoom(chat);

  function leaveIfEmpty(chat: ChatId, reason?: string): void {
    if (closed.signal.aborted || face.clients(chat).length > 0) return;
    const intent = { kind: 'leave', chat, ...(reason !== undefined && { reason }) } as const;
    const origin = { from: row.owner, to: jidOf(chat), via: 'presence', at: world.clock.now() } as const;
    parts.append(intent, origin).catch((error: unknown) => {
      world.log.warn({ account: row.id, error }, 'a room can not be left at the moment; it is tried again');
      world.clock.after(leaveAgainMs, () => leaveIfEmpty(chat, reason));
    });
  }

  function forget(chat: ChatId): void {
    stays.forget(chat);
    memberships.remove(chat);
    face.forget(chat);
    parts.onEmpty();
  }

  /** It is taken for away until it answers: then it has left. */
  async function findOut(chat: ChatId, client: string, reason: string | undefined): Promise<void> {
    const online = await world.pings.isOnline(client, jidOf(chat));
    if (!online || closed.signal.aborted || face.clients(chat).includes(client)) return;
    stays.forget(chat, client);
    memberships.changed(chat);
    if (!isKept(chat)) leaveIfEmpty(chat, reason);
  }

  /** Nobody is in it and nobody is waited for. */
  function leaveIfUnwanted(chat: ChatId): void {
    if (!isKept(chat) && Object.keys(stays.of(chat)).length === 0) leaveIfEmpty(chat);
  }

  /** A room as it was written down; who is in it will be asked once the server is there. */
  function comeBack(saved: MembershipRow): boolean {
    const now = world.clock.now();
    const waitedFor = Object.values(saved.away).some((at) => at + lingerMs > now);
    if (saved.clients.length === 0 && !waitedFor && !isKept(saved.chat)) {
      memberships.remove(saved.chat);
      return false;
    }
    memberships.restore(saved);
    face.restore(saved, saved.clients);
    stays.restore(saved.chat, saved.away);
    return true;
  }

  async function stillThere(chat: ChatId, client: string): Promise<void> {
    if (!(await world.pings.isOnline(client, jidOf(chat))))
      isNotThere(chat, client, 'You did not answer after the gateway had been restarted');
  }

  async function goneMeanwhile(chat: ChatId, client: string): Promise<void> {
    if (await world.pings.isGone(client, jidOf(chat))) isNotThere(chat, client, 'You had gone');
  }

  function isNotThere(chat: ChatId, client: string, reason: string): void {
    if (closed.signal.aborted || !face.clients(chat).includes(client)) return;
    world.send(face.dismiss('technical', reason, client, chat));
    stays.wentAway(chat, client);
    memberships.changed(chat);
  }

  /** False: to be tried again. */
  async function enterAgain(session: Session, { chat, nick }: MembershipRow): Promise<boolean> {
    if (!isOpen(chat) || face.isIn(chat)) return true;
    const password = memberships.password(chat);
    try {
      await session.rooms?.join(chat, { nick, ...(password !== undefined && { password }) }, closed.signal);
    } catch (error) {
      if (closed.signal.aborted || !isOpen(chat)) return true;
      const known = error instanceof GatewayError;
      if (known && (error.next === 'later' || error.code === 'timed-out')) return false;
      world.log.info({ account: row.id, error }, 'a room could not be entered again after the restart');
      const why = known ? error.message : 'The room could not be entered again';
      world.send(face.dismiss('technical', why, undefined, chat));
      forget(chat);
      return true;
    }
    if (!isOpen(chat)) await session.rooms?.leave(chat, undefined, closed.signal).catch(world.ignore);
    return true;
  }

  async function enterAll(session: Session, rows: readonly MembershipRow[]): Promise<readonly MembershipRow[]> {
    const entered = await Promise.all(rows.map((saved) => enterAgain(session, saved)));
    return rows.filter((_, i) => entered[i] === false);
  }

  async function wait(attempt: number): Promise<void> {
    pause = new AbortController();
    const signal = AbortSignal.any([closed.signal, pause.signal]);
    await world.clock.sleep(backoffMs(attempt, rejoinBackoff), signal).catch(world.ignore);
  }

  return {
    departed({ chat, client, how, reason }) {
      stays.wentAway(chat, client);
      memberships.changed(chat);
      if (how === 'left') void findOut(chat, client, reason);
    },
    entered(chat, client, password) {
      stays.forget(chat, client);
      memberships.entered(chat, password);
    },
    since: (chat, client) => stays.since(chat, client),
    password: (chat) => memberships.password(chat),
    left: forget,
    changed: (chat) => memberships.changed(chat),
    async load() {
      restored = (await world.store.memberships(row.id)).filter(comeBack);
    },
    async rejoin(connect) {
      let rest = restored;
      restored = [];
      for (const { chat } of rest) for (const client of face.clients(chat)) void stillThere(chat, client);
      for (let attempt = 1; ; attempt++) {
        const [first] = rest;
        if (first === undefined || closed.signal.aborted) return;
        try {
          rest = await enterAll(await connect(first.nick), rest);
        } catch (error) {
          world.log.info(
            { account: row.id, attempt, error },
            'the network could not be reached after the restart; trying again',
          );
        }
        rest = rest.filter(({ chat }) => isOpen(chat));
        if (rest.length > 0) await wait(attempt);
      }
    },
    askAround() {
      for (const chat of face.rooms()) for (const client of face.clients(chat)) void goneMeanwhile(chat, client);
    },
    reconfigured() {
      pause.abort();
      stays.rearm();
      for (const chat of face.rooms()) leaveIfUnwanted(chat);
    },
    connected: () => pause.abort(),
    save: () => memberships.save(),
    close() {
      closed.abort(new Error('the account stops'));
      stays.close();
      memberships.close();
    },
  };
}
