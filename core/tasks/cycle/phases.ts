import * as z from 'zod'

/** What a status means for the flow of work, whatever it is called. */
export const phaseSchema = z.enum(['notStarted', 'active', 'done'], { error: 'must be notStarted, active or done' })
export type Phase = z.infer<typeof phaseSchema>

/** ClickUp's own types of statuses. */
const PHASE_OF_TYPE: ReadonlyMap<string, Phase> = new Map([
  ['open', 'notStarted'],
  ['custom', 'active'],
  ['done', 'done'],
  ['closed', 'done'],
])

export type Phases = {
  /** `null` for a status whose type says nothing and that nobody has mapped. */
  of(status: { name: string; type: string | null }): Phase | null
}

/** Phases by a status's type, unless its name, in any case, was mapped by hand. */
export function createPhases(byName: Readonly<Record<string, Phase>>): Phases {
  const mapped = new Map(Object.entries(byName).map(([name, phase]) => [lower(name), phase]))
  return { of: ({ name, type }) => mapped.get(lower(name)) ?? PHASE_OF_TYPE.get(type ?? '') ?? null }
}

const lower = (name: string) => name.trim().toLowerCase()
