import { isFiltered } from '../../core/ingest/filter.ts'
import type { Configured } from '../start/details.ts'

/** Why nothing can be compared, as one sentence; null where it can. */
export const filteredText = ({ connection }: Configured): string | null =>
  isFiltered(connection)
    ? `Everything is compared: run it without the filter of the connection ${connection.name}`
    : null
