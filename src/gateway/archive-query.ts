/**
 * Questions to an archive (XEP-0313), a room's or a conversation's: reads the query, asks the store, tells the page. Each account's archive is its own and is
 * told to its owner alone, so who may ask is decided by the address that asks (§6.1.2, CHECKLIST 45-05); whether the room is open here, or the account
 * connected, plays no part.
 */
import { GatewayError } from '../core/errors.ts';
import type { ChatId } from '../core/ids.ts';
import type { ArchiveFilter, ArchivePage, ArchiveQuery, ArchiveRow } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import { type Jid, parseJid } from '../xmpp/jid.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { type DataForm, firstValueOf, formTypeOf, valuesOf } from '../xmpp/xep/0004-data-forms.ts';
import type { ResultSet } from '../xmpp/xep/0059-result-sets.ts';
import { readStamp } from '../xmpp/xep/0082-stamps.ts';
import { fin, MAM, MAM_EXTENDED, type MamQuery, mamResult, metadata, type Told } from '../xmpp/xep/0313-mam.ts';
import type { AccountKey, Asking, Question, Stanza } from './face.ts';
import { result } from './rooms/origin.ts';

/** What service discovery says of whoever has an archive (§7). */
export const archiveFeatures: readonly string[] = [MAM, MAM_EXTENDED];

/** One archive, as those who may ask it see it. */
export interface ArchiveOf {
  readonly account: AccountKey;
  readonly chat: ChatId;
  /** What somebody's address in a query leaves of it (§4.1.1). */
  whose(jid: Jid): Partial<ArchiveFilter>;
  /** The message that a row was; undefined: it is damaged, which is to keep nobody from the others. */
  told(row: ArchiveRow): Told | undefined;
  /** What is older than it can be fetched from the network. */
  readonly reachesBack: boolean;
}

/** A page has so many messages where no number is wished, and never more than the other number. */
const pages = { usual: 50, most: 100 };

const fields: ReadonlySet<string> = new Set(['FORM_TYPE', 'with', 'start', 'end', 'before-id', 'after-id', 'ids']);

const wrong = (text: string): GatewayError => new GatewayError('bad-request', { text });

function timeOf(form: DataForm, name: 'start' | 'end'): number | undefined {
  const text = firstValueOf(form, name);
  if (text === undefined || text === '') return undefined;
  const at = readStamp(text);
  if (at === undefined) throw wrong(`"${text}" is no time; write it as 2026-11-21T07:30:00Z`);
  return at.getTime();
}

function whoseOf(of: ArchiveOf, text: string): Partial<ArchiveFilter> {
  const jid = parseJid(text);
  if (jid === undefined) throw wrong(`"${text}" is no address`);
  return of.whose(jid);
}

function filterOf(of: ArchiveOf, form: DataForm | undefined): Partial<ArchiveFilter> {
  if (form === undefined) return {};
  if ((formTypeOf(form) ?? MAM) !== MAM) throw wrong(`The form's type is ${MAM}`);
  const strange = form.fields.find((field) => !fields.has(field.var ?? ''));
  if (strange !== undefined) {
    throw new GatewayError('not-implemented', { text: `There is no field "${strange.var ?? ''}" in this archive` });
  }
  const [start, end] = [timeOf(form, 'start'), timeOf(form, 'end')];
  const [afterId = '', beforeId = ''] = [firstValueOf(form, 'after-id'), firstValueOf(form, 'before-id')];
  const ids = (valuesOf(form, 'ids') ?? []).filter((id) => id !== '');
  const who = firstValueOf(form, 'with');
  if (ids.length > pages.most) throw wrong(`At most ${pages.most} ids at a time`);
  return {
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(afterId !== '' && { afterId }),
    ...(beforeId !== '' && { beforeId }),
    ...(ids.length > 0 && { ids }),
    ...(who !== undefined && who !== '' && whoseOf(of, who)),
  };
}

/** §4.3: `before` takes the page from the newer end; its rows are in the order of time all the same. */
function cursorOf(set: ResultSet | undefined): Pick<ArchiveQuery, 'max' | 'order' | 'after' | 'before'> {
  if (set?.index !== undefined) throw new GatewayError('not-implemented', { text: 'Pages have no numbers here' });
  const { after, before, max = pages.usual } = set ?? {};
  return {
    max: Math.min(max, pages.most),
    order: before !== undefined && !after ? 'newest' : 'oldest',
    ...(after && { after }),
    ...(before && { before }),
  };
}

function resultsOf(
  of: ArchiveOf,
  stanza: Stanza,
  { queryid, flipPage }: MamQuery,
  { rows }: ArchivePage,
): readonly Outgoing[] {
  const results = rows.flatMap((row): readonly Outgoing[] => {
    const told = of.told(row);
    if (told === undefined) return [];
    const { id, at, stanza: name } = row;
    const body = mamResult({ queryid, id, at: new Date(at), stanza: name, ...told });
    return [{ kind: 'message', from: stanza.to.bare, to: [stanza.from.full], body }];
  });
  return flipPage ? results.reverse() : results;
}

function finOf({ rows, complete, count, index }: ArchivePage, isStable: boolean): Xml {
  const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
  return fin.write({
    ...(complete && { complete }),
    ...(!isStable && { stable: false }),
    set: {
      ...(first !== undefined && { first: { id: first, ...(index !== undefined && { index }) } }),
      ...(last !== undefined && { last }),
      ...(count !== undefined && { count }),
    },
  });
}

async function pageOf({ archive: store }: Asking, query: ArchiveQuery): Promise<ArchivePage> {
  const page = await store.page(query);
  if (page === undefined) {
    throw new GatewayError('no-such-message', { text: 'This archive has no message of that id' });
  }
  return page;
}

/** How often the network is asked for one page. */
const fetchesAtMost = 3;

/** Does the page end where the archive begins? Then the network may have more. */
const isAtStart = ({ order, start, afterId, ids, with: who, max }: ArchiveQuery, { complete }: ArchivePage): boolean =>
  complete && order === 'newest' && max > 0 && [start, afterId, ids, who].every((one) => one === undefined);

/** A page that reaches beyond the archive's start is filled from the network's own past (CHECKLIST 313-09); not stable where that failed, or where there is more to come. */
async function reachingBack(
  asking: Asking,
  query: ArchiveQuery,
): Promise<{ readonly page: ArchivePage; readonly isStable: boolean }> {
  let page = await pageOf(asking, query);
  for (let fetches = 0; isAtStart(query, page); fetches++) {
    if (fetches === fetchesAtMost) return { page: { ...page, complete: false }, isStable: false };
    const found = await asking.older?.(query.chat, pages.most).catch(() => undefined);
    if (found === undefined) return { page, isStable: asking.older === undefined };
    if (found === 0) break;
    page = await pageOf(asking, query);
  }
  return { page, isStable: true };
}

/** The page and then its end, as one burst (§4). Throws the GatewayError due where the query is wrong in itself. */
export function queryArchive(of: ArchiveOf, stanza: Stanza, query: MamQuery): Question {
  if (query.node !== undefined && query.node !== '')
    throw new GatewayError('no-such-message', { text: 'No such node' });
  const { chat, account } = of;
  const asked = { account: account.id, chat, ...filterOf(of, query.form), ...cursorOf(query.set) };
  return async (asking) => {
    const { page, isStable } = of.reachesBack
      ? await reachingBack(asking, asked)
      : { page: await pageOf(asking, asked), isStable: true };
    return [...resultsOf(of, stanza, query, page), result(stanza, finOf(page, isStable))];
  };
}

/** §5 */
export function describeArchive({ account, chat }: ArchiveOf, stanza: Stanza): Question {
  return async ({ archive: store }) => {
    const ends = await store.metadata(account.id, chat);
    const edge = ({ id, at }: { readonly id: string; readonly at: number }) => ({ id, timestamp: new Date(at) });
    const body = metadata.write(ends === undefined ? {} : { start: edge(ends.first), end: edge(ends.last) });
    return [result(stanza, body)];
  };
}
