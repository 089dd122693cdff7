import * as z from 'zod'
import { whole } from './whole.ts'

/** Raw deliveries in a bucket of their own, as ClickUp sent them: comments, descriptions and e-mail addresses included. */
export const archiveConfig = z
  .strictObject({
    /**
     * Days that a delivery is kept; at most as many as the ledger keeps a change (`ledgerDays`), because what it has forgotten
     * would be published anew when the archive is replayed.
     * @default 30
     */
    days: whole(1, 3650, 'days').default(30),
  })
  .optional()
