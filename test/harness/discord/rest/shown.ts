/** Messages as a calling bot may see them: who has no message content intent in the portal sees it nowhere. */
import { type APIMessage, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import { exemptOf } from '../deeds/messages.ts';
import { withoutContent } from '../events.ts';
import { messageFor } from '../payloads/messages.ts';
import type { Message } from '../state.ts';
import { type Call, me } from './call.ts';

/** A message for the bot that calls. */
export function shownTo(call: Call, message: Message): APIMessage {
  const { id } = me(call);
  const data = messageFor(call.state, message, id);
  const allowed = ((call.application?.privileged ?? 0) & Intent.MessageContent) !== 0;
  return allowed || exemptOf(message)?.includes(id) !== false ? data : withoutContent(data);
}
