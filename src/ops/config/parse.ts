/** Reads a configuration file: all faults at once, each with its place. Touches neither the network nor any other file. */
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { BridgeConfig, Config, Fault } from './config.ts';
import { type Path, readYaml, type Source } from './document.ts';
import { findingsOf } from './issues.ts';
import { folded, isDomain, nearest } from './names.ts';
import { bridgeEntry, fileShape, type RedisEntry, type SecretSource, strangeEntry } from './schema.ts';
import { pemsIn } from './schema-walk.ts';
import { parseWithSwitches } from './switches.ts';

/** The options' schema of every bridge that there is, by the bridge's name. */
export type BridgeSchemas = Readonly<Record<string, z.ZodType>>;

/** A checked file whose secrets are still names of where they are; `resolveSecrets` makes a Config of it. */
export interface Draft extends Omit<Config, 'xmpp' | 'storage' | 'http' | 'bridges'> {
  readonly xmpp: Omit<Config['xmpp'], 'tls'> & { readonly tls: false | { readonly ca?: string } };
  readonly storage: Omit<Config['storage'], 'sql' | 'redis'> & {
    readonly sql: SecretSource;
    readonly redis: SecretSource | RedisEntry;
  };
  readonly http: Omit<Config['http'], 'operatorToken'> & { readonly operatorToken?: SecretSource };
  readonly bridges: readonly (Omit<BridgeConfig, 'secret'> & {
    readonly secret: SecretSource;
    /** Where in its options files with certificates are named. */
    readonly pems: readonly Path[];
  })[];
  /** For faults that show only later. */
  readonly source: Source;
}

/** `source`: where the rest of a file with faults can be looked at. */
type Parsed<T> = { readonly config: T } | { readonly faults: readonly Fault[]; readonly source?: Source };

type Entry = Draft['bridges'][number];

/** The checked configuration, its secrets not yet resolved, or every fault of the text; `file` is what the faults and relative paths are told by. */
export function parseConfig(text: string, file: string, bridges: BridgeSchemas): Parsed<Draft> {
  const { source, faults: syntax } = readYaml(text);
  const faults: Fault[] = syntax.map(({ line, col, message }) => ({ file, line, col, message }));
  if (syntax.some(({ fatal }) => fatal)) return { faults };
  const report = (path: Path, key: boolean, message: string) =>
    faults.push({ file, ...(key ? source.placeOfKey(path) : source.placeOf(path)), message });

  const input = source.value ?? {};
  const top = check(fileShape, input, [], report);
  const entries = entriesOf(input).map((entry, index) => checkEntry(entry, index, bridges, report));
  reportDoubles(entriesOf(input), report);
  reportLinks(input, report);
  if (faults.length > 0 || top === undefined) return { faults: inOrder(faults), source };

  const inFolder = (path: string) => resolve(dirname(file), path);
  const { xmpp, http, admins } = top;
  const { uploads, media, ...storage } = top.storage;
  return {
    config: {
      file,
      source,
      admins,
      xmpp: { ...xmpp, tls: tlsOf(xmpp.tls, inFolder) },
      storage: {
        ...storage,
        data: inFolder(storage.data),
        retention: storage.retention === 'off' ? {} : storage.retention,
        ...(typeof uploads === 'object' && { uploads }),
        ...(typeof uploads === 'string' && uploads !== 'off' && { slots: slotsOf[uploads] }),
        ...(typeof media === 'object' && { media }),
        ...(typeof media === 'string' && media !== 'off' && { mediaSlots: slotsOf[media] }),
      },
      http: {
        host: http.host,
        port: http.port,
        ...(http.publicUrl === undefined ? {} : { publicUrl: http.publicUrl }),
        ...(http.operatorToken === undefined ? {} : { operatorToken: http.operatorToken }),
      },
      bridges: entries.filter((entry) => entry !== undefined),
    },
  };
}

const slotsOf = { server: 'public', 'server-anywhere': 'any' } as const;

function tlsOf(
  tls: 'off' | true | { ca?: string | undefined },
  inFolder: (path: string) => string,
): false | { ca?: string } {
  if (tls === 'off') return false;
  return tls === true || tls.ca === undefined ? {} : { ca: inFolder(tls.ca) };
}

/** The bridges that a file names, before it is checked: so that no others need to be loaded. */
export function namedBridges(text: string): readonly string[] {
  const { source } = readYaml(text);
  const uses = entriesOf(source.value).map((entry) => useOf(entry));
  return [...new Set(uses.filter((use) => typeof use === 'string'))];
}

type Report = (path: Path, key: boolean, message: string) => void;

/** undefined: it has faults, which were reported. */
function check<T>(schema: z.ZodType<T>, input: unknown, under: Path, report: Report): T | undefined {
  const result = parseWithSwitches(schema, input);
  if (result.success) return result.data;
  for (const { path, key, message } of findingsOf(schema, input, result.error.issues))
    report([...under, ...path], key, message);
  return undefined;
}

function checkEntry(entry: unknown, index: number, bridges: BridgeSchemas, report: Report): Entry | undefined {
  const under = ['bridges', index];
  const use = useOf(entry);
  const options = typeof use === 'string' && Object.hasOwn(bridges, use) ? bridges[use] : undefined;
  if (typeof use === 'string' && options !== undefined) {
    const checked = check(bridgeEntry(use, options), entry, under, report);
    return checked && { ...checked, pems: pemsIn(options, checked.options) };
  }
  check(strangeEntry, entry, under, report);
  if (typeof entry !== 'object' || entry === null) return undefined;
  const names = Object.keys(bridges);
  const known = `one of ${names.join(', ')}`;
  if (use === undefined) report([...under, 'use'], false, `\`use\` is missing; add it: the name of a bridge, ${known}`);
  else {
    const meant = typeof use === 'string' ? nearest(use, names) : undefined;
    report(
      [...under, 'use'],
      false,
      `there is no bridge ${JSON.stringify(use)}; ${meant === undefined ? `use ${known}` : `did you mean ${meant}?`}`,
    );
  }
  return undefined;
}

/** What a link begins with: the rest of it, and its line, must have room for more. */
const publicUrlAtMost = 200;

/** Links that nobody could follow, or that no line could hold. Told of a file with other faults too. */
function reportLinks(input: unknown, report: Report): void {
  const publicUrl = keyOf(keyOf(input, 'http'), 'publicUrl');
  const tooLong = typeof publicUrl === 'string' && publicUrl.length > publicUrlAtMost;
  if (publicUrl !== undefined && !tooLong) return;
  for (const name of ['uploads', 'media'] as const) {
    const given = keyOf(keyOf(input, 'storage'), name);
    if (typeof given !== 'object' || given === null) continue;
    report(
      tooLong ? ['http', 'publicUrl'] : ['storage', name],
      false,
      `\`storage.${name}\` needs \`http.publicUrl\`, which ${tooLong ? 'is too long' : 'is missing'}; give the address by which others reach \`http.port\`, as https://gateway.example.org/`,
    );
  }
}

/** Two components of one domain would take each other's stream. Told of entries with other faults too. */
function reportDoubles(entries: readonly unknown[], report: Report): void {
  const seen = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const given = keyOf(entry, 'domain');
    if (typeof given !== 'string' || !isDomain(given)) continue;
    const domain = folded(given);
    const first = seen.get(domain);
    if (first === undefined) seen.set(domain, index);
    else
      report(
        ['bridges', index, 'domain'],
        false,
        `${domain} is the domain of bridges[${first}] already; give each bridge a domain of its own`,
      );
  }
}

function entriesOf(value: unknown): readonly unknown[] {
  const list = keyOf(value, 'bridges');
  return Array.isArray(list) ? list : [];
}

/** What stands there under a key, whatever it is; undefined: nothing, or it is no map. */
export const keyOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

const useOf = (entry: unknown): unknown => keyOf(entry, 'use');

/** As they stand in the file. */
export const inOrder = (faults: readonly Fault[]): readonly Fault[] =>
  [...faults].sort((a, b) => a.line - b.line || a.col - b.col);
