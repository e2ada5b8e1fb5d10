/** The keeper of files, put together where HTTP is served: in a process that does all, and in an edge. */
import { join } from 'node:path';
import { createMediaStore } from '../../storage/sql/media-store.ts';
import { createGuardedFetch } from '../guarded-fetch.ts';
import type { RoleParts } from '../role.ts';
import { createMediaFiles } from './files.ts';
import { createMediaKeeper, type MediaKeeper } from './keeper.ts';
import { largestKept, mediaBefore, megabyte } from './links.ts';

/** @param filesAt `Network.filesAt` of a domain */
export function openMedia(
  { config, stores, clock, log, metrics }: Pick<RoleParts, 'config' | 'stores' | 'clock' | 'log' | 'metrics'>,
  filesAt: (domain: string) => string | undefined,
): MediaKeeper {
  return createMediaKeeper({
    store: createMediaStore(stores.database),
    files: createMediaFiles(join(config.storage.data, 'media')),
    fetch: createGuardedFetch({ clock }),
    filesAt,
    largest: largestKept(config),
    all: (config.storage.media?.megabytes ?? Number.POSITIVE_INFINITY) * megabyte,
    before: () => mediaBefore(config, clock.now()),
    clock,
    log,
    count: (what) => metrics.media(what).add(),
  });
}
