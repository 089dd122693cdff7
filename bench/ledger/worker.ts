import type { Through } from '../../local/virtual/aws/in-process.ts'
import { TABLES } from '../../local/virtual/aws/tables.ts'
import { createRig } from '../consumer/rig.ts'
import { createMeter } from '../write-units/meter.ts'
import type { Asked, Measured } from './filled.ts'
import { pastOf } from './past.ts'

/**
 * Measures a consumer whose ledger holds so many changes already, in a process of its own. What is asked comes as the first argument,
 * what was measured goes out as one line of JSON.
 */
const asked: Asked = JSON.parse(process.argv[2] ?? '')

const TASKS = 500

const meter = createMeter()
/** Whoever does not find by key looks at everything. */
const scanning: Through = async (call, next) => {
  if (call.name === 'BatchGetItem' && JSON.stringify(call.input).includes(`"${TABLES.ledger}"`))
    await meter.through({ ...call, name: 'Scan', input: { TableName: TABLES.ledger } }, next)
  return meter.through(call, next)
}
const rig = createRig({ tasks: TASKS, through: asked.broken === 'scan' ? scanning : meter.through })
for (const item of pastOf(asked.items, TASKS)) rig.dynamo.seed(TABLES.ledger, item)
await rig.work(3 * asked.messages)

const before = rig.published()
meter.forget()
const times: number[] = []
for (let round = 0; round < asked.rounds; round += 1) {
  const from = process.cpuUsage()
  await rig.work(asked.messages)
  const { user, system } = process.cpuUsage(from)
  times.push((2 * (user + system)) / asked.messages)
}
const changes = rig.published() - before
const { calls, read, write } = meter.bill()
const measured: Measured = {
  ...{ calls: calls / changes, readUnits: read / changes, writeUnits: write / changes },
  microseconds: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN,
}
process.stdout.write(`${JSON.stringify(measured)}\n`)
