/** One domain's view of Discord: bots, each with the guilds that took it in. */
import { GatewayError, type Network, personId, type Session, type Tools } from '#bridge';
import { addresses } from './addresses.ts';
import type { DiscordConfig } from './config.ts';
import { botToken, type DiscordCredentials } from './credentials.ts';
import { identify } from './identity.ts';
import { openRest } from './link.ts';
import { login } from './login.ts';
import { asked } from './refusals.ts';
import { letGo } from './rest.ts';
import { germanSentences } from './sentences-german.ts';
import { openSession } from './session.ts';
import { settings } from './settings.ts';

export function createNetwork(config: DiscordConfig, { log, clock, fetch }: Tools): Network<DiscordCredentials> {
  return {
    addresses,
    registration: 'required',
    settings,
    sentences: { de: germanSentences },
    browsable: true,
    groupsRooms: true,
    knowsPeople: true,
    filesAt: config.cdn,
    encrypts: config.api.startsWith('https:'),
    login: (place) => login(config, place),
    stay: () => ({ persistent: config.persistent, lingerMs: config.linger * 1000 }),
    async connect({ credentials, id, isTrial, resume }, host, signal) {
      signal.throwIfAborted();
      if (credentials === undefined) throw new GatewayError('login-refused', { text: 'A token of a bot is needed.' });
      const token = botToken(credentials.token);
      const rest = await openRest(config, token);
      try {
        const identity = await identify(rest, signal);
        if (isTrial !== true)
          return await openSession({
            account: id,
            config,
            token,
            identity,
            rest,
            host,
            clock,
            log: log.child({ account: id }),
            fetch,
            resume,
            signal,
          });
        await asked(rest.get('/gateway/bot', { signal }), signal);
        letGo(rest);
        return trial(identity.user.id);
      } catch (error) {
        letGo(rest);
        throw error;
      }
    },
  };
}

/** The token was taken; no session is begun for it, of which Discord gives a thousand a day. */
const trial = (me: string): Session => ({
  me: personId(me),
  limits: () => ({ textBytes: 2000, maxBytes: 2000, concurrency: 1, window: 1, dedupes: false }),
  send: () => Promise.reject(new GatewayError('not-in-room')),
  rooms: { join: () => Promise.reject(new GatewayError('not-in-room')), leave: async () => {} },
  end: async () => {},
});
