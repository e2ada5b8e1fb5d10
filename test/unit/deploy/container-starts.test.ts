/** What the files for containers start, held against what is started: command lines, variables, ports, the paths of probes, and where it may write. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { run } from '../../../src/cli/run.ts';
import type { Config } from '../../../src/ops/config/config.ts';
import { openHttp } from '../../../src/ops/http.ts';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { createReadiness } from '../../../src/ops/readiness.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { tempDir } from '../../harness/temp.ts';
import { testWorld } from '../cli/world.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const read = (...path: readonly string[]): string => readFileSync(join(deploy, ...path), 'utf8');
const dir = tempDir('containers');
afterAll(() => dir.remove());

/** One container of ours, wherever it is described. */
interface Start {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What lies at the path that is named to the program. */
  readonly files: Readonly<Record<string, string>>;
  readonly writable: readonly string[];
  readonly ports: readonly number[];
  readonly probed: readonly string[];
}

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const steps = read('docker', 'Dockerfile').replaceAll(/\\\n/g, ' ').split('\n');
const stepOf = (word: string): string =>
  steps.findLast((line) => line.startsWith(`${word} `))?.slice(word.length) ?? '';

const compose = parse(read('docker', 'compose.yaml'), { merge: true }) as Compose;
/** As somebody fills them in. */
const filled = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, 'something-of-twenty-characters');

function ofCompose(name: string): Start {
  const { command, environment, volumes, tmpfs, ports = [] } = compose.services[name] as Service;
  const mounts = volumes.map((mount) => mount.split(':'));
  return {
    name: `compose: ${name}`,
    args: command,
    env: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, filled(value)])),
    files: Object.fromEntries(
      mounts.flatMap(([from = '', to = '']) => (from.startsWith('./') ? [[to, read('docker', from)]] : [])),
    ),
    writable: [...mounts.flatMap(([, to = '', how]) => (how === 'ro' ? [] : [to])), ...tmpfs],
    // Between containers all ports are open; those that are told of lead somewhere.
    ports: ports.length === 0 ? [Number(stepOf('EXPOSE'))] : ports.map((one) => Number(one.split(':').at(-1))),
    probed: [],
  };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly startupProbe: Probe;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly ports?: readonly { readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly Container[] };
    };
  };
}

const manifests = ['isthmus.yaml', 'secrets.example.yaml'].flatMap((name) =>
  parseAllDocuments(read('kubernetes', name)).map((one) => one.toJS() as Manifest),
);
const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
const stringsOf = (kind: string): Readonly<Record<string, string>> => {
  const one = manifests.find((each) => each.kind === kind && each.metadata.name === 'isthmus');
  return one?.data ?? one?.stringData ?? {};
};
const containerOf = ({ spec }: Manifest): Container => spec?.template.spec.containers[0] as Container;

function ofKubernetes(one: Manifest): Start {
  const { args, ports, volumeMounts, readinessProbe, livenessProbe, startupProbe } = containerOf(one);
  const config = Object.entries(stringsOf('ConfigMap')).map(([name, text]) => [`/etc/isthmus/${name}`, text]);
  const isMounted = volumeMounts.some(({ mountPath }) => mountPath === '/etc/isthmus');
  return {
    name: `Kubernetes: ${one.metadata.name}`,
    args,
    env: Object.fromEntries(
      Object.entries(stringsOf('Secret')).map(([key, value]) => [
        key,
        value.includes('://') ? value : `${value}-of-twenty-characters`,
      ]),
    ),
    files: isMounted ? Object.fromEntries(config) : {},
    writable: volumeMounts.flatMap(({ mountPath, readOnly }) => (readOnly === true ? [] : [mountPath])),
    ports: ports.map(({ containerPort }) => containerPort),
    probed: [readinessProbe, livenessProbe, startupProbe].map(({ httpGet }) => httpGet.path),
  };
}

/** The image alone, with the configuration of compose. */
function ofImage(): Start {
  const { env, files } = ofCompose('edge');
  return {
    name: 'the image alone',
    args: JSON.parse(stepOf('CMD')),
    env,
    files: Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        text.replace('redis: { env: ISTHMUS_REDIS }', 'redis: private'),
      ]),
    ),
    writable: [stepOf('VOLUME').trim()],
    ports: [Number(stepOf('EXPOSE'))],
    probed: [...stepOf('HEALTHCHECK').matchAll(/http:\/\/127\.0\.0\.1:9090(\/\w+)/g)].map(([, path = '']) => path),
  };
}

/** What the program makes of it: the configuration and the role with which the gateway would begin. */
async function begun({ args, env, files, name }: Start): Promise<{ config: Config; role: string }> {
  const [command, ...rest] = args;
  expect(command).toBe('run');
  const at = rest.indexOf('--config') + 1;
  const path = rest[at] ?? '';
  expect(Object.keys(files)).toContain(path);
  const file = join(dir.path, `${name.replaceAll(/\W/g, '-')}.yaml`);
  writeFileSync(file, files[path] ?? '');
  const world = testWorld([], env);
  const begins = Promise.withResolvers<{ config: Config; role: string }>();
  const over = Promise.withResolvers<void>();
  const running = run([...rest.with(at, file), '--log', 'silent'], world, async () => async (config, { role }) => {
    begins.resolve({ config, role });
    const stop = async (): Promise<void> => over.resolve();
    return { http: { host: '127.0.0.1', port: 1 }, up: Promise.resolve(), ended: over.promise, stop };
  });
  const refused = running.then((code) => Promise.reject(new Error(`it ended with ${code}: ${world.printed.err}`)));
  const found = await Promise.race([begins.promise, refused]);
  world.signal('SIGTERM');
  expect(await running).toBe(0);
  refused.catch(() => undefined);
  return found;
}

const starts = [ofImage(), ofCompose('edge'), ofCompose('worker'), ...deployments.map(ofKubernetes)];

describe.each(starts.map((one) => [one.name, one] as const))('%s', (name, start) => {
  test('its command line, configuration and variables are taken, and the role is its own', async () => {
    const { role } = await begun(start);
    expect(role).toBe(/edge|worker/.exec(name)?.[0] ?? 'all');
  });

  test('HTTP listens where it is looked for, and data go where may be written', async () => {
    const { config } = await begun(start);
    expect(config.http.host).toBe('0.0.0.0');
    expect(start.ports).toContain(config.http.port);
    expect(start.writable).toContain(config.storage.data);
  });

  test('whatever asks how it is asks for a page that there is', async () => {
    const http = await openHttp({
      ...{ host: '127.0.0.1', port: 0, log: silentLog },
      ...{ readiness: createReadiness(), metrics: createMetrics() },
    });
    const answers = await Promise.all(
      start.probed.map(async (path) => (await fetch(`http://127.0.0.1:${http.port}${path}`)).status),
    );
    await http.close();
    expect(answers).not.toContain(404);
    expect(start.probed.length).toBe(name.startsWith('compose') ? 0 : name.startsWith('Kubernetes') ? 3 : 1);
  });
});

test('on Kubernetes whoever scrapes, probes or is sent elsewhere comes to the port of HTTP', () => {
  for (const one of deployments) {
    const { ports, readinessProbe, livenessProbe, startupProbe } = containerOf(one);
    const [http] = ports;
    for (const { httpGet } of [readinessProbe, livenessProbe, startupProbe]) expect(httpGet.port).toBe(http?.name);
    expect(one.spec?.template.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(http?.containerPort),
    });
  }
  const service = manifests.find(({ kind }) => kind === 'Service');
  expect(service?.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(['http']);
});

test('in compose Prosody has the component, and what is reached is a service', async () => {
  const { config } = await begun(ofCompose('edge'));
  const prosody = read('docker', 'prosody.cfg.lua');
  const [bridge] = config.bridges;
  expect(prosody).toContain(`component_ports = { ${config.xmpp.port} }`);
  expect(prosody).toContain(`Component "${bridge?.domain}"`);
  for (const host of bridge?.allow ?? []) expect(prosody).toContain(`VirtualHost "${host}"`);
  const { ISTHMUS_SQL = '', ISTHMUS_REDIS = '' } = ofCompose('worker').env;
  for (const host of [config.xmpp.host, new URL(ISTHMUS_SQL).hostname, new URL(ISTHMUS_REDIS).hostname])
    expect(Object.keys(compose.services)).toContain(host);
});
