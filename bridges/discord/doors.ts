/**
 * What answers before Discord's API does: Cloudflare, which keeps out whole addresses from which too much is refused ("Invalid Request Limit"), and proxies on
 * the way. Their pages are no refusals of Discord's, and of a 429 that does not say how long to wait the library would ask again at once, for ever.
 */
import type { RESTOptions } from 'discord.js';
import { GatewayError } from '#bridge';

type Strategy = RESTOptions['makeRequest'];
type Answer = Awaited<ReturnType<Strategy>>;

const untoldMs = 60_000;
const tooMany = 429;
const tooLarge = 413;

/** As `usual`, but that such an answer is an error that passes. */
export const pastDoors =
  (usual: Strategy): Strategy =>
  async (url, init) => {
    const answer = await usual(url, init);
    const trouble = answer.status < 400 || answer.status >= 500 ? undefined : troubleIn(answer);
    if (trouble === undefined) return answer;
    await answer.arrayBuffer();
    throw trouble;
  };

function troubleIn({ status, headers }: Answer): GatewayError | undefined {
  if (status === tooMany)
    return headers.has('retry-after')
      ? undefined
      : new GatewayError('too-fast', { text: 'Discord wants us to wait.', retryAfterMs: untoldMs });
  // What is too large for the door is so the next time, too.
  const isDiscord = headers.get('content-type')?.startsWith('application/json') === true;
  if (isDiscord || status === tooLarge) return undefined;
  return new GatewayError('network-away', { text: `Discord is out of order (${status}).` });
}
