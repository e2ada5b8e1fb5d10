/** What somebody writes, before it is a message. */
import type {
  APIAllowedMentions,
  APIEmbed,
  APIMessageReference,
  APIMessageTopLevelComponent,
  APIPollMedia,
  APIUser,
  MessageType,
} from 'discord-api-types/v10';
import type { Channel, Message } from '../state.ts';

export interface Upload {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly title?: string | undefined;
  readonly spoiler?: boolean;
  /** Of pictures. */
  readonly width?: number;
  readonly height?: number;
  /** Of voice messages. */
  readonly seconds?: number;
  readonly waveform?: string;
}

export interface PollDraft {
  readonly question: string;
  readonly answers: readonly APIPollMedia[];
  readonly hours?: number;
  readonly several?: boolean;
}

export interface Draft {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly files?: readonly Upload[];
  readonly reply?: Message;
  /** Something that is passed on. */
  readonly forward?: Message;
  readonly stickers?: readonly string[];
  readonly poll?: PollDraft;
  readonly components?: readonly APIMessageTopLevelComponent[];
  readonly tts?: boolean;
  readonly nonce?: string | number;
  readonly flags?: number;
  readonly allowed?: APIAllowedMentions;
  readonly type?: MessageType;
  /** What a system message is about. */
  readonly points?: APIMessageReference;
  /** Of a forum's post, whose first message has the thread's own. */
  readonly id?: string;
}

/** Who speaks: a person, or a webhook under the name it has for the moment. */
export interface Speaker {
  readonly user: APIUser;
  readonly webhookId?: string;
  readonly applicationId?: string | null;
}

export interface Spoken extends Draft {
  readonly channel: Channel;
  readonly speaker: Speaker;
  /** May they tell everyone, and name roles that not all may name? */
  readonly everyone: boolean;
}
