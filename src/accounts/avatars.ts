/** What an account does about pictures: before somebody is shown, what is known of theirs is looked up; what nobody knows is fetched, and told when it is there. */

import type { Avatars } from '../bridge/avatars.ts';
import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, PersonId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
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
  extends Pick<LeasedWorld, 'domain' | 'pictures' | 'capabilities' | 'given' | 'iqs' | 'wishes' | 'ignore' | 'clock'> {
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

/** A picture that could not be had so many times. */
interface Missing {
  readonly worn: Worn;
  readonly tries: number;
}

/** Longer than one that could not be had is left alone (pictures.ts). */
const againMs = 900_000;
const triesAtMost = 8;
const missingAtMost = 5_000;

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
  readonly #clock: AccountAvatarsParts['clock'];
  /** Who waits for which picture: one event may name both in several places. */
  readonly #waiting = sparseSet<string>();
  /** What could not be had, likewise: it is tried again together. */
  readonly #missing = sparseMap<string, Missing>();

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
    this.#clock = parts.clock;
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
    for (const worn of wornIn(event, avatars))
      if (this.#pictures.known(pictureName(this.#on, worn[1])) === undefined) this.#get(worn, 1);
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

  /** @param tries with this one */
  #get(worn: Worn, tries: number): void {
    const [by, avatar] = worn;
    const [face, signal, waiting] = [this.#face, this.#signal, this.#waiting];
    const name = pictureName(this.#on, avatar);
    const wait = `${name} ${'chat' in by ? by.chat : by.person}`;
    if (waiting.has(wait) || this.#missing.has(wait)) return;
    waiting.add(wait);
    void this.#pictures.get(name, this.#load(by, avatar), signal).then((picture) => {
      waiting.delete(wait);
      if (signal.aborted) return;
      if (picture === undefined) this.#later(wait, worn, tries);
      else
        this.#deliver({ stanzas: 'chat' in by ? face.roomPictured(by.chat) : face.pictured(by.person), archive: [] });
    });
  }

  #later(wait: string, worn: Worn, tries: number): void {
    if (tries >= triesAtMost || this.#missing.size >= missingAtMost) return;
    this.#missing.set(wait, { worn, tries });
    if (this.#missing.size > 1) return;
    this.#clock.sleep(againMs, this.#signal).then(
      () => this.#again(),
      () => undefined,
    );
  }

  #again(): void {
    const all = [...this.#missing.values()];
    this.#missing.clear();
    for (const { worn, tries } of all) if (this.#isWorn(worn)) this.#get(worn, tries + 1);
  }

  #isWorn([by, avatar]: Worn): boolean {
    return ('chat' in by ? this.#face.roomAvatar(by.chat) : this.#face.avatarOf(by.person)) === avatar;
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
