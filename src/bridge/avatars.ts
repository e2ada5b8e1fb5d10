/** What a session can do about pictures: those of its people, and how its owner appears to them. */
import type { ChatId, PersonId } from '../core/ids.ts';
import type { Picture } from '../core/picture.ts';

/** The network's people have pictures. */
export interface Avatars {
  /**
   * The bytes of the picture that is called so, as shown by that person: a PNG where the network has one, else a JPEG or GIF, in a size for lists of people (some
   * 96 pixels each way). Reads no more than `pictureLimits.bytes`. undefined: there is no such picture any more. Called once a picture, not once a person.
   */
  fetch(avatar: string, person: PersonId, signal: AbortSignal): Promise<Picture | undefined>;
  /** The same of a picture that a room has (`Room.avatar`). Absent: rooms have none, and nothing is said of any. */
  readonly ofRoom?: (avatar: string, chat: ChatId, signal: AbortSignal) => Promise<Picture | undefined>;
}

/** Called where its owner wants it (the settings `share_avatar` and `share_nick`), and only with what is new. Both reject with a GatewayError. */
export interface Profile {
  /** undefined: no picture. */
  readonly avatar?: (picture: Picture | undefined, signal: AbortSignal) => Promise<void>;
  readonly nick?: (nick: string, signal: AbortSignal) => Promise<void>;
}
