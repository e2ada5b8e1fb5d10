/** What questions may ask of an account that runs: what was said before its archive begins, and pictures. */
import type { Features } from './features.ts';
import type { LiveAnswers } from './questions.ts';

/** Of its parts. */
export const liveAnswers = ({ catchingUp, avatars }: Pick<Features, 'catchingUp' | 'avatars'>): LiveAnswers => ({
  older: (chat, max) => catchingUp.older(chat, max),
  pictureOf: avatars && ((person, named) => avatars.of(person, named)),
  roomPicture: avatars && ((chat) => avatars.ofRoom(chat)),
});
