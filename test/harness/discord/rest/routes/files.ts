/** Fresh links for attachments whose links have expired (API reference, "Refresh Attachment URLs"). */
import { signed } from '../../deeds/attachments.ts';
import type { Call, Route } from '../call.ts';
import { formOf } from '../form.ts';

interface Refreshed {
  readonly original: string;
  readonly refreshed: string | null;
}

function refresh({ state, body }: Call): { readonly refreshed_urls: readonly Refreshed[] } {
  const form = formOf(body);
  const urls =
    typeof body === 'object' && body !== null
      ? Object.entries(body).find(([name]) => name === 'attachment_urls')?.[1]
      : [];
  const list: readonly unknown[] = Array.isArray(urls) ? urls : [];
  if (list.length < 1 || list.length > 50)
    form.wrong('attachment_urls', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 50 in length.');
  form.end();
  return {
    refreshed_urls: list.map(String).map((original) => {
      const path = URL.canParse(original) ? decodeURIComponent(new URL(original).pathname.replace(/^\/cdn/, '')) : '';
      const known = path.startsWith('/attachments/') && state.files.has(path);
      return { original, refreshed: known ? signed(state, path) : null };
    }),
  };
}

export const fileRoutes: readonly Route[] = [{ method: 'POST', path: '/attachments/refresh-urls', run: refresh }];
