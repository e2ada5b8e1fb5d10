/** Whom an account speaks for, said in the way that its network has: shown as they are, or with the name in front of the text. */
import type { Session } from '../bridge/contract.ts';
import { nameInFront } from '../core/authors.ts';
import type { Content } from '../core/content.ts';
import type { ChatId } from '../core/ids.ts';

/** The content as that session gets it. */
export function spokenIn(chat: ChatId, content: Content, session: Session): Content {
  if (content.author === undefined || session.puppets?.canSpeakAs(chat) === true) return content;
  return nameInFront(content);
}
