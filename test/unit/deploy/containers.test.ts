/** The files for containers: what they promise of the gateway's rights, and that everything they name is there. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { bridgeSchemas } from '../../../src/cli/configuration.ts';
import { parseConfig } from '../../../src/ops/config/parse.ts';
import { resolveSecrets } from '../../../src/ops/config/secrets.ts';
import { tempDir } from '../../harness/temp.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const read = (...path: readonly string[]): string => readFileSync(join(deploy, ...path), 'utf8');

/** As far as the tests look at it. */
interface Tree {
  readonly [key: string]: Tree;
}
const at = (tree: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (one, key) => (typeof one === 'object' && one !== null ? Reflect.get(one, key) : undefined),
    tree,
  );

const env = {
  ISTHMUS_COMPONENT_SECRET: 'x',
  ISTHMUS_OPERATOR_TOKEN: 'a token that is long enough',
  ISTHMUS_SQL: 'postgres://isthmus:x@postgres/isthmus',
  ISTHMUS_REDIS: 'redis://redis:6379',
};
const faultsOf = async (text: string): Promise<unknown> => {
  const parsed = parseConfig(text, 'isthmus.yaml', await bridgeSchemas(['irc']));
  if ('faults' in parsed) return parsed.faults;
  const resolved = resolveSecrets(parsed.config, env);
  return 'faults' in resolved ? resolved.faults : [];
};

describe('the image', () => {
  const text = read('docker', 'Dockerfile');
  const steps = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = steps.slice(steps.findLastIndex((line) => line.startsWith('FROM ')));
  const of = (lines: readonly string[], word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `));

  test('is made in stages; the last one has neither sources nor tools, and runs as nobody in particular', () => {
    expect(of(steps, 'FROM')).toHaveLength(2);
    expect(of(last, 'COPY').every((line) => line.includes('--from=build'))).toBe(true);
    expect(of(last, 'USER')).toEqual(['USER 10001:10001']);
    expect(last.indexOf('USER 10001:10001')).toBeGreaterThan(last.findLastIndex((line) => line.startsWith('RUN ')));
    expect(of(steps, 'ADD')).toEqual([]);
  });

  test('its packages are installed before its sources are copied, and apt leaves nothing behind', () => {
    const sources = steps.indexOf('COPY . .');
    expect(steps.findIndex((line) => line.includes('npm ci'))).toBeLessThan(sources);
    for (const line of steps.filter((one) => one.includes('apt-get install')))
      expect(line).toMatch(/apt-get update .*--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/);
  });

  test('signals reach the program itself; it says how it is', () => {
    expect(of(last, 'ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "/opt/isthmus/dist/main.js"]']);
    expect(of(last, 'STOPSIGNAL')).toEqual(['STOPSIGNAL SIGTERM']);
    expect(of(last, 'HEALTHCHECK').join()).toContain('/healthz');
    expect(of(steps, 'ARG').join()).toMatch(/:\d+-bookworm-slim$/);
  });

  test('what is secret or made here is not sent along', () => {
    const left = readFileSync(join(deploy, '..', '.dockerignore'), 'utf8').split('\n');
    for (const name of ['.git', '**/node_modules', 'dist', 'data', '**/sealing.key', 'deploy/docker/.env'])
      expect(left).toContain(name);
  });
});

describe('compose.yaml', () => {
  const text = read('docker', 'compose.yaml');
  const compose = parse(text, { merge: true }) as Tree;
  const services = Object.entries(compose.services ?? {});

  test('an edge, two workers, and what they need', () => {
    expect(services.map(([name]) => name).sort()).toEqual(['edge', 'postgres', 'prosody', 'redis', 'worker']);
    expect(at(compose, 'services', 'worker', 'deploy', 'replicas')).toBe(2);
    for (const role of ['edge', 'worker']) expect(at(compose, 'services', role, 'command')).toContain(role);
  });

  test.each(['edge', 'worker'])('%s writes below its data alone, and may do nothing else', (name) => {
    const service = compose.services?.[name];
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
    expect(Number.parseInt(String(service?.stop_grace_period), 10)).toBeGreaterThan(10);
  });

  test('what it names is there: files, volumes, variables, services', () => {
    const mounts = services.flatMap(([, { volumes }]) => (Array.isArray(volumes) ? (volumes as string[]) : []));
    for (const [source = ''] of mounts.map((mount) => mount.split(':')))
      expect(
        source.startsWith('./') ? existsSync(join(deploy, 'docker', source)) : source in (compose.volumes ?? {}),
      ).toBe(true);
    const variables = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const known = [...read('docker', 'env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    expect([...variables].sort()).toEqual(known.sort());
    for (const [, { depends_on: needs }] of services)
      for (const name of Object.keys(needs ?? {})) expect(compose.services).toHaveProperty(name);
  });

  test('Redis forgets nothing that was accepted', () => {
    expect(at(compose, 'services', 'redis', 'command')).toEqual(
      expect.arrayContaining(['--appendfsync', 'always', 'noeviction']),
    );
  });

  test('its configuration is right', async () => expect(await faultsOf(read('docker', 'isthmus.yaml'))).toEqual([]));
});

describe('what the README has typed for compose', () => {
  const lines = [...read('README.md').matchAll(/^docker compose (.*)$/gm)].map(([, line = '']) =>
    line.replace(/ +#.*$/, ''),
  );
  const services = Object.keys(at(parse(read('docker', 'compose.yaml'), { merge: true }), 'services') as object);

  test('names services that there are, and the paths of the image', () => {
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) {
      const [, named] = /^(?:exec|run|restart|up|cp)\b.*?\b(prosody|redis|postgres|edge|worker)\b/.exec(line) ?? [];
      if (!line.startsWith('up -d --build')) expect(services, line).toContain(named);
      for (const [path] of line.matchAll(/\/var\/lib\/[^ ']+/g)) expect(path).toBe('/var/lib/isthmus/sealing.key');
    }
  });

  test('a key that is given by standard input is its owner’s alone', () => {
    const [, command = ''] =
      lines.map((one) => /--entrypoint sh edge -c '(.*)' </.exec(one)).find((one) => one !== null) ?? [];
    const dir = tempDir('key');
    const file = join(dir.path, 'sealing.key');
    const given = command.replace('/var/lib/isthmus/sealing.key', file);
    expect(spawnSync('sh', ['-c', given], { input: 'a key' }).status).toBe(0);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['a key', 0o600]);
    dir.remove();
  });
});

describe('on Kubernetes', () => {
  const documents = (name: string): Tree[] =>
    parseAllDocuments(read('kubernetes', name)).map((one) => one.toJS() as Tree);
  const all = documents('isthmus.yaml');
  const kinds = (kind: string): readonly Tree[] => all.filter((one) => String(one.kind) === kind);
  const nameOf = (one: unknown): unknown => at(one, 'metadata', 'name');
  const secrets = documents('secrets.example.yaml');

  test.each(kinds('Deployment').map((one) => [String(nameOf(one)), one] as const))(
    '%s: probes, rights, selectors, and what it names',
    (_, one) => {
      const pod = at(one, 'spec', 'template', 'spec');
      expect(at(one, 'spec', 'template', 'metadata', 'labels')).toMatchObject(
        at(one, 'spec', 'selector', 'matchLabels') as object,
      );
      expect(at(pod, 'securityContext')).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10_001,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(at(pod, 'terminationGracePeriodSeconds')).toBeGreaterThan(10);
      const [container] = at(pod, 'containers') as Tree[];
      const [key] = at(pod, 'initContainers') as Tree[];
      for (const each of [container, key])
        expect(each?.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      expect([
        at(container, 'readinessProbe', 'httpGet', 'path'),
        at(container, 'livenessProbe', 'httpGet', 'path'),
      ]).toEqual(['/readyz', '/healthz']);
      expect(at(container, 'startupProbe')).toBeDefined();
      const volumes = (at(pod, 'volumes') as Tree[]).map(({ name }) => String(name));
      for (const { name } of [...(at(container, 'volumeMounts') as Tree[]), ...(at(key, 'volumeMounts') as Tree[])])
        expect(volumes).toContain(String(name));
      expect(at(one, 'metadata', 'namespace')).toBe('isthmus');
      const named = (at(pod, 'volumes') as Tree[]).flatMap((volume) => at(volume, 'secret', 'secretName') ?? []);
      for (const secret of [...named, 'isthmus']) expect(secrets.map(nameOf)).toContain(secret);
    },
  );

  test('one edge at a time; workers are replaced one by one', () => {
    const [edge, worker] = kinds('Deployment');
    expect([at(edge, 'spec', 'replicas'), at(edge, 'spec', 'strategy', 'type')]).toEqual([1, 'Recreate']);
    expect([at(worker, 'spec', 'replicas'), at(worker, 'spec', 'strategy', 'type')]).toEqual([2, 'RollingUpdate']);
    expect(kinds('PodDisruptionBudget')).toHaveLength(1);
  });

  test('its configuration is right, and its secrets are those that it names', async () => {
    const [config] = kinds('ConfigMap');
    expect(await faultsOf(String(at(config, 'data', 'isthmus.yaml')))).toEqual([]);
    const [own] = secrets.filter((one) => at(one, 'stringData', 'ISTHMUS_SQL') !== undefined);
    expect(Object.keys(at(own, 'stringData') as object).sort()).toEqual(Object.keys(env).sort());
  });

  test('either file makes the namespace before anything that is in it: the secrets are applied first', () => {
    expect(secrets[0]).toEqual(all[0]);
    for (const documents of [secrets, all]) {
      expect(documents[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'isthmus' } });
      for (const one of documents.slice(1)) expect(at(one, 'metadata', 'namespace')).toBe('isthmus');
    }
  });
});
