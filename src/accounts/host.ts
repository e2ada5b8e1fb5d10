/** What a session sees of its account: where it tells what happens, where it may go on after a restart, what the owner has set, what their client says. */
import type { SessionHost } from '../bridge/contract.ts';
import type { NetworkEvent } from '../core/event.ts';
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
export function createHost(row: AccountRow, face: Face, world: LeasedWorld, parts: HostParts): SessionHost {
  return {
    emit(event) {
      if (parts.isDeaf()) return undefined;
      world.countEvent();
      return parts.put(event);
    },
    async checkpoint(where) {
      if (parts.isDeaf()) return;
      parts.resumeAt(where);
      await world.store.put({ ...row, resume: where });
    },
    settings: world.wishes.inRoom,
    ownClient: createOwnClient(face, world.iqs),
  };
}
