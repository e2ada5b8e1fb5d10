/** Puts a gateway together from its configuration: the composition root behind `isthmus run` and `isthmus demo`. */
import about from '../package.json' with { type: 'json' };
import type { GatewayOptions, Running } from './cli/world.ts';
import type { Config } from './ops/config/config.ts';
import { openHttp } from './ops/http.ts';
import { createMetrics } from './ops/metrics.ts';
import { createReadiness } from './ops/readiness.ts';
import { createStalls } from './ops/stalls.ts';
import { loginsBase, loginsMount, loginsPath } from './process/login-pages.ts';
import { mediaMount } from './process/media/keeper.ts';
import { mediaPath } from './process/media/links.ts';
import { operatorMount, operatorPath } from './process/operator-pages.ts';
import type { RoleParts, RunningRole, Served } from './process/role.ts';
import { speakerPicturesMount, speakerPicturesPath } from './process/speaker-pictures.ts';
import { openStores } from './process/stores.ts';
import { uploadsMount, uploadsPath } from './process/uploads.ts';
import type { UploadStore } from './storage/ports.ts';
import { redisTakes } from './storage/redis/takes.ts';
import { databaseAnswers } from './storage/sql/answers.ts';
import { createAvatarStore } from './storage/sql/avatar-store.ts';
import { createUploadStore } from './storage/sql/upload-store.ts';

/** Resolves once HTTP listens; /readyz tells when the domains are up. Rejects with a Remedy where something has to be mended first. */
export async function runGateway(
  config: Config,
  { role, log, levels, clock, signal, readAgain, mounts = {} }: GatewayOptions,
): Promise<Running> {
  const readiness = createReadiness();
  const metrics = createMetrics(clock);
  metrics.build(about.version, role);
  const watch = createStalls({ clock, log, onStall: () => metrics.stalls.add() });
  const started = readiness.check('started');
  let uploads: UploadStore | undefined;
  let pictures: ReturnType<Parameters<typeof speakerPicturesMount>[0]>;
  let served: Served = {};
  const http = await openHttp({
    ...config.http,
    log,
    readiness,
    metrics,
    mounts: {
      ...mounts,
      ...(config.storage.uploads !== undefined && { [uploadsPath]: uploadsMount(() => uploads) }),
      ...(config.http.operatorToken !== undefined && { [operatorPath]: operatorMount(() => served.operatorPage) }),
      ...(config.http.publicUrl !== undefined && { [speakerPicturesPath]: speakerPicturesMount(() => pictures) }),
      ...(role !== 'worker' && { [mediaPath]: mediaMount(() => served.media) }),
      ...(loginsBase(config.http) !== undefined && { [loginsPath]: loginsMount(() => served.loginPages) }),
    },
  });
  const halt = new AbortController();
  const over = AbortSignal.any([signal, halt.signal]);
  const ended = Promise.withResolvers<void>();
  const atWork = Promise.withResolvers<void>();
  atWork.promise.catch(() => undefined);

  async function start(): Promise<() => Promise<void>> {
    const stores = await openStores(config, role, clock, log, over);
    metrics.redis(redisTakes(stores.link));
    metrics.database(databaseAnswers(stores.database));
    uploads = createUploadStore(stores.database);
    pictures = { store: createAvatarStore(stores.database), key: stores.key };
    try {
      const begun = await runRole({
        role,
        config,
        stores,
        readiness,
        metrics,
        watch,
        log,
        levels,
        clock,
        version: about.version,
        readAgain,
        fail: (error) => ended.reject(error),
        onStandby: () => atWork.resolve(),
        serve: (what) => {
          served = what;
        },
        signal: over,
      });
      started.set(true);
      up = true;
      atWork.resolve();
      watch.begin();
      log.info({ role, http: `${http.host}:${http.port}` }, 'the gateway is up');
      return () => begun.stop(how).finally(() => stores.close());
    } catch (error) {
      await stores.close();
      throw error;
    }
  }

  let up = false;
  let how: 'keep' | 'farewell' = 'keep';
  const starting = start();
  starting.catch(async (error: unknown) => {
    watch.close();
    atWork.reject(error);
    await http.close();
    if (over.aborted) ended.resolve();
    else ended.reject(error);
  });

  return {
    http,
    up: atWork.promise,
    ended: ended.promise,
    async stop(wish) {
      how = wish;
      watch.close();
      // What is up is stopped in order; what is still being started is given up.
      if (!up) halt.abort(new Error('stopped while starting'));
      const stop = await starting.catch(() => undefined);
      await stop?.();
      await http.close();
      ended.resolve();
    },
  };
}

async function runRole(parts: RoleParts): Promise<RunningRole> {
  const { role } = parts;
  switch (role) {
    case 'all':
      return (await import('./process/all.ts')).runAll(parts);
    case 'edge':
      return (await import('./process/edge.ts')).runEdge(parts);
    case 'worker':
      return (await import('./process/worker.ts')).runWorker(parts);
    default:
      return role satisfies never;
  }
}
