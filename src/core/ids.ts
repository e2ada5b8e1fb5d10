/** The ids that pass through Isthmus: branded strings, so that a person can't be taken for a room. Only who mints an id may parse it. */

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** One login of one user on one network: the unit of state, of ordering and of sharding. Minted by `gateway/decode`. */
export type AccountId = Id<'account'>;
/** A room or a direct conversation, as the network names it, canonical by the network's own rule; unique within an account. Minted by bridges.
    A direct conversation is named by its person's id. */
export type ChatId = Id<'chat'>;
/** Someone on the network, as the network names them, canonical; unique within an account. Minted by bridges. */
export type PersonId = Id<'person'>;
/** A message, as the network (or, where it names none, the bridge) names it; unique within a chat. Minted by bridges. */
export type MessageId = Id<'message'>;
/** Given to an intent when it becomes durable: its place in the outbox. What a network may use to drop a second copy. */
export type DeliveryKey = Id<'delivery'>;

export const accountId = (text: string): AccountId => text as AccountId;
export const chatId = (text: string): ChatId => text as ChatId;
export const personId = (text: string): PersonId => text as PersonId;
/** The network's server itself, where it stands among an account's contacts. */
export const theServer = personId('');
export const messageId = (text: string): MessageId => text as MessageId;
export const deliveryKey = (text: string): DeliveryKey => text as DeliveryKey;

/** One bubble on the XMPP side. A network message that becomes several stanzas has parts 0, 1, 2… */
export interface MessageRef {
  readonly id: MessageId;
  readonly part: number;
}

/** How names begin that a bridge makes up for messages that their network gives none: nobody else knows them, and no archive keeps them. */
export const madeUpMark = '~';
export const isMadeUp = ({ id }: MessageRef): boolean => id.startsWith(madeUpMark);

/** A message as an XMPP client points at it. Turned into a MessageRef when the intent is tried, not when it is queued. */
export interface StanzaRef {
  readonly stanzaId: string;
  /** What stands at the head of the text for clients that can't follow the reference, its line ends included. */
  readonly fallback?: string;
  /** The nick of who wrote it, as the client believes. */
  readonly nick?: string;
}
