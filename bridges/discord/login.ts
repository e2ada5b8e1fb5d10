/** Adding a bot: its token is asked for, tried, and kept under the bot's name; what its owner has to switch on elsewhere is said. */
import { GatewayError, type LoggedIn, type LoginPlace, type LoginRun } from '#bridge';
import type { DiscordConfig } from './config.ts';
import { botToken, type DiscordCredentials } from './credentials.ts';
import { type Identity, identify, invitationOf } from './identity.ts';
import { intentsFor } from './intents.ts';
import { openRest } from './link.ts';
import { asked } from './refusals.ts';
import { letGo, type OpenRest, type Rest } from './rest.ts';
import { complaints } from './shortcomings.ts';
import { textsIn } from './texts.ts';

/** See `Network.login`. */
export async function* login(
  config: DiscordConfig,
  place: LoginPlace<DiscordCredentials>,
): LoginRun<DiscordCredentials> {
  const texts = textsIn(place.language);
  let fault: string | undefined;
  for (;;) {
    const answer = yield {
      ask: 'form',
      title: texts.login,
      text: texts.loginHow,
      fields: [{ name: 'token', label: texts.loginToken, type: 'secret', required: true }],
      ...(fault !== undefined && { fault }),
    };
    const { token = '' } = answer;
    let kept: LoggedIn<DiscordCredentials>;
    let advice: readonly string[];
    let rest: OpenRest | undefined;
    try {
      const credentials = { token: botToken(typeof token === 'string' ? token : '') };
      rest = await openRest(config, credentials.token);
      const identity = await identify(rest, place.signal);
      kept = { credentials, label: labelOf(identity) };
      await place.verify(kept);
      advice = [
        ...complaints(intentsFor(config.intents, identity.application.flags).missing, texts),
        ...((await isNowhere(rest, place.signal)) ? [texts.noGuild(invitationOf(identity.application.id))] : []),
      ];
    } catch (error) {
      if (!(error instanceof GatewayError) || place.signal.aborted) throw error;
      fault = error.message;
      continue;
    } finally {
      if (rest !== undefined) letGo(rest);
    }
    if (advice.length > 0)
      yield {
        ask: 'form',
        title: texts.login,
        text: [texts.wordTaken(kept.label), ...advice],
        fields: [],
      };
    return kept;
  }
}

/** What Discord calls it; old bots have a number behind the name. */
const labelOf = ({ user: { username, discriminator } }: Identity): string =>
  discriminator === undefined || discriminator === '0' ? username : `${username}#${discriminator}`;

/** Only what is said of it to its owner depends on that: not known is no fault of the token's. */
async function isNowhere(rest: Rest, signal: AbortSignal): Promise<boolean> {
  const query = new URLSearchParams({ limit: '1' });
  const guilds = await asked(rest.get('/users/@me/guilds', { query, signal }), signal).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof GatewayError)) throw error;
  });
  return Array.isArray(guilds) && guilds.length === 0;
}
