/** What a server's numeric means to whoever asked: one table a kind of question. The server's own words are passed on. */
import { type ErrorCode, GatewayError } from '#bridge';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

export type Refusals = ReadonlyMap<string, ErrorCode>;

/** Why a JOIN failed. */
export const joinRefusals: Refusals = new Map<string, ErrorCode>([
  ['403', 'no-such-room'],
  ['405', 'over-quota'], // too many channels
  ['407', 'bad-address'],
  ['437', 'not-now'], // held back for a while: behind a split, say
  ['439', 'not-now'], // too many targets (ircu)
  ['448', 'bad-address'],
  ['470', 'members-only'], // forwarded elsewhere
  ['471', 'room-full'],
  ['473', 'members-only'],
  ['474', 'banned'],
  ['475', 'wrong-password'],
  ['476', 'bad-address'],
  ['477', 'members-only'], // registered nicks only
  ['479', 'bad-address'],
  ['480', 'network-refused'], // join throttle, or a TLS-only channel
  ['485', 'network-refused'],
  ['488', 'members-only'], // TLS only (Bahamut)
  ['489', 'members-only'], // TLS only
  ['495', 'not-now'], // too soon after a kick
  ['500', 'not-now'], // join throttle
  ['519', 'members-only'], // administrators only
  ['520', 'members-only'], // operators only
  ['926', 'no-such-room'], // forbidden by the network
]);

/** What other servers say of the modes for which ngIRCd says that a channel is full. */
const ofNgircd: ReadonlyMap<string, string> = new Map([
  ['R', '477'],
  ['z', '489'],
  ['O', '520'],
]);

/** These have whom they are about in their sentence alone: Bahamut of services (487), Solanum of a CTCP or a message to somebody (492), UnrealIRCd of INVITE and JOIN. */
const inWords: ReadonlySet<string> = new Set(['487', '492', '518', '519', '520']);
const whomInWords = /\b(?:channel|user) (\S+)|"\/msg ([^\s"@]+)"/;

/** A refusal as most servers would say it. */
export function asUsual(line: Line): Line {
  if (line.params.length === 2 && inWords.has(line.command)) {
    const [nick = '', text = ''] = line.params;
    const [, somewhere, name = somewhere] = whomInWords.exec(text) ?? [];
    return name === undefined ? line : { ...line, params: [nick, name, text] };
  }
  const mode = line.command === '471' ? /\(\+([RzO])\)/.exec(line.params.at(-1) ?? '')?.[1] : undefined;
  const command = mode === undefined ? undefined : ofNgircd.get(mode);
  return command === undefined ? line : { ...line, command };
}

/** Of these, what passes by itself. */
export const passing: ReadonlySet<string> = new Set(['437', '439', '471', '480', '500']);

/** Why a message was not taken. */
export const sendRefusals: Refusals = new Map<string, ErrorCode>([
  ['401', 'no-such-person'],
  ['403', 'no-such-room'],
  ['404', 'not-allowed-there'],
  ['407', 'bad-address'],
  ['408', 'not-allowed-there'],
  ['413', 'bad-address'],
  ['414', 'bad-address'],
  ['415', 'not-allowed-there'], // who is not logged in may not speak there (+R of Solanum, +M of OFTC)
  ['439', 'network-refused'], // too many targets
  ['442', 'not-in-room'],
  ['477', 'not-allowed-there'],
  ['486', 'not-allowed-there'],
  ['487', 'not-allowed-there'], // services take no messages, but commands of their own (DALnet); who has no TLS may not speak (ChatIRCd)
  ['489', 'not-allowed-there'],
  ['492', 'not-allowed-there'],
  ['493', 'not-allowed-there'], // no channel in common (ngircd, Bahamut)
  ['494', 'not-allowed-there'], // they could not answer us (Solanum)
  ['531', 'not-allowed-there'],
  ['707', 'network-refused'], // too many people in a short time (Solanum)
  ['716', 'not-allowed-there'],
  ['936', 'not-allowed-there'], // a word that is not liked there (InspIRCd)
]);

/** Why TOPIC, MODE, KICK or PART failed. */
export const changeRefusals: Refusals = new Map<string, ErrorCode>([
  ['401', 'no-such-person'],
  ['403', 'no-such-room'],
  ['404', 'not-allowed-there'],
  ['421', 'network-cannot'],
  ['441', 'no-such-person'],
  ['442', 'not-in-room'],
  ['460', 'not-allowed-there'], // a mode that is not for halfops (UnrealIRCd)
  ['461', 'bad-request'],
  ['467', 'not-allowed-there'],
  ['468', 'not-allowed-there'],
  ['472', 'network-cannot'],
  ['478', 'network-refused'], // the ban list is full
  ['481', 'not-allowed-there'],
  ['482', 'not-allowed-there'],
  ['484', 'not-allowed-there'],
  ['485', 'not-allowed-there'],
  ['499', 'not-allowed-there'],
  ['525', 'bad-request'], // a key that it does not take
  ['696', 'bad-request'],
  ['742', 'not-allowed-there'], // locked by services
  ['743', 'bad-request'], // no mask that it knows (Solanum)
  ['972', 'not-allowed-there'], // UnrealIRCd, of a KICK
  ['974', 'not-allowed-there'],
]);

/** These name a command or a letter, never whom it was about or where. */
export const unnamed: ReadonlySet<string> = new Set(['460', '461', '472', '972', '974']);

/** Why INVITE failed. */
export const inviteRefusals: Refusals = new Map<string, ErrorCode>([
  ['401', 'no-such-person'],
  ['403', 'no-such-room'],
  ['421', 'network-cannot'],
  ['437', 'network-refused'],
  ['442', 'not-in-room'],
  ['443', 'network-refused'], // is there already
  ['461', 'bad-request'],
  ['482', 'not-allowed-there'],
  ['518', 'not-allowed-there'], // the channel takes no invitations
  ['707', 'network-refused'], // too many people in a short time
  ['715', 'network-refused'], // too many invitations (Hybrid, Rizon)
  ['716', 'network-refused'], // they take messages from few
]);

/** Why asking for a voice failed. */
export const voiceRefusals: Refusals = new Map<string, ErrorCode>([
  ['401', 'no-such-person'],
  ['403', 'not-allowed-there'], // has no messages to ranks after all
  ['404', 'not-allowed-there'],
  ['415', 'not-allowed-there'],
  ['442', 'not-in-room'],
  ['482', 'not-allowed-there'],
  ['531', 'not-allowed-there'],
  ['716', 'not-allowed-there'],
]);

/** Why NICK failed, after registration. */
export const nickRefusals: Refusals = new Map<string, ErrorCode>([
  ['431', 'bad-nick'],
  ['432', 'bad-nick'],
  ['433', 'nick-taken'],
  ['434', 'network-refused'], // banned in a channel, or silent in one (OFTC)
  ['435', 'network-refused'], // banned in a channel
  ['436', 'nick-taken'],
  ['437', 'nick-taken'],
  ['438', 'network-refused'], // too fast; not tried again by us, as a late change of name surprises
  ['447', 'nick-locked'], // in a channel of mode +N
  ['484', 'nick-locked'], // a restricted connection
]);

/** Why something was not done to a message. */
export const redactRefusals: Refusals = new Map<string, ErrorCode>([
  ['401', 'no-such-person'],
  ['403', 'no-such-room'],
  ['404', 'not-allowed-there'],
  ['421', 'network-cannot'],
  ['442', 'not-in-room'],
  ['482', 'not-allowed-there'],
]);

/** Why a line that somebody typed failed, whatever it was. */
export const answerRefusals: Refusals = new Map([
  ...joinRefusals,
  ...nickRefusals,
  ...inviteRefusals,
  ...sendRefusals,
  ...changeRefusals,
  ['411', 'bad-request'],
  ['412', 'bad-request'],
  ['421', 'network-cannot'],
  ['712', 'network-refused'], // knocked too often
  ['713', 'network-refused'], // the channel is open
  ['714', 'network-refused'], // is in it already
]);

/** What a FAIL means, by its code (IRCv3 standard replies registry). */
const failures: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['ACCOUNT_REQUIRED', 'not-allowed-there'],
  ['CHANNEL_RENAMED', 'no-such-room'],
  ['INVALID_MSGREFTYPE', 'network-cannot'],
  ['INVALID_PARAMS', 'bad-request'],
  ['INVALID_TARGET', 'no-such-person'],
  ['INVALID_UTF8', 'bad-request'],
  ['MULTILINE_INVALID', 'bad-request'],
  ['MULTILINE_INVALID_TARGET', 'bad-request'],
  ['MULTILINE_MAX_BYTES', 'message-too-long'],
  ['MULTILINE_MAX_LINES', 'message-too-long'],
  ['NEED_MORE_PARAMS', 'bad-request'],
  ['NICKNAME_RESERVED', 'nick-taken'],
  ['REDACT_FORBIDDEN', 'not-allowed-there'],
  ['REDACT_WINDOW_EXPIRED', 'message-too-old'],
  ['UNKNOWN_COMMAND', 'network-cannot'],
  ['UNKNOWN_MSGID', 'no-such-message'],
]);

/** The error that a FAIL is, in the words of the server. */
export function failure({ params }: Line): GatewayError {
  const said = readFormat(params.at(-1) ?? '').plain.slice(0, 400);
  const about = params.slice(2, -1).join(' ').slice(0, 200);
  const code = failures.get((params[1] ?? '').toUpperCase()) ?? 'network-refused';
  return new GatewayError(code, { text: about === '' ? said : `${about}: ${said}` });
}

/** A list has that mask already, or has it no more (InspIRCd): things are as was wished, so it is an answer and no refusal. */
export const asWished: ReadonlySet<string> = new Set(['697', '698']);

/** Every numeric that is an answer to something we may have asked. */
export const refusingNumerics: readonly string[] = [
  ...asWished,
  ...new Set(
    [joinRefusals, sendRefusals, changeRefusals, inviteRefusals, voiceRefusals, nickRefusals].flatMap((table) => [
      ...table.keys(),
    ]),
  ),
];

const everyServersNick = /^[A-Za-z[\]\\`_^{}|][A-Za-z0-9[\]\\`_^{}|-]*$/;
/** Few servers take less. */
const likelyNickLength = 16;

/** 432: its own words name no remedy. undefined: it may have other reasons, and tells them. */
function strangeNick(nick: string, said: string): string | undefined {
  if (!everyServersNick.test(nick)) {
    return `${nick} is not taken as a nick (${said}). Most servers take only A to Z, digits, _ and - in one, and a letter in front.`;
  }
  return nick.length > likelyNickLength ? `${nick} is not taken as a nick (${said}). It may be too long.` : undefined;
}

/** The error that a numeric is, in the words of the server. */
export function refusal(code: ErrorCode, { command, params }: Line): GatewayError {
  const said = readFormat(params.at(-1) ?? '').plain.slice(0, 400);
  if (said === '') return new GatewayError(code, { text: `The IRC server answered ${command}.` });
  const [, ...about] = params.slice(0, -1);
  const [nick = ''] = about;
  const strange = command === '432' && nick !== '' ? strangeNick(nick.slice(0, 64), said) : undefined;
  const named = about.length > 0 ? `${about.join(' ').slice(0, 200)}: ` : '';
  return new GatewayError(code, { text: strange ?? `${named}${said}` });
}

export const timedOut = (what: string): GatewayError =>
  new GatewayError('timed-out', { text: `The IRC server did not answer: ${what}.` });

/** Everything in flight when a connection is lost. */
export const away = (server: string): GatewayError =>
  new GatewayError('network-away', { text: `The connection to ${server} is down.` });
