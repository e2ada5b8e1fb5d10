/** The commands that people know from IRC clients, one line each. Whoever typed one is told what the server says to it; nobody else sees it. */
import { GatewayError } from '#bridge';
import { nickOf } from './enquiries.ts';
import { knock } from './knock.ts';
import { isChannelHere } from './line-facts.ts';
import type { Typed } from './typed.ts';
import { aboutOf, answered, away, rename, sendRaw, speak, told } from './typed-raw.ts';
import { act, invite, join, list, part, rank, topic } from './typed-rooms.ts';
import { cardText } from './whois-text.ts';
import { compose } from './wire/compose.ts';

export interface TypedCommand {
  /** As the help shows it: what stands before the first bracket has to be there. */
  readonly usage: string;
  run(typed: Typed): Promise<string | undefined>;
}

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** The first word, and all behind it as it stands. */
function headOf(text: string): readonly [string, string] {
  const [head = ''] = wordsOf(text);
  return [head, text.slice(text.indexOf(head) + head.length).trim()];
}

/** Whom it is about: who is named, else with whom one talks. */
function personIn(typed: Typed, name: string): string {
  const { core, chat } = typed;
  if (name !== '') return nickOf(core, name);
  return nickOf(core, chat === undefined || isChannelHere(core, chat) ? core.nick : chat);
}

async function mode(typed: Typed): Promise<string | undefined> {
  const words = wordsOf(typed.rest);
  const [first = ''] = words;
  const isTarget = first !== '' && !/^[+-]/.test(first);
  const own = aboutOf(typed, undefined) ?? typed.core.nick;
  const channel = typed.core.channels.get(own)?.name ?? own;
  const all = isTarget ? words : [channel, ...words];
  return told(await answered(typed, compose('MODE', ...all), aboutOf(typed, all[0])));
}

async function whois(typed: Typed): Promise<string> {
  const nick = personIn(typed, wordsOf(typed.rest)[0] ?? '');
  return cardText(await typed.core.whois.ask(nick, typed.signal));
}

async function ctcp(typed: Typed): Promise<string | undefined> {
  const [target, behind] = headOf(typed.rest);
  const [verb, text] = headOf(behind);
  const command = verb.toUpperCase();
  if (!/^[A-Z]{1,20}$/.test(command) || command === 'ACTION') {
    throw new GatewayError('bad-request', { text: 'It is written /ctcp NICK VERSION (or PING, TIME…).' });
  }
  return askedOf(typed, nickOf(typed.core, target), command, text);
}

async function askedOf({ core, signal }: Typed, nick: string, command: string, text = ''): Promise<string> {
  const asked = command === 'PING' || text === '' ? undefined : text;
  const answer = await core.ctcp.ask(nick, command, signal, asked);
  return command === 'PING' ? `${nick}: ${answer.afterMs} ms` : `${nick}: ${answer.text}`;
}

/** The same by its own name: of whom is named, else of whom one talks with. */
const asking =
  (command: string) =>
  async (typed: Typed): Promise<string> =>
    askedOf(typed, personIn(typed, wordsOf(typed.rest)[0] ?? ''), command);

/** A line made of the words. */
const words =
  (command: string) =>
  async (typed: Typed): Promise<string | undefined> => {
    const line = typed.rest === '' ? command : `${command} ${typed.rest}`;
    return told(await answered(typed, line, aboutOf(typed, wordsOf(typed.rest)[0])));
  };

/** The same, about this channel where none is named. */
const here =
  (command: string) =>
  async (typed: Typed): Promise<string | undefined> => {
    const { core } = typed;
    const [first, ...more] = wordsOf(typed.rest);
    const isMask = first !== undefined && !isChannelHere(core, first);
    const about = isMask ? undefined : aboutOf(typed, first);
    const name = core.channels.get(about ?? '')?.name ?? first;
    return told(await answered(typed, compose(command, ...(name === undefined ? [] : [name]), ...more), about));
  };

/** Of whom is named or talked with; elsewhere the server's own. */
async function version(typed: Typed): Promise<string | undefined> {
  const { core, chat, rest } = typed;
  const isServers = rest === '' && (chat === undefined || isChannelHere(core, chat));
  return isServers ? words('VERSION')(typed) : asking('VERSION')(typed);
}

const say =
  (verb: 'PRIVMSG' | 'NOTICE') =>
  async (typed: Typed): Promise<string | undefined> => {
    const [target, text] = headOf(typed.rest);
    return speak(typed, verb, target, text);
  };

const toService =
  (service: string, before = '') =>
  async (typed: Typed): Promise<string | undefined> => {
    await speak(typed, 'PRIVMSG', service, `${before}${typed.rest}`);
    return undefined;
  };

async function nick(typed: Typed): Promise<undefined> {
  const [wanted = ''] = wordsOf(typed.rest);
  await rename(typed, wanted);
}

const help: TypedCommand = { usage: '[COMMAND]', run: async ({ rest }) => helpText(rest) };
const command = (usage: string, run: TypedCommand['run']): TypedCommand => ({ usage, run });
const raw = command('LINE', sendRaw);

/** By name. */
export const typedCommands: ReadonlyMap<string, TypedCommand> = new Map<string, TypedCommand>([
  ['help', help],
  ['away', command('[TEXT]', (typed) => away(typed, typed.rest))],
  ['ban', command('NICK|MASK [REASON]', act('ban'))],
  ['botserv', command('TEXT', toService('BotServ'))],
  ['bs', command('TEXT (to BotServ)', toService('BotServ'))],
  ['chanserv', command('TEXT', toService('ChanServ'))],
  ['ctcp', command('NICK VERSION|PING|TIME|…', ctcp)],
  ['cs', command('TEXT (to ChanServ)', toService('ChanServ'))],
  ['dehalfop', command('NICK…', rank('-h'))],
  ['deop', command('NICK…', rank('-o'))],
  ['devoice', command('NICK…', rank('-v'))],
  ['halfop', command('NICK…', rank('+h'))],
  ['hostserv', command('TEXT', toService('HostServ'))],
  ['hs', command('TEXT (to HostServ)', toService('HostServ'))],
  ['identify', command('PASSWORD (to NickServ)', toService('NickServ', 'IDENTIFY '))],
  ['invite', command('NICK [CHANNEL]', invite)],
  ['j', command('CHANNEL[,CHANNEL…] [KEYS]', join)],
  ['join', command('CHANNEL[,CHANNEL…] [KEYS]', join)],
  ['kb', command('NICK [REASON]', act('ban'))],
  ['kick', command('NICK [REASON]', act('kick'))],
  ['kickban', command('NICK [REASON]', act('ban'))],
  ['knock', command('CHANNEL [TEXT]', knock)],
  ['leave', command('[CHANNEL] [REASON]', part)],
  ['list', command('[WORD|>USERS|<USERS]', list)],
  ['memoserv', command('TEXT', toService('MemoServ'))],
  ['mode', command('[TARGET] [CHANGES]', mode)],
  ['motd', command('', words('MOTD'))],
  ['ms', command('TEXT (to MemoServ)', toService('MemoServ'))],
  ['msg', command('TARGET TEXT', say('PRIVMSG'))],
  ['names', command('[CHANNEL]', here('NAMES'))],
  ['nick', command('NEWNICK', nick)],
  ['nickserv', command('TEXT', toService('NickServ'))],
  ['notice', command('TARGET TEXT', say('NOTICE'))],
  ['ns', command('TEXT (to NickServ)', toService('NickServ'))],
  ['op', command('NICK…', rank('+o'))],
  ['oper', command('NAME PASSWORD', words('OPER'))],
  ['part', command('[CHANNEL] [REASON]', part)],
  ['ping', command('[NICK]', asking('PING'))],
  ['query', command('TARGET TEXT', say('PRIVMSG'))],
  ['quit', command('[REASON]', async ({ quit, rest }) => void (await quit(rest)))],
  ['quote', raw],
  ['raw', raw],
  ['topic', command('[CHANNEL] [TEXT|-delete]', topic)],
  ['unban', command('NICK|MASK', act('unban'))],
  ['version', command('[NICK]', version)],
  ['voice', command('NICK…', rank('+v'))],
  ['who', command('[MASK]', here('WHO'))],
  ['whois', command('[NICK]', whois)],
  ['whowas', command('NICK', words('WHOWAS'))],
]);

/** Refuses a command that lacks what it is about. */
export function requireWhole(name: string, { usage }: TypedCommand, rest: string): void {
  const needed = wordsOf(usage.split(/[[(]/, 1)[0] ?? '').length;
  if (wordsOf(rest).length >= needed) return;
  throw new GatewayError('bad-request', { text: `It is written /${name} ${usage}.` });
}

/** All commands, or that one. */
function helpText(name: string): string {
  const asked = name.replace(/^\//, '').toLowerCase();
  const shown = [...typedCommands].filter(([one]) => asked === '' || one === asked);
  if (shown.length === 0) return `There is no command /${asked.slice(0, 20)}. /help shows all.`;
  const list = shown.map(([one, { usage }]) => `/${one} ${usage}`.trimEnd());
  if (asked !== '') return list.join('\n');
  return [...list, 'A line that begins with two slashes is said with one.', '/me TEXT says what you do.'].join('\n');
}
