/** A message of an export as rows of the archive: what was said, that it was changed, who reacted. Its ids are made of Discord's, so that no message is there twice. */
import { hash } from 'node:crypto';
import type { Exported } from '../../bridges/discord/text/exported.ts';
import { type AccountId, type ChatId, messageId, type PersonId } from '../core/ids.ts';
import { occupantIdElement } from '../gateway/rooms/occupants.ts';
import { distinct, isEmoji, reactionBody } from '../gateway/rooms/reactions.ts';
import { lineBody } from '../gateway/rooms/speaking.ts';
import { type Answered, quoteOf } from '../gateway/text/answered.ts';
import { bodyOf } from '../gateway/text/body.ts';
import { createOccupantIds } from '../process/ids.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { type Xml, xml } from '../xml/writer.ts';
import { replace } from '../xmpp/xep/0308-correction.ts';

/** The room that an export goes into. */
export interface Into {
  readonly account: AccountId;
  readonly chat: ChatId;
  /** Its bare JID. */
  readonly room: string;
  /** The gateway's own: ids are told apart by it for good. */
  readonly key: Uint8Array;
}

/** What a message answers, as far as it is known. */
export interface Target {
  /** The id of its row. */
  readonly row: string;
  readonly nick: string;
  readonly text: string;
}

export interface Rows {
  /** The row of the message of that id. */
  idOf(message: string): string;
  /** Its own row first; none where it shows nothing. */
  of(message: Exported, target: Target | undefined): readonly ArchiveRow[];
}

/** Discord counts within a millisecond: so many bits of an id that has the time in the others. */
const countingBits = 0x3f_ffffn;

/** The same for the same room at every run. */
export function createRows({ account, chat, room, key }: Into): Rows {
  const occupantId = createOccupantIds(key);
  // Most of what it is hashed to is never shown: that it is no HMAC gives nothing away.
  const secret = `imported\0${Buffer.from(key).toString('hex')}\0${account}\0${chat}`;

  /** Nobody can guess it; of one millisecond they sort as Discord has them. */
  function idOf(message: string, what = ''): string {
    const order = (BigInt(message) & countingBits).toString(16).padStart(6, '0');
    return order + hash('sha256', `${secret}\0${message}\0${what}`, 'base64url').slice(0, 24);
  }

  const speaker = (by: PersonId): Xml => occupantIdElement(occupantId(room, by));

  function answered({ row, nick, text }: Target): Answered {
    return { id: row, to: `${room}/${nick}`, quote: quoteOf({ nick, text }) };
  }

  return {
    idOf,
    of(message, target) {
      const { at, editedAt, by, nick, content, isSystem, reactions } = message;
      const id = idOf(message.id);
      const place = { account, chat };
      const refs = [{ id: messageId(message.id), part: 0 }];
      if (isSystem) {
        const said = `${nick}: ${content.text?.plain ?? ''}`;
        return [{ ...place, id, at, nick: '', body: xml`<body>${said}</body>`.text, stanza: id, kind: 'remark', refs }];
      }
      const shown = bodyOf(content, target === undefined ? undefined : answered(target));
      if (shown === undefined) return [];
      const own = { ...place, nick, by };
      const written = (inside: Xml): string => lineBody(inside, speaker(by), undefined).text;
      const rows: ArchiveRow[] = [{ ...own, id, at, body: written(shown), stanza: id, refs }];
      if (editedAt !== undefined) {
        const edit = idOf(message.id, `edit ${editedAt}`);
        const body = written(xml`${shown}${replace.write({ id })}`);
        rows.push({ ...own, id: edit, at: editedAt, body, stanza: edit, kind: 'edit', about: id });
      }
      for (const one of reactions) {
        const emoji = distinct(one.emoji.filter(isEmoji));
        if (emoji.length === 0) continue;
        const reaction = idOf(message.id, `reaction ${one.by}`);
        const body = lineBody(reactionBody(id, emoji), speaker(one.by), undefined).text;
        // When is not told: behind the message, before whatever else was said.
        const facts = { at: at + 1, nick: one.nick, by: one.by, kind: 'reaction', about: id } as const;
        rows.push({ ...place, ...facts, id: reaction, body, stanza: reaction });
      }
      return rows;
    },
  };
}
