/** The gateway's address, the bot itself, its conversations and guilds, other users. */
import { type APIGatewayBotInfo, type APIPartialGuild, RESTJSONErrorCodes as Code } from 'discord-api-types/v10';
import { conversation } from '../../deeds/channels.ts';
import { changeUser, exit } from '../../deeds/members.ts';
import { applicationFor } from '../../payloads/applications.ts';
import { channelFor } from '../../payloads/channels.ts';
import { briefGuild } from '../../payloads/guilds.ts';
import { byAge } from '../../snowflake.ts';
import { type Call, guildOf, idParam, me, type Route } from '../call.ts';
import { formOf, formOfQuery } from '../form.ts';
import { storePicture } from '../pictures.ts';
import { plainProblem, problem } from '../problems.ts';

function gatewayForBots({ state, hub, application }: Call): APIGatewayBotInfo {
  const total = state.settings.sessionsPerDay;
  const remaining = application === undefined ? total : hub.remaining(application);
  return {
    url: hub.url(),
    shards: state.settings.shards,
    session_start_limit: { total, remaining, reset_after: 0, max_concurrency: state.settings.maxConcurrency },
  };
}

function myself(call: Call) {
  const user = me(call);
  return { ...user, verified: true, mfa_enabled: false, email: null, locale: 'en-US' };
}

function application({ state, application: found }: Call) {
  if (found === undefined) throw plainProblem(401, 'Unauthorized');
  return applicationFor(state, found);
}

function changeMyself(call: Call) {
  const form = formOf(call.body);
  const username = form.text('username', { min: 2, max: 32 });
  const avatar = form.textOrNull('avatar');
  form.end();
  const user = me(call);
  changeUser(call.state, user, {
    ...(username === undefined ? {} : { username }),
    ...(avatar === undefined ? {} : { avatar: storePicture(call.state, 'avatars', user.id, 'avatar', avatar) }),
  });
  return myself(call);
}

function openConversation(call: Call) {
  const { state } = call;
  const form = formOf(call.body);
  const id = form.needed('recipient_id', form.id('recipient_id'));
  form.end();
  const user = state.users.get(id ?? '');
  if (user === undefined) throw problem(Code.UnknownUser);
  if (user.bot === true) throw problem(Code.CannotSendMessagesToThisUser);
  return channelFor(state, conversation(state, me(call), user), me(call).id);
}

function myGuilds(call: Call): APIPartialGuild[] {
  const form = formOfQuery(call.query);
  const [before, after] = [form.id('before'), form.id('after')];
  const limit = form.whole('limit', { min: 1, max: 200 }) ?? 200;
  form.end();
  const { id } = me(call);
  const all = [...call.state.guilds.values()]
    .filter((guild) => guild.members.has(id))
    .filter((guild) => before === undefined || byAge(guild.id, before) < 0)
    .filter((guild) => after === undefined || byAge(guild.id, after) > 0)
    .sort((a, b) => byAge(a.id, b.id));
  const some = before === undefined ? all.slice(0, limit) : all.slice(-limit);
  return some.map((guild) => briefGuild(guild, id));
}

export const selfRoutes: readonly Route[] = [
  { method: 'GET', path: '/gateway', open: true, run: ({ hub }) => ({ url: hub.url() }) },
  { method: 'GET', path: '/gateway/bot', run: gatewayForBots },
  { method: 'GET', path: '/users/@me', run: myself },
  { method: 'PATCH', path: '/users/@me', run: changeMyself },
  { method: 'GET', path: '/oauth2/applications/@me', run: application },
  { method: 'GET', path: '/applications/@me', run: application },
  { method: 'POST', path: '/users/@me/channels', run: openConversation },
  { method: 'GET', path: '/users/@me/guilds', run: myGuilds },
  {
    method: 'DELETE',
    path: '/users/@me/guilds/:guild',
    run: (call) => exit(call.state, guildOf(call), me(call)),
  },
  {
    method: 'GET',
    path: '/users/:user',
    run(call) {
      const user = call.state.users.get(idParam(call, 'user'));
      if (user === undefined) throw problem(Code.UnknownUser);
      return user;
    },
  },
  // Commands are none of a bridge's business; discord.js may set the list.
  { method: 'PUT', path: '/applications/:application/commands', run: ({ body }) => (Array.isArray(body) ? [] : []) },
];
