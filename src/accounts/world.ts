/** What every account of a domain shares: the way to XMPP, the stores, time. Put together by the composition root. */

import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import type { LaneOptions, Lanes } from '../delivery/lanes.ts';
import type { Outbox } from '../delivery/outbox.ts';
import type { AccountKey, Outgoing } from '../gateway/face.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';
import type { AccountStore, OutboxEntry } from '../storage/ports.ts';
import type { Archiving } from './archiving.ts';
import type { Watch } from './attending.ts';
import type { Bookmarks } from './bookmarks.ts';
import type { Capabilities } from './capabilities.ts';
import type { ClientIqs } from './client-iqs.ts';
import type { Credentials } from './credentials.ts';
import type { LastingFiles } from './lasting-files.ts';
import type { Pace } from './pace.ts';
import type { Pictures } from './pictures.ts';
import type { Pings } from './pings.ts';
import type { Preferences } from './preferences.ts';
import type { Probes } from './probes.ts';
import type { Questions } from './questions.ts';
import type { Quotas } from './quotas.ts';
import type { Requests } from './requests.ts';
import type { Rosters } from './rosters.ts';
import type { SpeakerPictures } from './speaker-pictures.ts';
import type { SubscriptionPace } from './subscription-pace.ts';
import type { Tell } from './telling.ts';
import type { Uploads } from './uploading.ts';
import type { Vault } from './vault.ts';
import type { Wishes } from './wishes.ts';

export interface AccountWorld {
  readonly domain: string;
  readonly log: Log;
  readonly clock: Clock;
  /** As the clock says, and never twice the same; absent, undefined: it may be. */
  readonly moment?: (() => number) | undefined;
  /** To the XMPP server, in order. Never waits; see `pressure`. */
  send(stanzas: readonly Outgoing[]): void;
  /** Unasked, in their language. */
  readonly tell: Tell;
  /** undefined while there is room on the way to XMPP, else what to wait for. */
  pressure(): Promise<void> | undefined;
  /** For those who are told of a whole room. */
  readonly crowds: Pace;
  readonly outbox: Outbox;
  lanes(
    account: AccountId,
    fence: number,
    options: Pick<LaneOptions, 'execute' | 'limits' | 'onFailed' | 'onSettled' | 'onIdle' | 'onLost' | 'signal'>,
  ): Lanes;
  readonly archive: Archiving;
  readonly store: AccountStore;
  readonly vault: Vault;
  /** For each user. */
  readonly quotas: Quotas;
  /** Throws a GatewayError while the gateway takes nobody new. @param owner bare JID */
  mayComeIn(owner: string): void;
  /** Is that client (a full JID) one of those whom the account serves? */
  admits(account: Pick<AccountKey, 'on' | 'owner'>, client: string): boolean;
  readonly preferences: Pick<Preferences, 'of' | 'change' | 'heard' | 'language'>;
  readonly credentials: Pick<Credentials, 'of' | 'has'>;
  readonly pings: Pings;
  readonly iqs: Pick<ClientIqs, 'ask'>;
  readonly questions: Questions;
  /** What the gateway asks of servers and clients itself. */
  readonly requests: Pick<Requests, 'ask'>;
  /** Our users' contact lists, as far as their servers let us. */
  readonly rosters: Rosters;
  /** The same of their bookmarks. */
  readonly bookmarks: Bookmarks;
  /** What our users' clients can do. */
  readonly capabilities: Pick<Capabilities, 'with' | 'of'>;
  readonly pace: SubscriptionPace;
  readonly probes: Probes;
  /** Resolves once that user's server has said whatever it says of itself when we come. Never rejects. */
  settled(owner: string): Promise<void>;
  /** Of the network's people; absent: none are shown. */
  readonly pictures?: Pictures;
  /** Of those for whom accounts speak; absent, undefined: networks could not fetch them. */
  readonly speakerPictures?: SpeakerPictures | undefined;
  /** What networks were given of the owners of accounts; absent: none is given anything. */
  readonly given?: Pick<AvatarStore, 'given' | 'give'>;
  /** For texts that are too long; absent, undefined: the operator keeps none. */
  readonly uploads?: Pick<Uploads, 'keep' | 'forget'> | undefined;
  /** For files that expire on the network; absent, undefined: they are told as they are. */
  readonly files?: LastingFiles | undefined;
  /** Older messages are deleted before long (epoch milliseconds); absent, undefined: none are. */
  keptSince?(): number | undefined;
  /** Deletes all that any store keeps of that account, which does not run. Resolves with what waited to be sent. */
  erase(account: AccountId): Promise<readonly OutboxEntry[]>;
  /** For the metrics. */
  countEvent(): void;
  /** Is told whose work is done; absent: nobody wants to know. */
  readonly watch?: Watch | undefined;
  /** For what may fail without anybody being the worse for it: logged at debug. */
  readonly ignore: (error: unknown) => void;
}

/** The same under a lease. */
export interface LeasedWorld extends AccountWorld {
  /** Grows with every owner the account has had; the stores refuse an older one. */
  readonly fence: number;
  /** What the owner has set. */
  readonly wishes: Wishes;
}
