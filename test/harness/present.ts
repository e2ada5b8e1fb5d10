/** Where clients see contacts, servers and the gateway: their presence comes from there, and what people say (CHECKLIST PRE-02). Written out, since it is never to change. */

/** @param address without a resource */
export const present = (address: string): string => `${address}/gateway`;
