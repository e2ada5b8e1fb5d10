/** Long texts on the upload service of whoever has said them (XEP-0363), where the operator keeps none. What lies there is its user's server's to delete. */
import type { Slots } from '../accounts/slots.ts';
import type { Uploads } from '../accounts/uploading.ts';

/** As accounts want them. */
export const createSlotUploads = (slots: Slots): Pick<Uploads, 'keep' | 'forget'> => ({
  keep: ({ owner, text }) => slots.store(owner, { name: 'message.txt', type: 'text/plain' }, Buffer.from(text)),
  forget: async () => 0,
});
