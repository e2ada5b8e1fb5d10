/** What an account does about pictures: before somebody is shown, what is known of theirs is looked up; what nobody knows is fetched, and told when it is there. */

import type { Avatars } from '../bridge/avatars.ts';
import type { Network, Session } from '../bridge/contract.ts';
import type { NetworkEvent } from '../core/event.ts';
import type { ChatId, PersonId } from '../core/ids.ts';
import { sparseSet } from '../core/sparse.ts';
import { serviceJid } from '../gateway/contacts/addresses.ts';
import type { Face, Projection, Stanza } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { createListening } from './listening.ts';
import { createOwnProfile, type OwnProfile } from './own-profile.ts';
import type { Load } from './pictures.ts';
import type { LiveAnswers } from './questions.ts';
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
  readonly of: NonNullable<LiveAnswers['pictureOf']>;
  readonly ofRoom: NonNullable<LiveAnswers['roomPicture']>;
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

export function createAvatars(
  row: AccountRow,
  network: Pick<Network, 'addresses' | 'takesProfiles'>,
  face: Pick<Face, 'pictured' | 'avatarOf' | 'roomPictured' | 'roomAvatar' | 'listens'>,
  parts: AccountAvatarsParts,
): AccountAvatars | undefined {
  const { pictures, session, deliver, signal } = parts;
  if (pictures === undefined) return undefined;
  const { on } = row;
  const load =
    (by: Wearer, avatar: string): Load =>
    async (until) => {
      const avatars = session()?.avatars;
      return 'chat' in by ? avatars?.ofRoom?.(avatar, by.chat, until) : avatars?.fetch(avatar, by.person, until);
    };

  const listening = createListening(face, parts);
  const own = ownProfileOf(row, network, parts);
  /** Who waits for which picture: one event may name both in several places. */
  const waiting = sparseSet<string>();

  return {
    connected() {
      listening.connected();
      own?.look();
    },
    reconfigured: () => own?.look(),
    hear(stanza) {
      listening.hear(stanza);
      own?.hear(stanza);
    },
    look(event) {
      const avatars = session()?.avatars;
      if (avatars === undefined) return undefined;
      const named = wornIn(event, avatars);
      return named.length === 0 ? undefined : pictures.learn(named.map(([, avatar]) => pictureName(on, avatar)));
    },
    told(event) {
      const avatars = session()?.avatars;
      if (avatars === undefined) return;
      for (const [by, avatar] of wornIn(event, avatars)) {
        const name = pictureName(on, avatar);
        const wait = `${name} ${'chat' in by ? by.chat : by.person}`;
        if (pictures.known(name) !== undefined || waiting.has(wait)) continue;
        waiting.add(wait);
        void pictures.get(name, load(by, avatar), signal).then((picture) => {
          waiting.delete(wait);
          if (picture === undefined || signal.aborted) return;
          deliver({ stanzas: 'chat' in by ? face.roomPictured(by.chat) : face.pictured(by.person), archive: [] });
        });
      }
    },
    async of(person, named) {
      const known = face.avatarOf(person);
      const worn = known === undefined ? await named() : known;
      if (worn === undefined || worn === null || session()?.avatars === undefined) return undefined;
      return pictures.find(pictureName(on, worn), load({ person }, worn), signal);
    },
    async ofRoom(chat) {
      const worn = face.roomAvatar(chat);
      if (worn === undefined || worn === null || session()?.avatars?.ofRoom === undefined) return undefined;
      return pictures.find(pictureName(on, worn), load({ chat }, worn), signal);
    },
  };
}
