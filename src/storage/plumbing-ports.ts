/** What is kept of plumbings: rooms of networks that are joined with MUCs elsewhere (src/design/plumbing.md). */
import type { AccountId, ChatId } from '../core/ids.ts';

/** A room of the network and the MUC that it is joined with. */
export interface PlumbingRow {
  /** Unguessable. */
  readonly id: string;
  readonly domain: string;
  /** By which login. */
  readonly account: AccountId;
  readonly on?: string;
  readonly chat: ChatId;
  /** The MUC's bare JID. */
  readonly muc: string;
  /** What the account is called in the network's room, where the network asks for a name. */
  readonly nick: string;
  /** Put behind a name that somebody has in the MUC already. */
  readonly suffix: string;
  /** Who made it: a bare JID; '' where they had their data deleted. */
  readonly by: string;
  /** Epoch milliseconds: since when it is asked for or, once an owner of the MUC has agreed, since when it is there. */
  readonly at: number;
  /** What an owner of the MUC has to say in it; absent: one has. */
  readonly token?: string;
  /** The MUC's, sealed for `plumbingSecret`. */
  readonly password?: string;
  /** In which language who made it is told. */
  readonly lang?: string;
  /** What is wrong with it at the moment, as it was written down; absent: nothing. */
  readonly troubles?: string;
}

/** For whom the vault seals what a plumbing has to know. @param id the plumbing's */
export const plumbingSecret = (id: string): string => `plumbing ${id}`;

/** How far each side has been told of the other. */
export interface PlumbingMarks {
  /** The MUC's last message that was accepted for the network: its archive's name of it, where it has one, and its time. */
  readonly seen?: { readonly id?: string; readonly at: number };
  /** The network's last message that the MUC has, and all before it: its name in the room's archive. */
  readonly told?: string;
}

/** Who said something in a MUC. */
export interface PlumbedSpeaker {
  readonly nick: string;
  /** By what they are known again: the MUC's mark of them (XEP-0421), where it gives one. */
  readonly mark: string;
  /** What they called it themselves: its `id`, its origin-id. */
  readonly ids: readonly string[];
}

/** A message as the MUC's archive names it, and as the room's does. */
export interface PlumbedName {
  readonly muc: string;
  readonly room: string;
  /** Of what was said in the MUC. */
  readonly speaker?: PlumbedSpeaker;
}

export interface PlumbingStore {
  /** Of all domains, the oldest first. */
  all(): Promise<readonly PlumbingRow[]>;
  /** In the place of one with its id; of troubles nothing is changed. */
  put(row: PlumbingRow): Promise<void>;
  /** @param troubles absent: there are none any more */
  trouble(id: string, troubles: string | undefined): Promise<void>;
  /** Who made them is no longer written down; resolves with how many they were. @param by a bare JID */
  forget(domain: string, by: string): Promise<number>;
  /** With its marks and names. */
  remove(id: string): Promise<void>;
  marks(id: string): Promise<PlumbingMarks>;
  /** All of it or nothing. Of marks that are absent what was written stays. Nothing where there is no such plumbing any more. Of names the oldest go, when they are many thousands. */
  move(id: string, marks: PlumbingMarks, names: readonly PlumbedName[]): Promise<void>;
  /** The newest, oldest first; older ones are deleted. */
  names(id: string, max: number): Promise<readonly PlumbedName[]>;
}
