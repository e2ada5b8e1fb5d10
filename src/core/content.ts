/** What a message says, free of any protocol: plain text with marks over it, files, what it answers. */
import type { ChatId, MessageRef, PersonId } from './ids.ts';

/** Plain text and ranges over it in UTF-16 units; every network's formatting is read into this and written from it. */
export interface RichText {
  readonly plain: string;
  readonly marks: readonly Mark[];
}

/** A range [from, to) of a RichText. Marks may overlap; a bridge writes those that its network knows and drops the rest. */
export type Mark = { readonly from: number; readonly to: number } & (
  | { readonly is: 'strong' | 'emphasis' | 'underline' | 'deleted' | 'code' | 'block' | 'quote' | 'spoiler' }
  | { readonly is: 'colour'; readonly fore?: number; readonly back?: number }
  | { readonly is: 'link'; readonly href: string }
  | { readonly is: 'mention'; readonly person: PersonId }
  /** A room's name, leading there. */
  | { readonly is: 'room'; readonly chat: ChatId }
  /** The text stands for a small picture: an emoji of the network's own. */
  | { readonly is: 'image'; readonly src: string }
  /** Whom or what a client has named so: an occupant of the room by nick, else an address. A mention or a room, or nothing, when it is tried: no session gets it. */
  | { readonly is: 'named'; readonly nick?: string; readonly jid?: string }
);

/**
 * A file by its address; nothing is fetched to make one. `size` in bytes, `type` a media type. `until`, epoch milliseconds: from then on the address leads nowhere, by
 * the network's word; absent: it lasts.
 */
export interface FileLink {
  readonly url: string;
  readonly name: string;
  readonly type?: string;
  readonly size?: number;
  /** Of a picture or a film, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Of a film or a sound. */
  readonly lengthMs?: number;
  /** What it shows, for those who can't see it. */
  readonly description?: string;
  /** Shown to those only who ask for it. */
  readonly isSpoiler?: boolean;
  readonly until?: number;
  /** What its bytes come to, as whoever shares it says: what comes to something else is another file. */
  readonly digest?: Digest;
}

/** Of octets. */
export interface Digest {
  readonly by: 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-512';
  /** In base64. */
  readonly value: string;
}

/** Somebody for whom an account speaks. */
export interface Author {
  readonly nick: string;
  /** The address (https) of their picture. */
  readonly avatar?: string;
  /** Whose picture they show in XMPP: a bare JID, or an occupant's, whom another one may ask. No session gets it. */
  readonly jid?: string;
  readonly askedBy?: string;
}

/** A message, as it is quoted to people. */
export interface Quoted {
  readonly nick: string;
  readonly text: string;
}

export interface Content<Ref = MessageRef> {
  readonly text?: RichText;
  readonly files?: readonly FileLink[];
  readonly replyTo?: Ref;
  /** What that is, where the network says it with the answer: for those who never had it. */
  readonly quoted?: Quoted;
  readonly thread?: string;
  /** Said as "/me" (XEP-0245). */
  readonly action?: boolean;
  /** Who says it, where that is not the account's owner: a session gets it where it has `puppets`, else their name stands in the text. */
  readonly author?: Author;
}

const noMarks: readonly Mark[] = [];

/** Text without marks. */
export const plainText = (plain: string): RichText => ({ plain, marks: noMarks });
