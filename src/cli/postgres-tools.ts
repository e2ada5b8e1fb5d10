/** PostgreSQL's own programs for backups: pg_dump and pg_restore, which know every version's ways. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { percentDecoded } from '../core/percent.ts';
import { Remedy } from '../ops/fatal.ts';
import type { Secret } from '../ops/secret.ts';
import { systemTrouble } from '../ops/system-trouble.ts';

/**
 * All of the database into a file, as it is at one moment, while it is used; written by us, for where its last block does not fit pg_dump leaves it out and ends as if
 * all were well. Throws a Remedy.
 */
export const dumpPostgres = (url: Secret, file: string): Promise<void> =>
  runTool('pg_dump', ['--format=custom', '--no-owner', '--no-privileges'], url, async (dump) => {
    const written = pipeline(dump, createWriteStream(file, { mode: 0o600, flush: true }));
    await written.catch((error: unknown) => {
      throw systemTrouble(error, file) ?? error;
    });
  });

/** Into a database that is empty: all of it, or nothing. Throws a Remedy. */
export const restorePostgres = (url: Secret, file: string): Promise<void> =>
  runTool('pg_restore', ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', file], url);

/** They end with the first thing that goes wrong. */
const wordsAtMost = 8_000;

/** What went wrong first, without the statement that it went wrong in. */
function complaintIn(said: string, program: string): string {
  const [, complaint = said] = said.split(`${program}: error: `, 2);
  const [line = ''] = complaint.split(/\n(?:DETAIL|Command was): /, 1);
  return line.replace(/\s+/g, ' ').trim();
}

/** The password goes by the environment: arguments are for everybody to see. Of several servers the one is asked that the gateway writes to. */
async function runTool(
  program: 'pg_dump' | 'pg_restore',
  args: readonly string[],
  url: Secret,
  take?: (out: Readable) => Promise<void>,
): Promise<void> {
  // By hand: it may name several hosts, which is no URL elsewhere.
  const [, scheme = '', user = '', hidden = '', rest = ''] =
    /^([a-z]+:\/\/)(?:([^:@/?]*)(?::([^/?]*))?@)?(.*)$/s.exec(url.reveal()) ?? [];
  const password = percentDecoded(hidden);
  const address = `${scheme}${user === '' ? '' : `${user}@`}${rest}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, [...args, `--dbname=${address}`], {
    env: { ...inherited(), ...(password !== '' && { PGPASSWORD: password }) },
    stdio: ['ignore', take === undefined ? 'ignore' : 'pipe', 'pipe'],
  });
  const taken = child.stdout === null ? undefined : take?.(child.stdout);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, wordsAtMost);
  });
  child.once('error', () =>
    reject(
      new Remedy(
        `${program} is not installed`,
        'Install PostgreSQL’s client, not older than the server (Debian: apt-get install postgresql-client)',
      ),
    ),
  );
  child.once('close', (code) =>
    code === 0
      ? resolve()
      : reject(
          new Remedy(
            `${program} failed: ${complaintIn(said, program) || code}`,
            program === 'pg_dump'
              ? 'Compare `storage.sql` with the server; pg_dump must not be older than it'
              : 'The database has to be there, and empty: dropdb and createdb it, then try again',
          ),
        ),
  );
  const [written, ended] = await Promise.allSettled([taken, promise]);
  // What could not be written is why it broke off; where it never began there was nothing to be written.
  if (written.status === 'rejected' && written.reason instanceof Remedy) throw written.reason;
  for (const part of [ended, written]) if (part.status === 'rejected') throw part.reason;
}

const inherited = (): Record<string, string> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  PGTARGETSESSIONATTRS: 'read-write',
});
