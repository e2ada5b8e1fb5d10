/** A bot that has begun as many sessions as Discord allows in a day comes back when it may begin more: nothing is a bug of ours. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { quick } from '../../../harness/discord/settings.ts';
import { useStage } from './stage.ts';

const stage = useStage({ ...quick, sessionsPerDay: 1 });

test('who has begun too many sessions today is told so, and tries again later', async () => {
  const { bot, end } = await stage.login();
  await end();
  const refused = await stage.login({ bot }).catch((error: unknown) => error);
  expect(refused instanceof GatewayError && [refused.code, refused.next, refused.message]).toEqual([
    'too-fast',
    'later',
    'The bot has begun as many connections today as Discord allows.',
  ]);
});
