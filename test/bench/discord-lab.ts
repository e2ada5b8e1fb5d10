/** Isthmus between the fake server and the tests' Discord: a bot that an operator shares, and users in rooms of its guilds. */
import { type Lab, port, reach, sleep } from './lab.ts';
import { operator, type Target } from './targets.ts';
import {
  type DiscordAsk,
  type DiscordPlace,
  type DiscordScene,
  type Fake,
  startFake,
  type XmppAsk,
  type XmppCounts,
} from './wire.ts';

export interface DiscordLab extends Pick<Lab, 'gateway' | 'xmpp' | 'counts' | 'close'> {
  readonly discord: Fake<DiscordAsk>;
  readonly place: DiscordPlace;
  /** Adds the bot as an account that everybody may use. */
  login(): Promise<void>;
  /** Lets users 1 to `users` enter, and waits until all are in. */
  join(users: number, channel: string): Promise<void>;
}

const answerMs = 20_000;

/** Resolves after the handshake; nobody is logged in yet. */
export async function openDiscordLab(target: Target, scene: DiscordScene): Promise<DiscordLab> {
  const { domain, onDiscord } = target;
  if (onDiscord === undefined) throw new Error(`${target.name} knows no Discord`);
  const discord = startFake<DiscordAsk>('fake-discord', scene);
  const place = await discord.ask<DiscordPlace>({ do: 'place' });
  const room = (channel: string): string => `#${channel}=~+${place.bot}-0001@${domain}`;
  const xmppPort = await port();
  const xmpp = startFake<XmppAsk>('fake-xmpp', { port: xmppPort, domain, room: room(place.first) });
  await xmpp.ask({ do: 'counts' });
  const gateway = onDiscord(xmppPort, place);
  const close = async (): Promise<void> => {
    await gateway.stop();
    xmpp.kill();
    discord.kill();
  };
  const counts = (): Promise<XmppCounts> => xmpp.ask<XmppCounts>({ do: 'counts' });
  if ((await Promise.race([xmpp.ask({ do: 'handshake' }), sleep(answerMs)])) === undefined) {
    await close();
    throw new Error(`${target.name} made no handshake within 20 s`);
  }
  return {
    gateway,
    xmpp,
    discord,
    place,
    counts,
    close,
    login: () => login(xmpp, place.token, domain),
    async join(to, channel) {
      const before = (await counts()).subjects;
      await xmpp.ask({ do: 'join', from: 1, to, rooms: [room(channel)] });
      await reach(async () => (await counts()).subjects - before, to);
    },
  };
}

async function login(xmpp: Fake<XmppAsk>, token: string, domain: string): Promise<void> {
  const ask = async (iqId: string, attributes: string, field = ''): Promise<string> => {
    const form = field === '' ? '' : `<x xmlns='jabber:x:data' type='submit'>${field}</x>`;
    const command = `<command xmlns='http://jabber.org/protocol/commands' node='register'${attributes}>${form}</command>`;
    const iq = `<iq type='set' id='${iqId}' from='${operator}/r' to='${domain}'>${command}</iq>`;
    const answer = await Promise.race([xmpp.ask<string>({ do: 'ask', iqId, iq }), sleep(answerMs)]);
    if (answer === undefined || answer.includes('<error')) throw new Error(`no login: ${answer ?? 'nobody answers'}`);
    return answer;
  };
  const field = (name: string, value: string): string => `<field var='${name}'><value>${value}</value></field>`;
  const session = /sessionid=["']([^"']+)/.exec(await ask('login-1', ''))?.[1] ?? '';
  await ask('login-2', ` action='next' sessionid='${session}'`, field('admits', 'bench'));
  const done = await ask('login-3', ` action='complete' sessionid='${session}'`, field('token', token));
  if (!/status=["']completed/.test(done)) throw new Error(`no login: ${done}`);
}
