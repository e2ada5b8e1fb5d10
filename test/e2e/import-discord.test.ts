/** A channel's past, imported by the program as its users start it, killed in the middle of it: what the next run makes of it is what one run would have made. */
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { chatId } from '../../src/core/ids.ts';
import { accountKey } from '../../src/gateway/decode/account-key.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { openDatabase } from '../../src/storage/sql/database.ts';
import { mainFile, root } from '../harness/build.ts';
import { ada, ben, channelId, exportedMessage, exportText, snowflake } from '../harness/discord-export.ts';
import { type Running, run, until } from '../harness/process.ts';
import { tempDir } from '../harness/temp.ts';

const domain = 'discord.localhost';
const owner = 'romeo@localhost';
const count = 12_000;
const limitMs = 240_000;
const start = Date.UTC(2022, 0, 1);

/** Some of everything, and more than the program takes in a moment. */
function message(number: number): object {
  const at = start + number * 1000;
  const reference = { messageId: snowflake(at - 7000), channelId, guildId: '7' };
  const reactions = [{ emoji: { id: '', name: '👍', code: 'thumbsup' }, count: 1, users: [ben] }];
  return exportedMessage(at, `line **${number}** ${'and so on '.repeat(number % 50)}`, {
    author: number % 3 === 0 ? ben : ada,
    ...(number % 10 === 8 && { type: 'Reply', reference }),
    ...(number % 20 === 5 && { timestampEdited: new Date(at + 500).toISOString() }),
    ...(number % 25 === 3 && { reactions }),
  });
}

async function writeExport(path: string): Promise<void> {
  const [head = '', tail = ''] = exportText([{ here: true }]).split(/\{\s*"here": true\s*\}/);
  const file = createWriteStream(path);
  file.write(head);
  for (let number = 0; number < count; number++)
    file.write(`${number === 0 ? '' : ',\n'}${JSON.stringify(message(number), null, 2)}`);
  file.end(tail);
  await finished(file);
}

/** A gateway's data and configuration, with the key of the other where there is one. */
function configured(dir: string, name: string, key?: Buffer): { readonly data: string; readonly config: string } {
  const data = join(dir, name);
  mkdirSync(data);
  if (key !== undefined) writeFileSync(join(data, 'sealing.key'), key, { mode: 0o600 });
  const config = join(dir, `${name}.yaml`);
  const bridge = `{ use: discord, domain: ${domain}, secret: x, allow: ['*'] }`;
  writeFileSync(config, `storage: { data: ${data}, retention: off }\nbridges:\n  - ${bridge}\n`);
  return { data, config };
}

async function rowsIn(data: string): Promise<readonly string[]> {
  const database = await openDatabase(join(data, 'isthmus.sqlite'));
  try {
    const found: string[] = [];
    const all = createArchive(database).all(accountKey(domain, owner).id, chatId(`#${channelId}`));
    for await (const row of all) found.push(JSON.stringify(row));
    return found;
  } finally {
    await database.close();
  }
}

test('killed three times, it is all there, once; run once more, it adds nothing', { timeout: limitMs }, async () => {
  await using stack = new AsyncDisposableStack();
  const dir = tempDir('import-discord');
  stack.defer(() => dir.remove());
  const file = join(dir.path, 'balcony.json');
  await writeExport(file);
  const begin = (config: string): Running =>
    run(process.execPath, [mainFile, 'import', 'discord', '--archive', file, '--config', config, '--owner', owner], {
      name: 'isthmus',
      cwd: root,
    });
  async function imported(config: string) {
    const running = begin(config);
    const { code } = await running.exited;
    return { code, said: running.output() };
  }

  const whole = configured(dir.path, 'whole');
  const once = await imported(whole.config);
  expect(once.said).toContain(`archive: ${count} of ${count} messages are new here, 0 were left out`);
  const expected = await rowsIn(whole.data);

  const cut = configured(dir.path, 'cut', readFileSync(join(whole.data, 'sealing.key')));
  const progress = join(cut.data, `import-discord-${channelId}.json`);
  const readSoFar = (): number => {
    const text = existsSync(progress) ? readFileSync(progress, 'utf8') : '{}';
    return Number((JSON.parse(text) as { readonly read?: number }).read ?? 0);
  };
  for (let kills = 0; kills < 3; kills++) {
    const before = readSoFar();
    const running = begin(cut.config);
    await until('it has written something', () => readSoFar() > before, 60_000);
    await running.kill();
    expect(readSoFar()).toBeLessThan(count);
  }
  const rest = await imported(cut.config);
  expect(rest).toMatchObject({ code: 0, said: expect.stringMatching(/archive: going on behind message \d+000\n/) });
  expect(await rowsIn(cut.data)).toEqual(expected);
  expect((await imported(cut.config)).said).toContain(`archive: 0 of ${count} messages are new here`);
  expect(await rowsIn(cut.data)).toEqual(expected);
});
