/** Pictures by the CDN's paths: of people, of guilds. A path has the picture's own digest, so another picture has another name. */
import { buffer } from 'node:stream/consumers';
import { type Avatars, GatewayError, pictureLimits, type Tools, TooMuch } from '#bridge';

/** Of those that `guild-fold.ts` makes. */
const path = /^(?:avatars\/\d+|guilds\/\d+\/users\/\d+\/avatars|icons\/\d+)\/\w{1,64}$/;
const timeoutMs = 20_000;
const side = 128;

/** See `Session.avatars`. */
export function createAvatars(cdn: string, { fetch }: Pick<Tools, 'fetch'>): Avatars {
  return {
    async fetch(avatar, _person, signal) {
      signal.throwIfAborted();
      if (!path.test(avatar)) return undefined;
      const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const url = `${cdn}/${avatar}.png?size=${side}`;
        const { status, body } = await fetch(url, { signal: both, atMost: pictureLimits.bytes, listed: cdn });
        if (status === 404 || status === 415) return undefined;
        if (body === null) throw new Error(`the CDN answered ${status}`);
        return { bytes: await buffer(body) };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof TooMuch) return undefined;
        throw new GatewayError('network-away', { text: 'Discord’s pictures cannot be reached.', cause: error });
      }
    },
  };
}
