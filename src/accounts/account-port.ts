/** What an account is to whoever runs it, writes to it and looks at it. */
import type { Session } from '../bridge/contract.ts';
import type { ChatId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { LaneView } from '../delivery/lanes.ts';
import type { Stanza } from '../gateway/face.ts';
import type { AccountRow, Offered } from '../storage/ports.ts';
import type { Order } from './orders.ts';
import type { LiveAnswers } from './questions.ts';

/** What arrives for an account besides its outbox. */
export type Mail =
  | { readonly is: 'stanza'; readonly stanza: Stanza }
  /** A stanza that had been settled before came again: its sender is told once more. */
  | { readonly is: 'again'; readonly intent: DurableIntent; readonly origin: Origin; readonly result: string };

export interface Account {
  readonly row: AccountRow;
  /** Its contacts, rooms and clients as they were written down, before the XMPP server is there. @param isOut it has left all the rooms that are written down */
  load(isOut: boolean): Promise<void>;
  /** Looks after what waits, goes back into its rooms. */
  begin(): void;
  /** The XMPP server was away for a while: finds out who of its clients is there now. */
  askAround(): void;
  /** A freshly accepted intent, straight from its append. */
  offer(entry: Offered): void;
  /** Something may have been appended by another process, or a wake-up is due. */
  poke(chat?: ChatId): void;
  mail(mail: Mail): void;
  /** What its owner or an operator wants of it, whatever process heard of it. Resolves when it is done; never rejects. */
  obey(order: Exclude<Order, { is: 'erase' | 'shown' }>): Promise<void>;
  /** The live session. */
  readonly session: Session | undefined;
  readonly state: 'idle' | 'connecting' | 'ready';
  /** What waits in its lanes. */
  readonly lanes: readonly LaneView[];
  /** What questions about it may ask of it. */
  readonly live: LiveAnswers;
  /** `keep`: rooms stay as they are for a restart; `farewell`: clients are told that the service ends (status 332); `lost`: somebody else runs it now. */
  stop(how: 'keep' | 'farewell' | 'lost', reason: string): Promise<void>;
}

/** What an account tells whoever runs it. */
export interface AccountOwner {
  /** It has nothing left to do: no rooms, nothing queued. May be called again. */
  over(): void;
  /** A store refused it: another worker runs it now. */
  lost(): void;
}
