/**
 * The clients of an account's rooms over time: who has lost the connection and is waited for, which rooms survive a restart, and when a room is left.
 * Servers tell a lost connection and a leave by the same stanza (CHECKLIST 45-56), so the client is asked: who still answers has left.
 */
import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { backoffMs } from '../core/retry.ts';
import { flagOf } from '../core/settings.ts';
import type { Face, Heard } from '../gateway/face.ts';
import type { AccountRow, MembershipRow } from '../storage/ports.ts';
import { inTime } from './in-time.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { createStays, type Stays } from './stays.ts';
import { createUnheard, type Unheard } from './unheard.ts';
import type { Wishes } from './wishes.ts';
import type { AccountWorld } from './world.ts';

export interface PresenceOfClients {
  departed(departed: NonNullable<Heard['departed']>): void;
  /** @param wasIn it has come in once more, without having gone */
  entered(chat: ChatId, client: string, password: string | undefined, wasIn?: boolean): void;
  /** The room has that password from now on; '': none. */
  locked(chat: ChatId, password: string): void;
  /** It is told that it can't come in: where it was in already, it is so no more. */
  refused(chat: ChatId, client: string, reason: string): void;
  /** Since when it has heard nothing, without having left, epoch milliseconds. */
  since(chat: ChatId, client: string): Promise<number | undefined>;
  /** With which the room was entered. */
  password(chat: ChatId): string | undefined;
  /** We are not in the room any more: we left it, or the network ended our place in it. */
  left(chat: ChatId): void;
  /** Who is in it changed: worth writing down before long. */
  changed(chat: ChatId): void;
  /** After a restart: the rooms as they were written down. Touches neither server nor network. @param isOut they have all been left: they are taken from what is written down */
  load(isOut?: boolean): Promise<void>;
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
  /** What the owner has set for a room; its `persistent` counts before the network's. */
  readonly wishes?: Pick<Wishes, 'inRoom'>;
  /** A room went; the account may have nothing left to do. */
  onEmpty(): void;
}

const rejoinBackoff = { firstMs: 5_000, maxMs: 300_000 };
/** How long who comes back waits until it is known what did not reach them. */
const unheardWithinMs = 5_000;
/** Phones with bad lines ask for their bookmarks first, and enter one room after the other. */
const comesAgainMs = 15_000;
/** When a leave could not be accepted. */
const leaveAgainMs = 30_000;

/** For one account; nothing happens before `load`, `rejoin` or a client. */
export const createPresenceOfClients = (
  row: AccountRow,
  network: Network,
  face: Face,
  world: AccountWorld,
  parts: ClientsParts,
): PresenceOfClients => new Present(row, network, face, world, parts);

/** An object of a class: each account has one. */
class Present implements PresenceOfClients {
  readonly #row: AccountRow;
  readonly #addresses: Network['addresses'];
  readonly #face: Face;
  readonly #world: AccountWorld;
  readonly #parts: ClientsParts;
  readonly #staysConnected: boolean;
  readonly #persistent: boolean;
  readonly #lingerMs: number;
  readonly #closed = new AbortController();
  readonly #memberships: Memberships;
  readonly #stays: Stays;
  readonly #unheard: Unheard;
  #restored: readonly MembershipRow[] = [];
  /** Between two tries to come back. */
  #pause: AbortController | undefined;

  constructor(row: AccountRow, network: Network, face: Face, world: AccountWorld, parts: ClientsParts) {
    const { persistent, lingerMs } = network.stay(row.on);
    this.#row = row;
    this.#addresses = network.addresses;
    this.#face = face;
    this.#world = world;
    this.#parts = parts;
    this.#staysConnected = network.registration === 'required';
    this.#persistent = persistent;
    this.#lingerMs = lingerMs;
    this.#memberships = createMemberships(row.id, face, world, (chat) => this.#stays.of(chat));
    this.#stays = createStays({
      clock: world.clock,
      lingerMs,
      forGood: (chat) => this.#isKept(chat),
      onOver: (chat) => this.#leaveIfEmpty(chat),
    });
    this.#unheard = createUnheard({
      isAway: (chat, client) => this.#stays.isAway(chat, client),
      saidAt: (chat, stanzaId) => this.#saidAt(chat, stanzaId),
    });
  }

  departed({ chat, client, how, since, early, reason, unheard }: NonNullable<Heard['departed']>): void {
    if (how !== 'before') {
      if (early === true) this.#stays.wentAgain(chat, client);
      else this.#stays.wentAway(chat, client, since);
      this.#memberships.departed(chat);
    }
    if (unheard !== undefined && this.#stays.isAway(chat, client)) this.#unheard.sentBack(chat, client, unheard);
    if (how === 'left') void this.#findOut(chat, client, reason, 0);
    else if (how === 'ended') void this.#findOut(chat, client, reason, comesAgainMs);
  }

  entered(chat: ChatId, client: string, password: string | undefined, wasIn = false): void {
    if (!wasIn) this.#stays.cameBack(chat, client);
    this.#unheard.cameBack(chat, client);
    this.#memberships.entered(chat, password);
  }

  locked(chat: ChatId, password: string): void {
    this.#memberships.entered(chat, password);
  }

  refused(chat: ChatId, client: string, reason: string): void {
    this.#isNotThere(chat, client, reason);
  }

  async since(chat: ChatId, client: string): Promise<number | undefined> {
    const away = this.#stays.since(chat, client);
    if (away === undefined) return undefined;
    const unheard = await inTime(this.#unheard.since(chat, client), unheardWithinMs, this.#world.clock);
    return Math.min(away, unheard ?? away);
  }

  password(chat: ChatId): string | undefined {
    return this.#memberships.password(chat);
  }

  left(chat: ChatId): void {
    this.#stays.forget(chat);
    this.#unheard.forget(chat);
    this.#memberships.remove(chat);
    this.#face.forget(chat);
    this.#parts.onEmpty();
  }

  changed(chat: ChatId): void {
    this.#memberships.changed(chat);
  }

  async load(isOut = false): Promise<void> {
    const rows = await this.#world.store.memberships(this.#row.id);
    if (isOut) for (const { chat } of rows) this.#memberships.remove(chat);
    else this.#restored = rows.filter((saved) => this.#comeBack(saved));
  }

  async rejoin(connect: (nick: string) => Promise<Session>): Promise<void> {
    let rest = this.#restored;
    let isTold = false;
    this.#restored = [];
    for (const { chat } of rest) for (const client of this.#face.clients(chat)) void this.#stillThere(chat, client);
    for (let attempt = 1; ; attempt++) {
      // Rooms are left while they are waited for, too: for one that is open no more nobody is connected.
      rest = rest.filter(({ chat }) => this.#face.hasRoom(chat));
      const [first] = rest;
      let waitsForOwner = false;
      if (first === undefined || this.#closed.signal.aborted) return;
      try {
        rest = await this.#enterAll(await connect(first.nick), rest);
      } catch (error) {
        this.#world.log.info(
          { account: this.#row.id, attempt, error },
          'the network could not be reached after the restart; trying again',
        );
        if (!isTold) isTold = this.#tellsRefusal(error);
        waitsForOwner = this.#staysConnected && error instanceof GatewayError && error.next === 'pause';
      }
      if (rest.length > 0) await this.#wait(waitsForOwner ? undefined : attempt);
    }
  }

  askAround(): void {
    for (const chat of this.#face.rooms())
      for (const client of this.#face.clients(chat)) void this.#goneMeanwhile(chat, client);
  }

  reconfigured(): void {
    this.#pause?.abort();
    this.#stays.rearm();
    for (const chat of this.#face.rooms()) this.#leaveIfUnwanted(chat);
  }

  connected(): void {
    this.#pause?.abort();
  }

  save(): Promise<void> {
    return this.#memberships.save();
  }

  close(): void {
    this.#closed.abort(new Error('the account stops'));
    this.#stays.close();
    this.#memberships.close();
  }

  /** Nobody waits for the way back as for a join, and the rooms look as ever. Accounts that stay connected tell of it themselves; who is banned knows. */
  #tellsRefusal(error: unknown): boolean {
    if (this.#staysConnected || !(error instanceof GatewayError)) return false;
    if (error.type === 'wait' || error.code === 'not-permitted') return false;
    const { on, owner } = this.#row;
    const where = this.#addresses.title({ is: 'service', ...(on !== undefined && { on }) });
    this.#world.tell(owner, (texts, worded) => texts.notBack(where, worded(error)));
    return true;
  }

  async #saidAt(chat: ChatId, stanza: string): Promise<number | undefined> {
    const { archive, log } = this.#world;
    try {
      return (await archive.find(this.#row.id, chat, { stanza }))?.at;
    } catch (error) {
      log.error({ account: this.#row.id, error }, 'the archive could not be asked for what did not reach a client');
      return undefined;
    }
  }

  #isKept(chat: ChatId): boolean {
    return flagOf(this.#parts.wishes?.inRoom(chat).persistent) ?? this.#persistent;
  }

  #jidOf(chat: ChatId): string {
    const { on, domain } = this.#row;
    return `${this.#addresses.format({ is: 'room', id: chat, ...(on !== undefined && { on }) })}@${domain}`;
  }

  #leaveIfEmpty(chat: ChatId, reason?: string): void {
    const { clock, log } = this.#world;
    if (this.#closed.signal.aborted || this.#face.clients(chat).length > 0) return;
    const intent = { kind: 'leave', chat, ...(reason !== undefined && { reason }) } as const;
    const origin = { from: this.#row.owner, to: this.#jidOf(chat), via: 'presence', at: clock.now() } as const;
    this.#parts.append(intent, origin).catch((error: unknown) => {
      log.warn({ account: this.#row.id, error }, 'a room can not be left at the moment; it is tried again');
      clock.after(leaveAgainMs, () => this.#leaveIfEmpty(chat, reason));
    });
  }

  /**
   * It is taken for away until it answers: then it has left. @param againMs where the stream was ended, one that answers may be there anew under the same resource,
   * in the place of the one that its server still had, and about to enter its rooms again: so long is it waited for
   */
  async #findOut(chat: ChatId, client: string, reason: string | undefined, againMs: number): Promise<void> {
    const { clock, pings, ignore } = this.#world;
    const went = this.#stays.wentAt(chat, client);
    if (!(await pings.isOnline(client, this.#jidOf(chat)))) return;
    if (againMs > 0) await clock.sleep(againMs, this.#closed.signal).catch(ignore);
    if (this.#closed.signal.aborted || this.#face.clients(chat).includes(client)) return;
    if (this.#stays.wentAt(chat, client) !== went) return;
    const nobodyElse = this.#stays.left(chat, client);
    this.#memberships.changed(chat);
    if (nobodyElse && !this.#isKept(chat)) this.#leaveIfEmpty(chat, reason);
  }

  /** Nobody is in it and nobody is waited for. */
  #leaveIfUnwanted(chat: ChatId): void {
    if (!this.#isKept(chat) && Object.keys(this.#stays.of(chat)).length === 0) this.#leaveIfEmpty(chat);
  }

  /** A room as it was written down; who is in it will be asked once the server is there. */
  #comeBack(saved: MembershipRow): boolean {
    const now = this.#world.clock.now();
    const waitedFor = Object.values(saved.away).some((at) => at + this.#lingerMs > now);
    if (saved.clients.length === 0 && !waitedFor && !this.#isKept(saved.chat)) {
      this.#memberships.remove(saved.chat);
      return false;
    }
    this.#memberships.restore(saved);
    this.#face.restore(saved, saved.clients);
    this.#stays.restore(saved.chat, saved.away);
    return true;
  }

  async #stillThere(chat: ChatId, client: string): Promise<void> {
    if (!(await this.#world.pings.isOnline(client, this.#jidOf(chat))))
      this.#isNotThere(chat, client, 'You did not answer after the gateway had been restarted');
  }

  async #goneMeanwhile(chat: ChatId, client: string): Promise<void> {
    if (await this.#world.pings.isGone(client, this.#jidOf(chat))) this.#isNotThere(chat, client, 'You had gone');
  }

  #isNotThere(chat: ChatId, client: string, reason: string): void {
    if (this.#closed.signal.aborted || !this.#face.clients(chat).includes(client)) return;
    this.#world.send(this.#face.dismiss('technical', reason, client, chat));
    this.#stays.wentAway(chat, client);
    this.#memberships.departed(chat);
  }

  /** False: to be tried again. */
  async #enterAgain(session: Session, { chat, nick }: MembershipRow): Promise<boolean> {
    const { signal } = this.#closed;
    if (!this.#face.hasRoom(chat) || this.#face.isIn(chat)) return true;
    const password = this.#memberships.password(chat);
    try {
      await session.rooms.join(chat, { nick, ...(password !== undefined && { password }) }, signal);
    } catch (error) {
      if (signal.aborted || !this.#face.hasRoom(chat)) return true;
      const known = error instanceof GatewayError;
      if (known && (error.next === 'later' || error.code === 'timed-out')) return false;
      this.#world.log.info({ account: this.#row.id, error }, 'a room could not be entered again after the restart');
      const why = known ? error.message : 'The room could not be entered again';
      this.#world.send(this.#face.dismiss('technical', why, undefined, chat));
      this.left(chat);
      return true;
    }
    if (!this.#face.hasRoom(chat)) await session.rooms.leave(chat, undefined, signal).catch(this.#world.ignore);
    return true;
  }

  async #enterAll(session: Session, rows: readonly MembershipRow[]): Promise<readonly MembershipRow[]> {
    const entered = await Promise.all(rows.map((saved) => this.#enterAgain(session, saved)));
    return rows.filter((_, i) => entered[i] === false);
  }

  /** @param attempt undefined: for as long as it takes until somebody cuts it short */
  async #wait(attempt: number | undefined): Promise<void> {
    this.#pause = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, this.#pause.signal]);
    if (signal.aborted) return;
    if (attempt === undefined)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    else await this.#world.clock.sleep(backoffMs(attempt, rejoinBackoff), signal).catch(this.#world.ignore);
  }
}
