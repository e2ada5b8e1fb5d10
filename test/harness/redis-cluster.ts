/** A Redis Cluster of real servers: three that have the slots among them, and where it is wanted a replica of the first. */
import { Redis as Client } from 'ioredis';
import { slots as allSlots } from '../../src/storage/redis/slots.ts';
import { freePort } from './ports.ts';
import { until } from './process.ts';
import { type Redis, type RedisExtras, startRedis } from './redis.ts';

export interface RedisCluster extends AsyncDisposable {
  /** For storage.redis. */
  readonly url: string;
  /** Those that had the slots at the beginning. */
  readonly masters: readonly ClusterNode[];
  /** Follows the first of them. */
  readonly replica: ClusterNode | undefined;
  /** Whoever has that slot, as the second of them says. */
  ownerOf(slot: number): Promise<ClusterNode>;
  /** Has one slot go to another node, as redis-cli --cluster reshard does; what is called in between finds its keys half here, half there. */
  move(slot: number, to: ClusterNode, between?: () => Promise<void>): Promise<void>;
  /** How often nodes have answered with an error that begins so. */
  errors(begin: string): Promise<number>;
  /** Forgets everything. */
  empty(): Promise<void>;
}

export interface ClusterNode {
  readonly server: Redis;
  /** For the test's own questions. */
  readonly client: Client;
  /** As the cluster names it. */
  readonly id: string;
}

export interface RedisClusterOptions {
  readonly withReplica?: boolean;
  readonly tls?: RedisExtras['tls'];
  readonly password?: string;
}

/** After which a node that does not answer is taken for dead. */
const timeoutMs = 3_000;
/** How long it may take until all is ready. */
const readyMs = 90_000;

/** Resolves when it is whole, as all of its nodes say. */
export async function startRedisCluster({
  withReplica = false,
  tls,
  password,
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const nodes: (ClusterNode & { readonly bus: number })[] = [];
  const close = async (): Promise<void> => {
    for (const { client, server } of nodes) {
      client.disconnect();
      await server[Symbol.asyncDispose]();
    }
  };

  async function startOne(): Promise<void> {
    const bus = await freePort();
    const args = ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--cluster-node-timeout', `${timeoutMs}`];
    args.push('--repl-diskless-sync-delay', '0');
    if (password !== undefined) args.push('--requirepass', password, '--masterauth', password);
    if (tls !== undefined) args.push('--tls-cluster', 'yes', '--tls-replication', 'yes');
    const server = await startRedis('everysec', { args, ...(tls !== undefined && { tls }) });
    const client = new Client({
      ...{ host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null },
      ...(password !== undefined && { password }),
      ...(tls !== undefined && { tls: { rejectUnauthorized: false } }),
    });
    client.on('error', () => undefined);
    nodes.push({ server, client, bus, id: String(await client.cluster('MYID')) });
  }

  const others = (one: ClusterNode): typeof nodes => nodes.filter((node) => node !== one);
  const infoOf = ({ client }: ClusterNode): Promise<string> => client.info('replication');
  const isWhole = async ({ client }: ClusterNode): Promise<boolean> => {
    const said = String(await client.cluster('INFO'));
    return said.includes('cluster_state:ok') && said.includes(`cluster_known_nodes:${nodes.length}`);
  };

  try {
    for (let i = 0; i < (withReplica ? 4 : 3); i++) await startOne();
    const [first, second, third, fourth] = nodes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no nodes');
    const masters = [first, second, third];
    for (const [i, { client }] of masters.entries()) {
      await client.cluster('SET-CONFIG-EPOCH', i + 1);
      const [from, behind] = [i, i + 1].map((part) => Math.floor((part * allSlots) / masters.length));
      await client.cluster('ADDSLOTSRANGE', from ?? 0, (behind ?? 0) - 1);
    }
    for (const { server, bus } of others(first))
      await first.client.call('CLUSTER', 'MEET', '127.0.0.1', server.port, bus);
    await until('the cluster is whole', async () => (await Promise.all(nodes.map(isWhole))).every(Boolean), readyMs);
    if (fourth !== undefined) {
      await fourth.client.cluster('REPLICATE', first.id);
      const follows = async (): Promise<boolean> => (await infoOf(fourth)).includes('master_link_status:up');
      await until('the replica follows', follows, readyMs);
      const listed = async (): Promise<boolean> =>
        (await Promise.all(masters.map(({ client }) => client.cluster('NODES')))).every((said) =>
          String(said).includes(`slave ${first.id}`),
        );
      await until('all know the replica', listed, readyMs);
    }

    async function ownerOf(slot: number): Promise<ClusterNode> {
      const ranges = (await masters[1]?.client.cluster('SLOTS')) ?? [];
      const [, , master] = ranges.find(([from, to]) => from <= slot && slot <= to) ?? [];
      const id = master?.[2];
      const owner = nodes.find((node) => node.id === id);
      if (owner === undefined) throw new Error(`nobody has slot ${slot}`);
      return owner;
    }

    const [scheme, who] = [tls === undefined ? 'redis' : 'rediss', password === undefined ? '' : `:${password}@`];
    const host = tls === undefined ? '127.0.0.1' : 'localhost';
    return {
      // The last one alone is asked at first, and the first place is nobody's.
      url: `${scheme}+cluster://${who}${host}:1,${host}:${third.server.port}`,
      masters,
      replica: fourth,
      ownerOf,
      async move(slot, to, between = async () => undefined) {
        const from = await ownerOf(slot);
        await to.client.cluster('SETSLOT', slot, 'IMPORTING', from.id);
        await from.client.cluster('SETSLOT', slot, 'MIGRATING', to.id);
        const auth = password === undefined ? [] : ['AUTH', password];
        for (let wasHalf = false; ; wasHalf = true) {
          const [key] = (await from.client.cluster('GETKEYSINSLOT', slot, 1)) as string[];
          if (key === undefined) break;
          await from.client.call('MIGRATE', '127.0.0.1', to.server.port, key, 0, 5_000, ...auth);
          if (!wasHalf) await between();
        }
        for (const { client } of [to, from, ...masters]) await client.cluster('SETSLOT', slot, 'NODE', to.id);
      },
      async errors(begin) {
        const said = await Promise.all(masters.map(({ client }) => client.info('errorstats')));
        const counts = said.map((text) =>
          Number(new RegExp(`^errorstat_${begin}:count=(\\d+)`, 'm').exec(text)?.[1] ?? 0),
        );
        return counts.reduce((sum, count) => sum + count, 0);
      },
      async empty() {
        for (const { client } of masters) await client.flushall();
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
