/** The table of commands: what each does and how many parameters it must have. Shorter lines are ignored; what is not here irc-framework sees, until the server has let us in. */
import { ifMade } from '#bridge';
import { onMode, onModesAre } from './channel-modes.ts';
import { type Core, nameUs } from './core.ts';
import { onTarget } from './history.ts';
import { onNotice, onPrivmsg, tellAway } from './inbound.ts';
import { onInvite } from './invitations.ts';
import { onKnock } from './knock.ts';
import { lineCostOf } from './line-costs.ts';
import { onEndOfNames, onJoin, onKick, onNames, onNick, onOurHost, onPart, onQuit } from './members.ts';
import { noteTags, onAccount, onHostChange, onSetName, onWhoisFact } from './people.ts';
import { asUsual, asWished, refusingNumerics, sendRefusals } from './refusals.ts';
import { onRename } from './renaming.ts';
import { onFail, onWarning } from './standard-replies.ts';
import { onAway, onIsAway, onOurAway } from './status.ts';
import { onMarkRead, onRedact, onTagmsg } from './tagmsg.ts';
import { onPage, onTopic, onTopicIs, onTopicWho } from './topics.ts';
import { onUserhost } from './userhost.ts';
import { onWatched } from './watching.ts';
import { whoisNumerics } from './whois.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

interface Command {
  readonly min: number;
  run(core: Core, line: Line): void;
  /** irc-framework wants to know it too. */
  readonly shared?: true;
}

const nothing = (): void => {};

function onPing(core: Core, line: Line): void {
  core.send(compose('PONG', line.params[0] ?? ''), 0);
}

function onPong(core: Core, line: Line): void {
  core.pings.pong(line.params.at(-1) ?? '');
}

function onBatch(core: Core, line: Line): void {
  core.wholes.batch(line);
  const closed = core.batches.hear(line);
  // Behind a netjoin come the ranks of those who are back.
  if (closed?.type === 'netsplit') core.storms.flush();
}

function onWallops(core: Core, line: Line): void {
  core.notices.from(line.nick, line.params[0] ?? '');
}

/** KILL: somebody of the network ends our connection; the server's own farewell follows. */
function onKill(core: Core, line: Line): void {
  core.notices.from('', `${line.nick} has ended your connection: ${line.params[1] ?? ''}`);
}

/** Noise where nobody asked: the channel or the nick of a question that is over. */
const quiet: ReadonlySet<string> = new Set([
  '403',
  '431',
  '432',
  '433',
  '436',
  '437',
  '438',
  '441',
  '442',
  ...asWished,
]);

function onRefusal(core: Core, said: Line): void {
  const line = asUsual(said);
  const label = core.batches.labelOf(line);
  if (label !== undefined && isAnswerTo(core, line, label)) return;
  if (core.joins.refused(line) || (label === undefined && core.receipts.refused(line, undefined))) return;
  if (core.ctcp.refused(line) || core.whois.heard(line) || core.asks.refused(line) || core.answers.heard(line)) return;
  // So Rizon greets whoever connects.
  if (!core.ready && line.command === '439') return;
  if (!quiet.has(line.command) && !isOurAttempt(line) && !isOfTyping(core, line)) onOther(core, line);
}

/** That somebody writes there was not passed on: nobody need be told, least of all every few seconds. */
const isOfTyping = (core: Core, { command, params }: Line): boolean =>
  sendRefusals.has(command) && ifMade(core, 'typing')?.refused(core.fold(params[1] ?? '')) === true;

const isAnswerTo = (core: Core, line: Line, label: string): boolean =>
  core.receipts.refused(line, label) || core.asks.refused(line, label) || core.answers.heard(line);

/** What is tried without anybody having asked for it; where services can't be told a password so they are told otherwise (`services.ts`). */
const ourAttempts: ReadonlySet<string> = new Set([
  'AWAY',
  'ISON',
  'MODE',
  'MONITOR',
  'NICKSERV',
  'SILENCE',
  'USERHOST',
  'WHO',
]);
const isOurAttempt = ({ command, params }: Line): boolean =>
  command === '421' && ourAttempts.has(params[1]?.toUpperCase() ?? '');

/** 263, 402, 416 and 521: a question that brings long answers was not taken; 263 also what is said to many, and too often. */
function onTooMuch(core: Core, line: Line): void {
  const isAway = line.params[1]?.toUpperCase() === 'AWAY';
  if (isAway) core.appearance.refused();
  if (core.whois.heard(line) || core.listing.refused(line) || core.whos.end(line) || core.answers.heard(line)) return;
  if (!isAway) onOther(core, line);
}

/** 429: whoever goes away too often stays as they were (ircd-hybrid, UnrealIRCd). */
function onTooManyAways(core: Core, line: Line): void {
  core.appearance.refused();
  core.answers.heard(line);
}

/** Of a WHOIS that somebody waits for, of a line that somebody typed, or said out of the blue. */
function onWhois(core: Core, line: Line): void {
  if (lasting.has(line.command) && line.params.length > 2) onWhoisFact(core, line);
  if (core.whois.heard(line) || core.answers.heard(line) || line.command === '318') return;
  onOther(core, line);
}

/** Of them, those that say what is known of somebody from then on. */
const lasting: ReadonlySet<string> = new Set(['313', '330', '335']);

/** 301: the answer to a WHOIS, or to what was said to somebody who is away. */
function onAwayNumeric(core: Core, line: Line): void {
  onIsAway(core, line);
  if (!core.whois.heard(line) && !core.answers.heard(line)) tellAway(core, line);
}

/** The server's welcome, told once; behind a line that asked for it, it is that line's answer. */
function onMotd(core: Core, line: Line): void {
  if (core.ready && core.answers.heard(line)) return;
  if (line.command === '372') core.notices.motdLine(line.params.at(-1) ?? '');
  else if (line.command === '376') core.notices.motdEnd();
}

/** Rows of long answers: for whoever of ours asked, else for whoever typed a line that they answer. */
function orAnswer(row: (core: Core, line: Line) => boolean): Command['run'] {
  return (core, line) => {
    if (!row(core, line)) core.answers.heard(line);
  };
}

function onOther(core: Core, line: Line): void {
  core.notices.from(line.params.slice(1, -1).join(' '), line.params.at(-1) ?? '');
}

function onWelcome(core: Core, line: Line): void {
  if (!core.ready) core.begins();
  nameUs(core, line.params[0] ?? core.nick);
}

/** RPL_MYINFO: what kind of server it is says what lines cost there. */
function onMyInfo({ link }: Core, line: Line): void {
  const cost = lineCostOf(line.params[2] ?? '');
  if (cost !== undefined) link?.transport.sender.setCost(cost);
}

const handle = (min: number, run: Command['run']): Command => ({ min, run });
const ignored = handle(0, nothing);
/** Of interest only to whoever typed a line that it answers. */
const answer = handle(1, (core, line) => void core.answers.heard(line));

const maskRow = handle(
  3,
  orAnswer((core, line) => core.bans.row(line)),
);
const maskEnd = handle(
  2,
  orAnswer((core, line) => core.bans.isAsked(line)),
);

const table: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...whoisNumerics.map((numeric) => [numeric, handle(2, onWhois)] as const),
  ...refusingNumerics.map((numeric) => [numeric, handle(1, onRefusal)] as const),
  ['PRIVMSG', handle(2, onPrivmsg)],
  ['NOTICE', handle(2, onNotice)],
  ['JOIN', handle(1, onJoin)],
  ['PART', handle(1, onPart)],
  ['QUIT', handle(0, onQuit)],
  ['NICK', handle(1, onNick)],
  ['KICK', handle(2, onKick)],
  ['MODE', handle(2, onMode)],
  ['TOPIC', handle(2, onTopic)],
  ['CHGHOST', handle(2, onHostChange)],
  ['PING', handle(1, onPing)],
  ['PONG', handle(1, onPong)],
  ['BATCH', handle(1, onBatch)],
  ['INVITE', handle(2, onInvite)],
  ['WALLOPS', handle(1, onWallops)],
  ['FAIL', handle(3, onFail)],
  ['WARN', handle(3, onWarning)],
  ['NOTE', handle(3, onWarning)],
  ['RENAME', handle(2, onRename)],
  ['KILL', handle(1, onKill)],
  ['AWAY', handle(0, onAway)],
  ['ACCOUNT', handle(1, onAccount)],
  ['SETNAME', handle(1, onSetName)],
  ['TAGMSG', handle(1, onTagmsg)],
  ['REDACT', handle(2, onRedact)],
  ['MARKREAD', handle(2, onMarkRead)],
  ['CHATHISTORY', handle(3, onTarget)],
  ['ACK', ignored],
  ['001', { min: 1, run: onWelcome, shared: true }],
  ['004', { min: 3, run: onMyInfo, shared: true }],
  ['005', { min: 2, run: (core, line) => core.supports(line.params), shared: true }],
  ['321', answer],
  [
    '322',
    handle(
      2,
      orAnswer((core, line) => core.listing.row(line)),
    ),
  ],
  [
    '323',
    handle(
      1,
      orAnswer((core) => core.listing.end()),
    ),
  ],
  ['324', handle(3, onModesAre)],
  ['328', handle(3, onPage)],
  ['329', ignored],
  ['331', handle(2, onTopicIs)],
  ['332', handle(3, onTopicIs)],
  ['333', handle(4, onTopicWho)],
  ['353', handle(3, onNames)],
  ['366', handle(2, onEndOfNames)],
  ...['346', '348', '367'].map((numeric) => [numeric, maskRow] as const),
  ...['347', '349', '368'].map((numeric) => [numeric, maskEnd] as const),
  ['372', handle(2, onMotd)],
  ['375', handle(2, onMotd)],
  ['376', handle(0, onMotd)],
  ['422', handle(2, onMotd)],
  ['710', handle(3, onKnock)],
  ['396', handle(2, onOurHost)],
  ['221', ignored],
  ...['263', '402', '416', '521'].map((numeric) => [numeric, handle(2, onTooMuch)] as const),
  ['429', handle(1, onTooManyAways)],
  ['301', handle(2, onAwayNumeric)],
  ['302', handle(2, onUserhost)],
  [
    '303',
    handle(
      2,
      orAnswer((core, line) => core.watching.polled(line)),
    ),
  ],
  ['305', handle(0, onOurAway)],
  ['306', handle(0, onOurAway)],
  [
    '315',
    handle(
      2,
      orAnswer((core, line) => core.whos.end(line)),
    ),
  ],
  [
    '352',
    handle(
      7,
      orAnswer((core, line) => core.whos.row(line)),
    ),
  ],
  [
    '354',
    handle(
      3,
      orAnswer((core, line) => core.whos.row(line)),
    ),
  ],
  ['730', handle(2, onWatched)],
  ['731', handle(2, onWatched)],
  ['271', answer],
  ['272', answer],
  ['732', answer],
  ['733', answer],
  ['734', handle(3, onWatched)],
  ['341', ignored],
]);

const isError = /^[45][0-9][0-9]$/;
const isNumeric = /^[0-9]{3}$/;
/** Handled as what they are, and of interest to whoever typed a line that they answer. */
const alsoTold: ReadonlySet<string> = new Set([
  '221',
  '305',
  '306',
  '324',
  '329',
  '331',
  '332',
  '333',
  '341',
  '353',
  '396',
]);

/** Lines that may come amid a storm, and see to what was gathered themselves. */
const amidStorms: ReadonlySet<string> = new Set([
  'QUIT',
  'JOIN',
  'MODE',
  'BATCH',
  'PING',
  'AWAY',
  'ACCOUNT',
  'CHGHOST',
  'SETNAME',
]);

/** Deals with a line; true: irc-framework need not see it. */
export function hear(core: Core, line: Line): boolean {
  if (line.tags !== undefined && core.wholes.any() && core.wholes.take(line)) return true;
  const command = table.get(line.command);
  if (command === undefined) {
    const label = isError.test(line.command) ? core.batches.labelOf(line) : undefined;
    if (label !== undefined && (core.receipts.refused(line, label) || core.asks.refused(line, label))) return true;
    const isTold = isNumeric.test(line.command) && line.params.length > 1 && core.ready;
    if (isTold && !core.answers.heard(line)) onOther(core, line);
    return false;
  }
  if (alsoTold.has(line.command)) core.answers.heard(line);
  if (!amidStorms.has(line.command)) core.storms.flush();
  if (line.tags !== undefined) noteTags(core, line);
  if (line.params.length >= command.min) command.run(core, line);
  return command.shared !== true;
}
