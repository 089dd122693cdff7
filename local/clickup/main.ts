import { parseArgs } from 'node:util'
import { systemClock } from '../../core/platform/clock.ts'
import { work } from './people.ts'
import { createRandom } from './random.ts'
import { PLANS, type Plan } from './rate-limit.ts'
import { startFakeClickUp } from './server.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '4010' },
    plan: { type: 'string', default: 'Unlimited' },
    /** Tasks and time entries beside those of the demo workspace. */
    tasks: { type: 'string', default: '0' },
    'time-entries': { type: 'string', default: '0' },
    /** People's acts a second; 0 lets nobody work. */
    rate: { type: 'string', default: '0' },
  },
})

const isPlan = (name: string): name is Plan => Object.hasOwn(PLANS, name)
if (!isPlan(values.plan)) {
  console.error(`There is no plan ${values.plan}; there are ${Object.keys(PLANS).join(', ')}.`)
  process.exit(2)
}

const seed = Number(values.seed)
const size = { tasks: Number(values.tasks), timeEntries: Number(values['time-entries']) }
const fake = await startFakeClickUp({ seed, port: Number(values.port), plan: values.plan, ...size }).catch(
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
console.log(`CLICKUP_API_URL=${fake.url}`)
console.log(`CLICKUP_STATUS_URL=${fake.statusUrl}`)
console.log(`CLICKUP_API_TOKEN=${fake.tokens.service}`)
console.log(`Workspace ${fake.workspaceId}, ${fake.world.tasks().length} tasks.`)
const ratePerSecond = Number(values.rate)
if (ratePerSecond > 0) work({ world: fake.world, random: createRandom(seed), clock: systemClock, ratePerSecond })

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => fake.close().then(() => process.exit(0)))
