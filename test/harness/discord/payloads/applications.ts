/** Bots as their owners see them. */
import { type APIApplication, ApplicationFlags as Flag, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import type { Application, State } from '../state.ts';

const switches = [
  [Intent.GuildPresences, Flag.GatewayPresenceLimited],
  [Intent.GuildMembers, Flag.GatewayGuildMembersLimited],
  [Intent.MessageContent, Flag.GatewayMessageContentLimited],
] as const;

/** Which privileged intents are switched on. */
export function applicationFlags({ privileged }: Application): Pick<APIApplication, 'flags' | 'flags_new'> {
  const flags = switches.reduce<number>((sum, [intent, flag]) => ((privileged & intent) === 0 ? sum : sum | flag), 0);
  return { flags, flags_new: flags.toString() };
}

/** GET applications/@me and oauth2/applications/@me. */
export const applicationFor = (state: State, application: Application): APIApplication => ({
  id: application.id,
  name: application.name,
  icon: null,
  description: '',
  summary: '',
  bot_public: true,
  bot_require_code_grant: false,
  bot: application.user,
  verify_key: application.id.padStart(64, '0'),
  team: null,
  ...applicationFlags(application),
  approximate_guild_count: [...state.guilds.values()].filter(({ members }) => members.has(application.user.id)).length,
});
