/** A channel's past from an export: into the right archive, once, and on from where a run before was cut short. */
import { appendFileSync, existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli } from '../../../src/cli/cli.ts';
import { takeExport } from '../../../src/cli/discord-archive.ts';
import { createProgressFile } from '../../../src/cli/import-progress.ts';
import { readHead } from '../../../src/cli/json-items.ts';
import { accountId, chatId, messageId } from '../../../src/core/ids.ts';
import { accountKey } from '../../../src/gateway/decode/account-key.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createLoginStore } from '../../../src/storage/sql/login-store.ts';
import { ada, ben, channelId, exportedMessage, exportText, snowflake } from '../../harness/discord-export.ts';
import { type TempDir, tempDir } from '../../harness/temp.ts';
import { testWorld } from './world.ts';

const domain = 'discord.example.org';
const start = Date.UTC(2024, 5, 1);
const chat = chatId(`#${channelId}`);
const { id: romeo } = accountKey(domain, 'romeo@example.org');

let dir: TempDir;
let file: string;
let config: string;
beforeEach(() => {
  dir = tempDir('import-discord');
  file = join(dir.path, 'balcony.json');
  config = join(dir.path, 'isthmus.yaml');
  configure();
});
afterEach(() => dir.remove());

function configure(storage = 'retention: off', domains: readonly string[] = [domain]): void {
  const bridges = domains.map((name) => `  - { use: discord, domain: ${name}, secret: x }\n`);
  writeFileSync(config, `storage: { data: ${dir.path}, ${storage} }\nbridges:\n${bridges.join('')}`);
}

const write = (messages: readonly object[]): void => writeFileSync(file, exportText(messages));

async function run(...more: readonly string[]) {
  const world = testWorld(['import', 'discord', '--archive', file, '--config', config, ...more]);
  return { code: await cli(world), ...world.printed };
}
const mine = (...more: readonly string[]) => run('--owner', 'romeo@example.org', ...more);

async function withDatabase<T>(use: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>): Promise<T> {
  const database = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

const rows = (account = romeo): Promise<readonly ArchiveRow[]> =>
  withDatabase(async (database) => {
    const found: ArchiveRow[] = [];
    for await (const row of createArchive(database).all(account)) found.push(row);
    return found;
  });
const bodies = async (): Promise<readonly string[]> =>
  (await rows()).map(({ nick, body }) => `${nick}: ${/<body>(.*?)<\/body>/s.exec(body)?.[1] ?? ''}`);

const logIn = (owner: string, label: string, on?: string): Promise<void> =>
  withDatabase((database) =>
    createLoginStore(database).put(
      { ...accountKey(domain, owner, on), domain, owner, label, credentials: '', at: 1, isOut: false },
      [],
      [],
    ),
  );

const many = (count: number, from = 0): readonly object[] =>
  Array.from({ length: count }, (_, number) =>
    exportedMessage(start + (from + number) * 1000, `line ${from + number}`),
  );

describe('what is taken', () => {
  test('messages with their times, authors, names and ids; what Discord said as remarks', async () => {
    write([
      exportedMessage(start, 'but *soft*'),
      exportedMessage(start + 5000, 'Joined the server.', { type: 'GuildMemberJoin', author: ben }),
      exportedMessage(start + 9000, '', {
        attachments: [{ id: '1', url: 'https://cdn.example/a.png', fileName: 'a.png', fileSizeBytes: 1 }],
      }),
    ]);
    const { code, out, err } = await mine();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      `#balcony of Verona goes into #${channelId}@${domain}, for romeo@example.org\n` +
        'archive: 3 of 3 messages are new here, 0 were left out (damaged, or nothing to show)\n',
    );
    const [first, second, third] = await rows();
    expect(first).toMatchObject({
      chat,
      at: start,
      nick: 'Ada',
      by: ada.id,
      refs: [{ id: snowflake(start), part: 0 }],
      body: expect.stringMatching(/^<body>but soft<\/body>.*<emphasis\/>.*<occupant-id /s),
    });
    expect(second).toMatchObject({ kind: 'remark', nick: '', body: '<body>ben: Joined the server.</body>' });
    expect(third?.body).toContain("<x xmlns='jabber:x:oob'><url>https://cdn.example/a.png</url></x>");
  });

  test('461-01 answers, to what was said shortly before or long ago; what nobody knows is left out', async () => {
    const answer = (at: number, to: string, more = {}) =>
      exportedMessage(at, 'yes', { type: 'Reply', author: ben, reference: { messageId: to, channelId }, ...more });
    write([exportedMessage(start, 'shall I?'), answer(start + 1000, snowflake(start)), answer(start + 2000, '5')]);
    await mine();
    write([answer(start + 3000, snowflake(start), { timestampEdited: new Date(start + 4000).toISOString() })]);
    await mine();
    const [question, near, unknown, far, changed] = await rows();
    const reply = `<reply xmlns='urn:xmpp:reply:0' to='#${channelId}@${domain}/Ada' id='${question?.id}'/>`;
    for (const row of [near, far, changed]) {
      expect(row?.body).toContain(reply);
      expect(row?.body).toContain('<body>&gt; Ada: shall I?\nyes</body>');
    }
    expect(unknown?.body).toMatch(/^<body>yes<\/body>/);
  });

  test('308-01 that a message was changed, and how it was changed later', async () => {
    const first = exportedMessage(start, 'the');
    write([first]);
    await mine();
    write([{ ...first, content: 'then', timestampEdited: new Date(start + 60_000).toISOString() }]);
    expect((await mine()).out).toContain('archive: 0 of 1 messages are new here');
    const [said, edit, ...more] = await rows();
    expect(said?.body).toContain('<body>the</body>');
    expect(edit).toMatchObject({ kind: 'edit', about: said?.id, at: start + 60_000 });
    expect(edit?.body).toContain(`<body>then</body>`);
    expect(edit?.body).toContain(`<replace xmlns='urn:xmpp:message-correct:0' id='${said?.id}'/>`);
    expect(more).toEqual([]);
  });

  test('444-01 who reacted', async () => {
    const emoji = (name: string) => ({ emoji: { id: '', name, code: name }, count: 1, users: [ben] });
    write([exportedMessage(start, 'hi', { reactions: [emoji('👍'), emoji('🎉'), emoji('words')] })]);
    await mine();
    const [said, reaction, ...more] = await rows();
    expect(reaction).toMatchObject({ kind: 'reaction', about: said?.id, by: ben.id, nick: 'ben', at: start + 1 });
    expect(reaction?.body).toContain(
      `<reactions xmlns='urn:xmpp:reactions:0' id='${said?.id}'><reaction>👍</reaction><reaction>🎉</reaction></reactions>`,
    );
    expect(more).toEqual([]);
  });

  test('what is damaged or shows nothing is left out and counted, the rest is taken', async () => {
    writeFileSync(file, exportText([exportedMessage(start, 'a'), { id: 'x' }, exportedMessage(start + 1, '')]));
    expect((await mine()).out).toContain('archive: 1 of 3 messages are new here, 2 were left out');
    expect(await bodies()).toEqual(['Ada: a']);
  });

  test('what is of one millisecond keeps Discord’s order', async () => {
    const ids = [3, 1, 2].map((count) => snowflake(start, count));
    write(ids.map((id) => exportedMessage(start, id, { id })));
    await mine();
    expect(await bodies()).toEqual(ids.toSorted().map((id) => `Ada: ${id}`));
  });
});

describe('once', () => {
  test('however often it is run, and in whichever parts', async () => {
    write(many(2500));
    expect((await mine()).out).toContain('2500 of 2500 messages are new here');
    const first = await rows();
    expect((await mine()).out).toContain('0 of 2500 messages are new here');
    write(many(300, 2400));
    expect((await mine()).out).toContain('200 of 300 messages are new here');
    const all = await rows();
    expect(all.slice(0, 2500)).toEqual(first);
    expect(all).toHaveLength(2700);
  });

  test('what was heard live is there already, with its own ids', async () => {
    const live: ArchiveRow = {
      account: romeo,
      chat,
      id: 'live',
      at: start + 1000,
      nick: 'Ada',
      body: '<body>line 1</body>',
      refs: [{ id: messageId(snowflake(start + 1000)), part: 0 }],
    };
    await withDatabase((database) => createArchive(database).add([live]));
    write(many(3));
    expect((await mine()).out).toContain('2 of 3 messages are new here');
    expect((await rows()).map(({ id }) => id === 'live')).toEqual([false, true, false]);
  });

  test('an answer names what was heard live', async () => {
    const live = {
      account: romeo,
      chat,
      id: 'live',
      at: start,
      nick: 'Ada',
      body: '<body>who?</body>',
      stanza: 'live',
    };
    await withDatabase((database) =>
      createArchive(database).add([{ ...live, refs: [{ id: messageId('77'), part: 0 }] }]),
    );
    write([exportedMessage(start + 1, 'I', { type: 'Reply', reference: { messageId: '77' } })]);
    await mine();
    expect((await rows())[1]?.body).toContain(`id='live'`);
  });
});

describe('cut short', () => {
  /** An import whose archive dies after so many handfuls. */
  async function dies(after: number, when: 'before' | 'behind'): Promise<void> {
    const { createReadStream, statSync } = await import('node:fs');
    const head = await readHead(createReadStream(file), 'messages');
    const progress = createProgressFile(join(dir.path, 'progress.json'));
    await withDatabase(async (database) => {
      const archive = createArchive(database);
      let handfuls = 0;
      const store = {
        ...archive,
        async add(more: readonly ArchiveRow[]) {
          handfuls++;
          if (handfuls > after && when === 'before') throw new Error('killed');
          await archive.add(more);
          if (handfuls > after) throw new Error('killed');
        },
      };
      const key = new Uint8Array(32);
      const into = { account: romeo, chat, room: 'x@y', key };
      const from = { path: file, bytes: statSync(file).size, start: head?.end ?? 0, what: 'this' };
      await takeExport(
        from,
        into,
        { archive: store, progress },
        (line) => told.push(line),
        new AbortController().signal,
      );
    });
  }
  let told: string[] = [];
  beforeEach(() => {
    told = [];
  });

  test.each([
    ['before', 0],
    ['before', 2],
    ['behind', 0],
    ['behind', 2],
  ] as const)('killed %s a handful is written: the next run has all of it, once', async (when, after) => {
    write(many(3500));
    await expect(dies(after, when)).rejects.toThrow('killed');
    await dies(99, when);
    const found = await bodies();
    expect(found).toEqual(Array.from({ length: 3500 }, (_, number) => `Ada: line ${number}`));
    expect(told).toEqual(after === 0 ? [] : ['archive: going on behind message 2000']);
    expect(existsSync(join(dir.path, 'progress.json'))).toBe(false);
  });

  test('a signal ends it after what is under way, and it is said how to go on', async () => {
    write(many(5000));
    const argv = ['import', 'discord', '--archive', file, '--config', config, '--owner', 'romeo@example.org'];
    const world = testWorld(argv);
    const running = cli({
      ...world,
      out: (line) => (line.startsWith('#balcony') ? world.signal('SIGINT') : world.out(line)),
    });
    expect(await running).toBe(1);
    expect(world.printed.err).toContain('Stopped. Run again it goes on from here.');
    expect(world.listeners).toBe(0);
    expect(await rows()).toHaveLength(1000);
    const { code, out } = await mine();
    expect(code).toBe(0);
    expect(out).toContain('archive: going on behind message 1000\n');
    expect(out).toContain('archive: 4000 of 5000 messages are new here');
    expect(await rows()).toHaveLength(5000);
  });

  test('another file, or the same with more in it, is begun at its beginning', async () => {
    write(many(3000));
    truncateSync(file, exportText(many(3000)).length - 20_000);
    const cut = await mine();
    expect(cut).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ends in the middle of a message.*\nExport the channel again/),
    });
    write(many(3000));
    const { out } = await mine();
    expect(out).not.toContain('going on');
    expect(await rows()).toHaveLength(3000);
  });

  test('what is no message behind the messages is told', async () => {
    writeFileSync(file, exportText(many(2)).replace(/\n {2}\],.*$/s, ''));
    appendFileSync(file, ' nonsense');
    expect(await mine()).toMatchObject({ code: 1, err: expect.stringMatching(/is damaged behind message 2/) });
    expect(await rows()).toHaveLength(2);
  });
});

describe('whose', () => {
  test('the only account there, a labelled one with its label in the address', async () => {
    await logIn('romeo@example.org', 'Bot#1', '=~work');
    write(many(1));
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain(`goes into #${channelId}=~work@${domain}, for romeo@example.org`);
    expect(await rows(accountId(`romeo@example.org/${encodeURIComponent('=~work')}/${domain}`))).toHaveLength(1);
  });

  test('of several one has to be named', async () => {
    await logIn('romeo@example.org', 'Bot#1');
    await logIn('juliet@example.org', 'Bot#2');
    write(many(1));
    expect(await run()).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Whose archive.*\nAdd one of: --owner \S+ --account Bot#\d; --owner/),
    });
    expect((await run('--account', 'Bot#2')).out).toContain('for juliet@example.org');
    expect((await run('--owner', 'romeo@example.org')).out).toContain('for romeo@example.org');
    expect(await run('--account', 'Bot#3')).toMatchObject({ code: 2, err: expect.stringContaining('no such account') });
  });

  test('nobody has registered yet: whose it will be has to be said', async () => {
    write(many(1));
    expect(await run()).toMatchObject({
      code: 2,
      err: expect.stringContaining('Register a bot there first, or add --owner'),
    });
    expect((await mine()).code).toBe(0);
  });

  test('however their address is written; what is nobody’s is refused', async () => {
    await logIn('romeo@example.org', 'Bot#1');
    write(many(1));
    expect((await run('--owner', 'Romeo@Example.org/phone')).out).toContain('for romeo@example.org');
    for (const nobody of ['romeo', 'romeo@', '@example.org', 'romeo @example.org'])
      expect(await run('--owner', nobody)).toMatchObject({ code: 2, err: expect.stringContaining("nobody's address") });
  });

  test('of several domains one has to be named', async () => {
    configure('retention: off', ['a.example.org', 'b.example.org']);
    write(many(1));
    expect(await mine()).toMatchObject({ code: 2, err: expect.stringMatching(/--domain, one of: a\.example\.org, b/) });
    expect((await mine('--domain', 'b.example.org')).out).toContain('@b.example.org');
    expect(await mine('--domain', 'c.example.org')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no Discord domain c'),
    });
  });
});

describe('called wrongly', () => {
  test('without a file, or with one that is no export', async () => {
    const world = testWorld(['import', 'discord']);
    expect([await cli(world), world.printed.err]).toEqual([2, expect.stringContaining('Add --archive FILE')]);
    expect(await mine()).toMatchObject({ code: 1, err: expect.stringMatching(/can't be read.*\nCheck --archive/s) });
    for (const text of [
      '',
      'a,b,c',
      '{"messages":[]}',
      '{"guild":{"name":"a"},"channel":{"id":"x"},"messages":[]}',
      '{"a":,"messages":[]}',
    ]) {
      writeFileSync(file, text);
      expect(await mine()).toMatchObject({
        code: 1,
        err: expect.stringContaining('is no export of DiscordChatExporter'),
      });
    }
    file = dir.path;
    expect(await mine()).toMatchObject({ code: 1, err: expect.stringContaining('is no export') });
    expect(existsSync(join(dir.path, 'isthmus.sqlite'))).toBe(false);
  });

  test('where nothing is kept', async () => {
    configure('archive: off');
    write(many(1));
    expect(await mine()).toMatchObject({ code: 1, err: expect.stringContaining('keeps no archive') });
  });

  test('what will be deleted soon is told', async () => {
    configure('retention: { days: 30, perRoom: 500 }');
    write(many(1));
    expect((await mine()).out).toMatch(/^What is over 30 days or 500 messages of a room will be deleted soon/m);
  });

  test('--help says how', async () => {
    for (const argv of [
      ['import', '--help'],
      ['import', 'discord', '--help'],
    ]) {
      const world = testWorld(argv);
      expect(await cli(world)).toBe(0);
      expect(world.printed.out).toContain('isthmus import discord --archive FILE');
    }
  });
});
