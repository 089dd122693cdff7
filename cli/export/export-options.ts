import * as z from 'zod'
import { EXPORTS } from '../../core/export/kind.ts'
import { commonOptions } from '../options.ts'

export const whatSchema = z.enum(EXPORTS)
/** What the command takes, as commander hands it over. */
export const optionsSchema = commonOptions.extend({
  since: z.number().optional(),
  until: z.number().optional(),
  connection: z.string().optional(),
  format: z.enum(['ndjson', 'csv']).optional(),
  out: z.string().optional(),
  cursorFile: z.string().optional(),
  rate: z.number().optional(),
})
export type ExportOptions = Omit<z.infer<typeof optionsSchema>, 'format'> & {
  what: z.infer<typeof whatSchema>
  format: 'ndjson' | 'csv'
}
