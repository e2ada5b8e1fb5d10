/** The table of commands: what each does and how many parameters it must have. Shorter lines are ignored; what is not here irc-framework sees. */
import { onMode, onModesAre } from './channel-modes.ts';
import type { Core } from './core.ts';
import { onNotice, onPrivmsg } from './inbound.ts';
import { onInvite } from './invitations.ts';
import { onEndOfNames, onJoin, onKick, onNames, onNick, onOurHost, onPart, onQuit } from './members.ts';
import { noteTags, onAccount, onHostChange, onSetName, onWhoisFact } from './people.ts';
import { refusingNumerics } from './refusals.ts';
import { onRename } from './renaming.ts';
import { onFail, onWarning } from './standard-replies.ts';
import { onAway, onIsAway, onOurAway } from './status.ts';
import { onMarkRead, onRedact, onTagmsg } from './tagmsg.ts';
import { onTopic, onTopicIs, onTopicWho } from './topics.ts';
import { onWatched } from './watching.ts';
import { compose } from './wire/compose.ts';
import { readSupport } from './wire/isupport.ts';
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
const quiet: ReadonlySet<string> = new Set(['403', '431', '432', '433', '436', '437', '438', '441', '442']);

function onRefusal(core: Core, line: Line): void {
  const label = core.labelOf(line);
  if (label !== undefined && (core.receipts.refused(line, label) || core.asks.refused(line, label))) return;
  if (core.joins.refused(line) || core.receipts.refused(line, undefined) || core.asks.refused(line)) return;
  if (!quiet.has(line.command)) onOther(core, line);
}

/** 263, 402, 416 and 521: a question that brings long answers was not taken. */
function onTooMuch(core: Core, line: Line): void {
  if (core.listing.refused(line) || core.whos.end(line)) return;
  onOther(core, line);
}

function onOther(core: Core, line: Line): void {
  core.notices.from(line.params.slice(1, -1).join(' '), line.params.at(-1) ?? '');
}

function onForcedNick(core: Core, line: Line): void {
  core.nick = line.params[0] ?? core.nick;
}

const handle = (min: number, run: Command['run']): Command => ({ min, run });
const ignored = handle(0, nothing);

const table: ReadonlyMap<string, Command> = new Map<string, Command>([
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
  ['ACK', ignored],
  ['001', { min: 1, run: onForcedNick, shared: true }],
  ['005', { min: 2, run: (core, line) => core.supports(readSupport(core.support, line.params)), shared: true }],
  ['321', ignored],
  ['322', handle(2, (core, line) => core.listing.row(line))],
  ['323', handle(0, (core) => core.listing.end())],
  ['324', handle(3, onModesAre)],
  ['329', ignored],
  ['331', handle(2, onTopicIs)],
  ['332', handle(3, onTopicIs)],
  ['333', handle(4, onTopicWho)],
  ['353', handle(3, onNames)],
  ['366', handle(2, onEndOfNames)],
  ['367', handle(3, (core, line) => core.bans.row(line))],
  ['368', ignored],
  ['372', handle(2, (core, line) => core.notices.motdLine(line.params.at(-1) ?? ''))],
  ['375', ignored],
  ['376', handle(0, (core) => core.notices.motdEnd())],
  ['422', ignored],
  ['396', handle(2, onOurHost)],
  ['221', ignored],
  ...['263', '402', '416', '521'].map((numeric) => [numeric, handle(2, onTooMuch)] as const),
  ['301', handle(2, onIsAway)],
  ['303', handle(2, onWatched)],
  ['305', handle(0, onOurAway)],
  ['306', handle(0, onOurAway)],
  ['313', handle(2, onWhoisFact)],
  ['315', handle(2, (core, line) => void core.whos.end(line))],
  ['330', handle(3, onWhoisFact)],
  ['335', handle(2, onWhoisFact)],
  ['352', handle(7, (core, line) => core.whos.row(line))],
  ['354', handle(3, (core, line) => core.whos.row(line))],
  ['730', handle(2, onWatched)],
  ['731', handle(2, onWatched)],
  ['732', ignored],
  ['733', ignored],
  ['734', handle(3, onWatched)],
  ['341', ignored],
]);

const isError = /^[45][0-9][0-9]$/;

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
  if (core.wholes.any && line.tags !== undefined && core.wholes.take(line)) return true;
  const command = table.get(line.command);
  if (command === undefined) {
    const label = isError.test(line.command) ? core.labelOf(line) : undefined;
    if (label !== undefined && core.asks.refused(line, label)) return true;
    if (isError.test(line.command) && line.params.length > 1 && core.ready) onOther(core, line);
    return false;
  }
  if (!amidStorms.has(line.command)) core.storms.flush();
  if (line.tags !== undefined) noteTags(core, line);
  if (line.params.length >= command.min) command.run(core, line);
  return command.shared !== true;
}
