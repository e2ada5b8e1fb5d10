/** A file as one line for people on IRC: its name and size where they say more than the address does. Nothing is fetched to find out. */
import type { FileLink } from '#bridge';

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const nameAtMost = 100;

/** "1.2 MB", by thousands. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** "name (1.2 MB): https://…", or the address alone where it ends with the name and no size is known. */
export function fileText({ url, name, size }: FileLink): string {
  const known = size !== undefined && Number.isFinite(size) && size >= 0 ? ` (${sizeText(size)})` : '';
  const shown = nameOf(name);
  if (shown === '' || (known === '' && namesItself(url, shown))) return url;
  return `${shown}${known}: ${url}`;
}

/** Without a path, without controls, not too long. */
function nameOf(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const clean = last.replace(/[\p{Cc}\p{Cf}]+/gu, '').trim();
  return clean.length > nameAtMost ? `${clean.slice(0, nameAtMost).toWellFormed()}…` : clean;
}

function namesItself(url: string, name: string): boolean {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) === name;
  } catch {
    return last === name;
  }
}
