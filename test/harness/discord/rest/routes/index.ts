/** All routes of the REST API that the harness' Discord server has. */
import type { Route } from '../call.ts';
import { messageRoutes } from './messages.ts';
import { selfRoutes } from './self.ts';
import { webhookSpeechRoutes } from './webhook-speech.ts';
import { webhookRoutes } from './webhooks.ts';

export const routes: readonly Route[] = [...selfRoutes, ...messageRoutes, ...webhookRoutes, ...webhookSpeechRoutes];
