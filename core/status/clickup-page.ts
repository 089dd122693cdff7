import * as z from 'zod'

/** `security`: a security event; `unknown`: the page has a code that nobody knows. */
const stateSchema = z.enum(['operational', 'maintenance', 'degraded', 'disrupted', 'security', 'unknown'])

/** What the page says, as it is kept. */
export const pageSchema = z.object({
  /** When it was read, ms since 1970, our clock. */
  at: z.number(),
  state: stateSchema,
  /** The page's own words for it. */
  says: z.string(),
  /** The names of the incidents that it tells of, the first few. */
  incidents: z.array(z.string()),
})
export type StatusPage = z.infer<typeof pageSchema>

/** Whether something is wrong with ClickUp by its own account; maintenance that was announced is nothing wrong. */
export const isIncident = ({ state, incidents }: StatusPage): boolean =>
  state === 'degraded' || state === 'disrupted' || state === 'security' || incidents.length > 0
