/** Pictures by the CDN's paths: of people, of guilds. A path has the picture's own digest, so another picture has another name. */
import { type Avatars, GatewayError, pictureLimits, type Tools } from '#bridge';

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
        const answer = await fetch(`${cdn}/${avatar}.png?size=${side}`, { signal: both, redirect: 'error' });
        if (answer.status === 404 || answer.status === 415) return undefined;
        if (!answer.ok || answer.body === null) throw new Error(`the CDN answered ${answer.status}`);
        const bytes = await upTo(answer.body, pictureLimits.bytes);
        return bytes === undefined ? undefined : { bytes };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw new GatewayError('network-away', { text: 'Discord’s pictures cannot be reached.', cause: error });
      }
    },
  };
}

/** undefined: it is more than that. */
async function upTo(body: AsyncIterable<Uint8Array>, atMost: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > atMost) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
