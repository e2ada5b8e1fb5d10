/** What an account does about pictures: before somebody is shown, what is known of theirs is looked up; what nobody knows is fetched, and told when it is there. */

import type { Avatars } from '../bridge/avatars.ts';
import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, PersonId } from '../core/ids.ts';
import { sparseSet } from '../core/sparse.ts';
import { serviceJid } from '../gateway/contacts/addresses.ts';
import type { Face, Projection, Stanza } from '../gateway/face.ts';
import type { PictureRow } from '../storage/avatar-ports.ts';
import type { AccountRow } from '../storage/ports.ts';
import { createListening, type Listening } from './listening.ts';
import { createOwnProfile, type OwnProfile } from './own-profile.ts';
import type { Load, Pictures } from './pictures.ts';
import type { LeasedWorld } from './world.ts';

export interface AccountAvatars {
  /** There is a session. */
  connected(): void;
  /** What the owner wants is another thing. */
  reconfigured(): void;
  /** Mail to the account, besides what its face makes of it. */
  hear(stanza: Stanza): void;
  /** What to wait for before that event is told; undefined: nothing. Never rejects. */
  look(event: NetworkEvent): Promise<void> | undefined;
  /** It has been told: what is missing is fetched. */
  told(event: NetworkEvent): void;
  /** As questions ask for it. */
  of(person: PersonId, named: () => Promise<string | undefined>): Promise<PictureRow | undefined>;
  ofRoom(chat: ChatId): Promise<PictureRow | undefined>;
}

/** Of the account's world, and what is its own. */
export interface AccountAvatarsParts
  extends Pick<LeasedWorld, 'domain' | 'pictures' | 'capabilities' | 'given' | 'iqs' | 'wishes' | 'ignore'> {
  session(): Session | undefined;
  deliver(told: Projection): void;
  /** The account ends. */
  readonly signal: AbortSignal;
}

/** Where the network takes it, and the process can remember what it was given. */
function ownProfileOf(
  row: AccountRow,
  { addresses, takesProfiles }: Pick<Network, 'addresses' | 'takesProfiles'>,
  { given, domain, ...parts }: AccountAvatarsParts,
): OwnProfile | undefined {
  if (given === undefined || takesProfiles !== true) return undefined;
  return createOwnProfile(row, { ...parts, given, from: serviceJid({ account: row, addresses, domain }) });
}

/** Names are a server's, where a network has several. */
export const pictureName = (on: string | undefined, avatar: string): string =>
  on === undefined ? avatar : `${on} ${avatar}`;

/** What shows a picture: a person, or a room. */
type Wearer = { readonly person: PersonId } | { readonly chat: ChatId };
type Worn = readonly [by: Wearer, avatar: string];

function wornIn(event: NetworkEvent, avatars: Pick<Avatars, 'ofRoom'>): readonly Worn[] {
  if (event.kind === 'room') {
    const { avatar } = event.change;
    return avatar && avatars.ofRoom !== undefined ? [[event, avatar]] : [];
  }
  if (event.kind === 'person') {
    const { avatar } = event.change;
    return avatar === undefined || avatar === null ? [] : [[event, avatar]];
  }
  if (event.kind !== 'members') return [];
  const found: Worn[] = [];
  for (const change of event.changes) {
    if (change.is === 'in' && change.member.avatar !== undefined) found.push([change.member, change.member.avatar]);
    else if (change.is === 'facts' && change.facts.avatar) found.push([change, change.facts.avatar]);
  }
  return found;
}

type Showing = Pick<Face, 'pictured' | 'avatarOf' | 'roomPictured' | 'roomAvatar' | 'listens'>;

export const createAvatars = (
  row: AccountRow,
  network: Pick<Network, 'addresses' | 'takesProfiles'>,
  face: Showing,
  parts: AccountAvatarsParts,
): AccountAvatars | undefined =>
  parts.pictures === undefined
    ? undefined
    : new Wardrobe(row.on, face, parts.pictures, ownProfileOf(row, network, parts), parts);

/** An object of a class: each account has one. */
class Wardrobe implements AccountAvatars {
  readonly #on: string | undefined;
  readonly #face: Showing;
  readonly #pictures: Pictures;
  readonly #own: OwnProfile | undefined;
  readonly #listening: Listening;
  readonly #session: AccountAvatarsParts['session'];
  readonly #deliver: AccountAvatarsParts['deliver'];
  readonly #signal: AbortSignal;
  /** Who waits for which picture: one event may name both in several places. */
  readonly #waiting = sparseSet<string>();

  constructor(
    on: string | undefined,
    face: Showing,
    pictures: Pictures,
    own: OwnProfile | undefined,
    parts: AccountAvatarsParts,
  ) {
    this.#on = on;
    this.#face = face;
    this.#pictures = pictures;
    this.#own = own;
    this.#listening = createListening(face, parts);
    this.#session = parts.session;
    this.#deliver = parts.deliver;
    this.#signal = parts.signal;
  }

  connected(): void {
    this.#listening.connected();
    this.#own?.look();
  }

  reconfigured(): void {
    this.#own?.look();
  }

  hear(stanza: Stanza): void {
    this.#listening.hear(stanza);
    this.#own?.hear(stanza);
  }

  look(event: NetworkEvent): Promise<void> | undefined {
    const avatars = this.#session()?.avatars;
    if (avatars === undefined) return undefined;
    const named = wornIn(event, avatars);
    if (named.length === 0) return undefined;
    return this.#pictures.learn(named.map(([, avatar]) => pictureName(this.#on, avatar)));
  }

  told(event: NetworkEvent): void {
    const avatars = this.#session()?.avatars;
    if (avatars === undefined) return;
    const [face, signal] = [this.#face, this.#signal];
    for (const [by, avatar] of wornIn(event, avatars)) {
      const name = pictureName(this.#on, avatar);
      const wait = `${name} ${'chat' in by ? by.chat : by.person}`;
      if (this.#pictures.known(name) !== undefined || this.#waiting.has(wait)) continue;
      this.#waiting.add(wait);
      void this.#pictures.get(name, this.#load(by, avatar), signal).then((picture) => {
        this.#waiting.delete(wait);
        if (picture === undefined || signal.aborted) return;
        this.#deliver({ stanzas: 'chat' in by ? face.roomPictured(by.chat) : face.pictured(by.person), archive: [] });
      });
    }
  }

  async of(person: PersonId, named: () => Promise<string | undefined>): Promise<PictureRow | undefined> {
    const known = this.#face.avatarOf(person);
    const worn = known === undefined ? await named() : known;
    if (worn === undefined || worn === null || this.#session()?.avatars === undefined) return undefined;
    return this.#pictures.find(pictureName(this.#on, worn), this.#load({ person }, worn), this.#signal);
  }

  async ofRoom(chat: ChatId): Promise<PictureRow | undefined> {
    const worn = this.#face.roomAvatar(chat);
    if (worn === undefined || worn === null || this.#session()?.avatars?.ofRoom === undefined) return undefined;
    return this.#pictures.find(pictureName(this.#on, worn), this.#load({ chat }, worn), this.#signal);
  }

  #load(by: Wearer, avatar: string): Load {
    return async (until) => {
      const avatars = this.#session()?.avatars;
      // Nothing would be taken for no picture, for good.
      if (avatars === undefined) throw new GatewayError('network-away');
      return 'chat' in by ? avatars.ofRoom?.(avatar, by.chat, until) : avatars.fetch(avatar, by.person, until);
    };
  }
}
