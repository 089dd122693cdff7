import type { Connection } from '../../core/platform/connections.ts'

/** The connection of tests that need no other: nothing is filtered, nothing personal is kept. */
export const CONNECTION: Connection = { name: 'main', filter: {}, storeComments: false, storeEmails: false }
