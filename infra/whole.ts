import * as z from 'zod'

/** A whole number; every way of missing it is told by the same sentence. */
export const whole = (min: number, max: number, unit: string) => {
  const error = `must be a whole number of ${unit} from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}
