/** What is said between two as rows of the archive (CHECKLIST 359-01, 313-08), so that it can be asked for, and that what is done to it later finds it. */
import type { ChatId, MessageRef, PersonId } from '../../core/ids.ts';
import type { ArchiveKind } from '../../storage/ports.ts';
import type { Xml } from '../../xml/writer.ts';
import type { Known } from '../refs.ts';
import { pastOf } from '../rooms/archived.ts';
import type { FaceState, Out } from '../rooms/feature.ts';

/** One line of a conversation. */
export interface Line {
  /** The archive's. */
  readonly row: string;
  /** The stanza's `id`. */
  readonly id: string;
  /** By the network's clock. */
  readonly at: number;
  /** Absent: our own. */
  readonly by?: PersonId | undefined;
  readonly nick: string;
  /** Without what counts only while it is told: states, delays, ids of archives. */
  readonly body: Xml;
  readonly refs?: readonly MessageRef[];
  readonly kind?: ArchiveKind;
  /** The archive's id of what it changes or adds to. */
  readonly about?: string | undefined;
  /** For whom a shared account said it. */
  readonly author?: string | undefined;
}

/** Is what is said there kept? */
export const isKept = ({ context }: FaceState, chat: ChatId): boolean => pastOf(context, { chat }).recorded;

/** The archive's id of a message; '': it is not kept. */
export const rowOf = ({ row, name }: Known): string => row ?? name;

/** Where that conversation is kept. What is done to something that is not kept is not kept either. */
export function keepLine(face: FaceState, chat: ChatId, line: Line, isHistory: boolean, out: Out): void {
  if (!isKept(face, chat) || line.about === '') return;
  const { row, id, at, by, nick, body, refs = [], kind, about, author } = line;
  out.archive.push({
    account: face.context.account.id,
    chat,
    id: row,
    // A network's clock may be wrong; what is told now was not said later.
    at: isHistory ? at : Math.min(at, face.context.now()),
    nick,
    body: body.text,
    stanza: id,
    ...(kind !== undefined && { kind }),
    ...(by !== undefined && { by }),
    ...(refs.length > 0 && { refs }),
    ...(about !== undefined && { about }),
    ...(author !== undefined && { author }),
  });
}
