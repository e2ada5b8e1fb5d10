/** Whom an account speaks for, said in the way that its network has: shown as they are, or with the name in front of the text. */
import type { Session } from '../bridge/contract.ts';
import { nameInFront } from '../core/authors.ts';
import type { Content } from '../core/content.ts';
import type { ChatId } from '../core/ids.ts';
import type { SpeakerPictures } from './speaker-pictures.ts';

/** The content as that session gets it. */
export function spokenIn(chat: ChatId, content: Content, session: Session): Content {
  const { author } = content;
  if (author === undefined) return content;
  if (session.puppets?.canSpeakAs(chat) !== true) return nameInFront(content);
  return withoutJid(content);
}

function withoutJid(content: Content): Content {
  if (content.author?.jid === undefined) return content;
  const { jid: _, askedBy: __, ...shown } = content.author;
  return { ...content, author: shown };
}

/** What takes the place of something that was said: how that was shown, only the network knows. */
export function respokenIn(content: Content, session: Session): Content {
  return session.puppets === undefined ? nameInFront(content) : withoutJid(content);
}

/** The same with the picture of who speaks, where there is one. A promise only where there is something to wait for, and then for a moment. */
export function picturedIn(
  chat: ChatId,
  content: Content,
  session: Session,
  pictures: SpeakerPictures | undefined,
): Content | Promise<Content> {
  const spoken = spokenIn(chat, content, session);
  const avatar = spoken.author === undefined || content.author === undefined ? undefined : pictures?.of(content.author);
  return avatar instanceof Promise ? avatar.then((found) => withPicture(spoken, found)) : withPicture(spoken, avatar);
}

const withPicture = (content: Content, avatar: string | undefined): Content =>
  content.author === undefined || avatar === undefined
    ? content
    : { ...content, author: { ...content.author, avatar } };
