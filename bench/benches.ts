import { acknowledgement } from './acknowledgement/bench.ts'
import { bundles } from './bundles/bench.ts'
import { coldStart } from './cold-start/bench.ts'
import { consumer } from './consumer/bench.ts'
import { costs } from './costs/bench.ts'
import type { Bench } from './figure.ts'
import { forger } from './forger/bench.ts'
import { ledger } from './ledger/bench.ts'
import { memory } from './memory/bench.ts'
import { refusals } from './refusals/bench.ts'
import { signature } from './signature/bench.ts'
import { standup } from './standup/bench.ts'
import { writeUnits } from './write-units/bench.ts'

/** All there are, in the order of the way of a delivery. */
export const BENCHES: readonly Bench[] = [
  signature,
  refusals,
  acknowledgement,
  coldStart,
  bundles,
  forger,
  consumer,
  ledger,
  memory,
  writeUnits,
  costs,
  standup,
]
