import { loadPulse } from '../../../core/status/pulse.ts'
import { should, type Turn } from '../turn.ts'

export const WATCHING_TURNS: readonly Turn[] = [
  {
    name: 'the pulse is taken',
    functions: ['pulse'],
    async play(stage) {
      const { clients, details } = stage.system
      const since = Date.now()
      await stage.invoke('pulse', {})
      const pulse = await loadPulse({ dynamo: clients.dynamo, table: details.tables.state })
      should(pulse !== null && pulse.at >= since, 'there is no pulse')
    },
  },
  {
    name: 'anybody asks how the stage does',
    functions: ['health'],
    async play(stage) {
      const response = await fetch(new URL('/health', stage.system.stack.apiUrl))
      const text = await response.text()
      should(response.status === 200, `the answer is ${response.status}`)
      should(!text.includes('stateUnreadable'), 'it says that the state cannot be read')
    },
  },
  {
    name: 'a release is checked',
    functions: ['check-release', 'verifier'],
    async play(stage) {
      for (const { check } of stage.system.stack.releases) {
        should((await check()) === 'Succeeded', 'the check did not say that it is in order')
      }
    },
  },
]
