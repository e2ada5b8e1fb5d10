/** What one plumbing needs of its account and of the gateway. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { ClientIq, IqAnswer } from '../gateway/client-iqs.ts';
import type { Known } from '../gateway/refs.ts';
import type { PlumbedName, PlumbingMarks, PlumbingRow, PlumbingStore } from '../storage/plumbing-ports.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { End, Troubles } from './troubles.ts';

export interface PlumbingParts {
  readonly row: PlumbingRow;
  /** The network's room: its address with us. */
  readonly room: string;
  /** What it is called for people, as far as is known. */
  title(): string;
  /** Asks the network what it is called by now. Never rejects. */
  retitle(): Promise<void>;
  /** The same for every gateway. */
  readonly pair: string;
  /** The MUC's, where it has one. */
  readonly password: string | undefined;
  readonly known: { readonly marks: PlumbingMarks; readonly names: readonly PlumbedName[] };
  /** As `FaceContext.occupantId`. */
  mac(place: string, text: string): string;
  newId(): string;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<PlumbingStore, 'move'>;
  send(stanzas: readonly Outgoing[]): void;
  /** Into the account's outbox. */
  accept(intent: DurableIntent, origin: Origin): void;
  ask(iq: ClientIq, withinMs: number): Promise<IqAnswer | undefined>;
  /** The contact's address of whoever is called so in the network's room; undefined: nobody is. */
  contact(nick: string): string | undefined;
  looks(nick: string): Xml;
  /** The message in the network's room that is called so. */
  find(name: string): Pick<Known, 'id' | 'name' | 'nick' | 'text' | 'isMine' | 'isRetracted'> | undefined;
  /** The archive of the network's room behind that row, or from that time on; undefined: it is not kept. */
  rows?(after: string | undefined, since: number): Promise<readonly ArchiveRow[]>;
  /** Was that accepted before? Of what the MUC said before a restart. */
  wasAccepted(id: string): Promise<boolean>;
  /** An owner of the MUC has agreed. @param at epoch milliseconds */
  onGranted(at: number): void;
  /** It is over, for good. */
  onOver(why: End): void;
  /** What is wrong at the moment. */
  readonly troubles: Troubles;
}
