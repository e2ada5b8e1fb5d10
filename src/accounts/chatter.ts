/** Most of all events are somebody's words in a room: they go by whoever looks for something else. */
import type { NetworkEvent } from '../core/event.ts';

/** What is said in a room now, answers nothing, and no more than that: most of all events, of which nobody need be asked who looks for something else. */
export const isChatter = (event: NetworkEvent): boolean =>
  event.kind === 'message' &&
  event.history !== true &&
  event.direct !== true &&
  event.content.files === undefined &&
  event.content.replyTo === undefined;
