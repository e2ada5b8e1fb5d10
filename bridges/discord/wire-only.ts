/**
 * discord.js as a wire and no more: it is shown only that a session has begun, without its guilds, and has nothing to parse, to make objects of, or to keep. What the
 * gateway says has reached us as it came, before the library looks at it. The library's own way to keep less, limits of its caches, makes each object and throws it away
 * (design/discord-costs.md).
 */
import type { Client, GatewayDispatchPayload } from 'discord.js';

/** Where discord.js takes what has come; nothing else of it looks at events. */
const door = 'handlePacket';

/** From now on. */
export function keepNothing({ ws }: Pick<Client, 'ws'>): void {
  const take: unknown = Reflect.get(ws, door);
  Reflect.set(ws, door, (payload: GatewayDispatchPayload | undefined, shard: unknown): boolean => {
    if (payload?.t === 'READY' && typeof take === 'function')
      take.call(ws, { ...payload, d: { ...payload.d, guilds: [] } }, shard);
    return true;
  });
}
