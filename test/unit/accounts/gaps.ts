/** What an account catches up with: a network in memory that remembers, and a real archive. */
import { createWorld } from '../../../bridges/fake/world.ts';
import { createArchiving } from '../../../src/accounts/archiving.ts';
import { type CatchingUp, createCatchingUp } from '../../../src/accounts/catching-up.ts';
import { createDoubles } from '../../../src/accounts/doubles.ts';
import { createLasting } from '../../../src/accounts/lasting-files.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import type { NetworkEvent } from '../../../src/core/event.ts';
import { accountId, chatId, personId } from '../../../src/core/ids.ts';
import { textIn } from '../../../src/gateway/relearn.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const account = accountId('romeo on net');
/** The room. */
export const verona = chatId('#verona');
/** Who speaks there. */
export const juliet = personId('juliet');

/** As a session has it. */
export type History = NonNullable<Session['history']>;

/** One account's gaps over such a network. */
export async function setUp(more: { keptSince?: number } = {}) {
  const clock = createManualClock();
  const world = createWorld(clock);
  world.listen(juliet, () => {});
  world.join(juliet, verona);
  const archive = createArchiving(createArchive(await openDatabase(':memory:')), clock, silentLog);
  const ended = new AbortController();
  let ids = 0;
  const rowOf = (event: NetworkEvent): ArchiveRow[] => {
    if (event.kind !== 'message') return [];
    const { chat, at, nick, by, ref, content } = event;
    const id = `id-${String(ids++).padStart(5, '0')}`;
    return [
      { account, chat, id, at: at.getTime(), nick, by, refs: [ref], body: `<body>${content.text?.plain}</body>` },
    ];
  };
  const told: (string | undefined)[] = [];
  const history: { -readonly [K in keyof History]: History[K] } = { ...world.history };
  const state = { session: { history } as unknown as Session | undefined };
  const face = {
    apply: (event: NetworkEvent) => ({ stanzas: [], archive: rowOf(event) }),
    past: (messages: readonly NetworkEvent[]) => messages.flatMap(rowOf),
    isIn: () => true,
    rooms: () => [verona],
  };
  const aWorld = { archive, clock, log: silentLog, keptSince: () => more.keptSince };
  const begin = (hear: (rows: readonly ArchiveRow[]) => void): CatchingUp =>
    createCatchingUp(account, face, aWorld, {
      session: () => state.session,
      deliver: ({ archive: rows }) => hear(rows),
      doubles: createDoubles(account, aWorld),
      recall: () => undefined,
      isPassedOver: ({ content }) => content.text?.plain === 'stop',
      signal: ended.signal,
      lasting: createLasting({ id: account, owner: 'romeo@test' }, aWorld),
    });
  const catching = begin((rows) => {
    archive.keep(rows);
    catching.told(rows);
    told.push(...rows.map(textIn));
  });
  /** Said on the network; `heard`: while we were there. */
  const says = async (text: string, heard = false): Promise<void> => {
    await clock.advance(1_000);
    const ref = world.say(juliet, verona, text);
    if (!heard) return;
    const rows = rowOf({
      kind: 'message',
      at: new Date(clock.now()),
      chat: verona,
      by: juliet,
      nick: 'juliet',
      ref,
      content: { text: { plain: text, marks: [] } },
    });
    archive.keep(rows);
    catching.told(rows);
  };
  const kept = async () =>
    (await archive.page({ account, chat: verona, max: 5_000, order: 'oldest' }))?.rows.map(textIn);
  /** Into the room again; everything that comes of it. */
  const enters = async (): Promise<void> => {
    catching.entered(verona);
    await catching.settled(verona, 5_000);
  };
  return { clock, world, history, state, begin, catching, told, says, kept, enters };
}
