/** What a writer may give as a value, whatever the field; null clears it. */
export type FieldInput =
  | string
  | number
  | boolean
  | Date
  | null
  | readonly (string | number)[]
  | { add?: readonly (string | number)[]; rem?: readonly (string | number)[] }
  | { lat: number; lng: number; address?: string }

/** The body that sets a field, or the sentence that says why there is none. */
export type FieldBody = { kind: 'body'; body: { value: unknown; value_options?: { time: boolean } } }
export type Unfit = {
  kind: 'unfit'
  reason: string
  /** Whether a newer schema of the list may know better: the option that was asked for may be new. */
  stale: boolean
}

export const body = (value: unknown): FieldBody => ({ kind: 'body', body: { value } })
export const unfit = (reason: string, stale = false): Unfit => ({ kind: 'unfit', reason, stale })
