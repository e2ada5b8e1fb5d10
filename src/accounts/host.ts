/** What a session sees of its account: where it tells what happens, where it may go on after a restart, what the owner has set, what their client says. */
import type { SessionHost } from '../bridge/contract.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId } from '../core/ids.ts';
import type { Settings } from '../core/settings.ts';
import type { Face } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { createOwnClient } from './own-client.ts';
import type { LeasedWorld } from './world.ts';

export interface HostParts {
  /** Nothing that is told now is for anybody: the account stops. */
  isDeaf(): boolean;
  put(event: NetworkEvent): Promise<void> | undefined;
  resumeAt(where: string): void;
}

/** For one account, whichever session it has. */
export const createHost = (row: AccountRow, face: Face, world: LeasedWorld, parts: HostParts): SessionHost =>
  new Host(row, face, world, parts);

/** An object of a class: each account has one, and every event goes through it. */
class Host implements SessionHost {
  readonly ownClient: NonNullable<SessionHost['ownClient']>;
  readonly #row: AccountRow;
  readonly #world: LeasedWorld;
  readonly #parts: HostParts;

  constructor(row: AccountRow, face: Face, world: LeasedWorld, parts: HostParts) {
    this.ownClient = createOwnClient(face, world.iqs);
    this.#row = row;
    this.#world = world;
    this.#parts = parts;
  }

  emit(event: NetworkEvent): Promise<void> | undefined {
    if (this.#parts.isDeaf()) return undefined;
    this.#world.countEvent();
    return this.#parts.put(event);
  }

  settings(chat: ChatId): Settings {
    return this.#world.wishes.inRoom(chat);
  }

  async checkpoint(where: string): Promise<void> {
    if (this.#parts.isDeaf()) return;
    this.#parts.resumeAt(where);
    await this.#world.store.put({ ...this.#row, resume: where });
  }
}
