/** All routes of the REST API that the harness' Discord server has. */
import type { Route } from '../call.ts';
import { channelRoutes } from './channels.ts';
import { fileRoutes } from './files.ts';
import { guildRoutes } from './guilds.ts';
import { memberRoutes } from './members.ts';
import { messageRoutes } from './messages.ts';
import { pinRoutes } from './pins.ts';
import { reactionRoutes } from './reactions.ts';
import { selfRoutes } from './self.ts';
import { threadListRoutes } from './thread-lists.ts';
import { threadRoutes } from './threads.ts';
import { webhookSpeechRoutes } from './webhook-speech.ts';
import { webhookRoutes } from './webhooks.ts';

export const routes: readonly Route[] = [
  ...selfRoutes,
  ...guildRoutes,
  ...memberRoutes,
  ...channelRoutes,
  ...threadRoutes,
  ...threadListRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...pinRoutes,
  ...webhookRoutes,
  ...webhookSpeechRoutes,
  ...fileRoutes,
];
