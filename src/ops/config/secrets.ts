/** Turns where a secret is (`{ env }`, `{ file }`) into the secret, and reads the other files that a configuration names. */
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Secret } from '../secret.ts';
import type { Config, Fault, Sql } from './config.ts';
import type { Path, Source } from './document.ts';
import { spell } from './issues.ts';
import { faultOfUrl } from './names.ts';
import { type Draft, keyOf } from './parse.ts';
import { redisOf } from './redis.ts';
import { postgresUrl, type SecretSource, sqlMessage } from './schema.ts';

/** A small file and its access rights; throws an error with a `code` where it can't be read. */
export type ReadFile = (path: string) => { readonly text: string; readonly mode: number };

/** More than any secret or certificate needs. */
const maxFileBytes = 1024 * 1024;
/** Any right of users who are neither the owner nor in the group. */
const rightsOfOthers = 0o007;

export const readSmallFile: ReadFile = (path) => {
  const file = openSync(path, 'r');
  try {
    const { mode, size } = fstatSync(file);
    if (size > maxFileBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    const bytes = readFileSync(file);
    if (!isUtf8(bytes)) throw Object.assign(new Error('no text'), { code: 'not in UTF-8' });
    return { text: bytes.toString('utf8'), mode };
  } finally {
    closeSync(file);
  }
};

interface Reading {
  readonly faults: readonly Fault[];
  /** Of the configuration's folder. */
  inFolder(path: string): string;
  report(path: Path, message: string): undefined;
  /** undefined: it can't be had, which was reported. */
  read(path: Path, source: SecretSource): Secret | undefined;
  readPem(path: Path, file: string): string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads what a configuration names, and gathers what is wrong with it. */
function openReading({ file, source }: Pick<Draft, 'file' | 'source'>, env: Env, readFile: ReadFile): Reading {
  const faults: Fault[] = [];
  const report = (path: Path, message: string): undefined => {
    faults.push({
      file,
      ...source.placeOf(path),
      message: `\`${spell(path[0] === 'bridges' ? path.slice(2) : path)}\`: ${message}`,
    });
  };
  const inFolder = (path: string) => resolve(dirname(file), path);

  function readVariable(name: string, path: Path): Secret | undefined {
    const value = env[name];
    const secret = value === undefined ? '' : meantBy(value);
    if (secret !== '') return new Secret(secret);
    const is = value === undefined ? 'not set' : 'empty';
    return report(path, `the environment variable ${name} is ${is}; set it where Isthmus is started`);
  }
  function readSecretFile(file: string, path: Path): Secret | undefined {
    try {
      const { text, mode } = readFile(file);
      if ((mode & rightsOfOthers) !== 0)
        return report(path, `${file} can be read by others; close it: chmod 600 ${file}`);
      const secret = meantBy(text);
      return secret === '' ? report(path, `${file} is empty; write the secret into it`) : new Secret(secret);
    } catch (error) {
      return report(path, unreadable(file, error));
    }
  }

  return {
    ...{ faults, inFolder, report },
    read(path, given) {
      if (typeof given === 'string') return new Secret(given);
      return 'env' in given ? readVariable(given.env, path) : readSecretFile(inFolder(given.file), path);
    },
    readPem(path, file) {
      try {
        const { text } = readFile(file);
        return text.includes('-----BEGIN CERTIFICATE-----')
          ? text
          : report(path, `${file} holds no certificate; give a file in PEM form`);
      } catch (error) {
        return report(path, unreadable(file, error));
      }
    },
  };
}

/** All faults at once, placed where the file names the secret. */
export function resolveSecrets(
  draft: Draft,
  env: Env,
  readFile: ReadFile = readSmallFile,
): { readonly config: Config } | { readonly faults: readonly Fault[] } {
  const { faults, inFolder, report, read, readPem } = openReading(draft, env, readFile);
  const sql = sqlOf(read(['storage', 'sql'], draft.storage.sql), report);
  const redis = redisOf(draft.storage.redis, { read, readPem, report, inFolder });
  const bridges = draft.bridges.map(({ pems, ...entry }, index) => {
    const under = ['bridges', index, 'options'];
    const files = new Set(pems.map((path) => spell([...under, ...path])));
    const named = (path: Path, text: string): string => {
      if (!files.has(spell(path)) || text.includes('-----BEGIN')) return text;
      readPem(path, inFolder(text));
      return inFolder(text);
    };
    return {
      ...entry,
      options: inOptions(under, entry.options, read, named),
      secret: read(['bridges', index, 'secret'], entry.secret),
    };
  });
  const operatorToken = tokenOf(draft.http.operatorToken, read, report);
  const tls = readAuthority(draft.xmpp.tls, readPem);
  if (faults.length > 0 || sql === undefined || redis === undefined || tls === undefined) return { faults };
  const { file, admins, xmpp, storage } = draft;
  const { operatorToken: _, ...http } = draft.http;
  return {
    config: {
      file,
      admins,
      http: { ...http, ...(operatorToken !== undefined && { operatorToken }) },
      xmpp: { ...xmpp, tls },
      storage: { ...storage, sql, redis },
      bridges: bridges.flatMap(({ secret, ...entry }) => (secret === undefined ? [] : [{ ...entry, secret }])),
    },
  };
}

/** Of a file that has other faults, too: which of the secrets that it names can't be had, or are none. */
export function faultsOfSecrets(
  file: string,
  source: Source,
  env: Env,
  readFile: ReadFile = readSmallFile,
): readonly Fault[] {
  const { faults, read, report } = openReading({ file, source }, env, readFile);
  const token = keyOf(keyOf(source.value, 'http'), 'operatorToken');
  if (typeof token === 'string' && token !== '') tokenOf(token, read, report);
  inOptions([], source.value, (path, given) =>
    spell(path) === spell(tokenPath) ? tokenOf(given, read, report) : read(path, given),
  );
  return faults;
}

/** What editors and `echo` put around a secret is no part of it: a byte order mark, the end of the line. */
const meantBy = (text: string): string => text.replace(/^\ufeff/, '').replace(/\r?\n$/, '');

/**
 * A bridge's options with its secrets in their places: an object that has nothing but a text as `env` or `file` is where one is. Bridges get them as plain
 * text, as `Secret` is nothing that they know.
 * @param named what a text is that names a file
 */
function inOptions(
  path: Path,
  value: unknown,
  read: (path: Path, source: SecretSource) => Secret | undefined,
  named: (path: Path, text: string) => string = (_, text) => text,
): unknown {
  if (typeof value === 'string') return named(path, value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one, index) => inOptions([...path, index], one, read, named));
  const source = sourceIn(value);
  if (source !== undefined) return read(path, source)?.reveal();
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, inOptions([...path, key], one, read, named)]),
  );
}

function sourceIn(value: object): SecretSource | undefined {
  const [first, ...rest] = Object.entries(value);
  if (first === undefined || rest.length > 0 || typeof first[1] !== 'string') return undefined;
  const [key, text] = first;
  return key === 'env' ? { env: text } : key === 'file' ? { file: text } : undefined;
}

type Report = (path: Path, message: string) => undefined;

/** What nobody can try out. */
const tokenAtLeast = 20;
const tokenPath: Path = ['http', 'operatorToken'];

function tokenOf(
  source: SecretSource | undefined,
  read: (path: Path, source: SecretSource) => Secret | undefined,
  report: Report,
): Secret | undefined {
  const token = source === undefined ? undefined : read(tokenPath, source);
  if (token === undefined || token.reveal().length >= tokenAtLeast) return token;
  return report(
    tokenPath,
    `it is too short to be safe; give at least ${tokenAtLeast} characters: openssl rand -hex 24`,
  );
}

function sqlOf(given: Secret | undefined, report: Report): Sql | undefined {
  const text = given?.reveal();
  if (given === undefined || text === undefined) return undefined;
  if (text === 'sqlite') return { is: 'sqlite' };
  const fault = postgresUrl.test(text) ? faultOfUrl(text) : sqlMessage;
  return fault === undefined ? { is: 'postgres', url: given } : report(['storage', 'sql'], fault);
}

function readAuthority(
  tls: Draft['xmpp']['tls'],
  readPem: (path: Path, file: string) => string | undefined,
): Config['xmpp']['tls'] | undefined {
  if (tls === false || tls.ca === undefined) return tls === false ? tls : {};
  const ca = readPem(['xmpp', 'tls', 'ca'], tls.ca);
  return ca === undefined ? undefined : { ca };
}

function unreadable(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
      return `there is no file ${file}; write it, or correct the path (it is relative to the configuration)`;
    case 'EACCES':
    case 'EPERM':
      return `${file} can't be read; give it to the user that Isthmus runs as`;
    default:
      return `${file} can't be read (${code}); check that it is a small text file`;
  }
}
