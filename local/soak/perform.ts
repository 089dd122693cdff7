import { deliveries, latency, outage, stranger, tokenDies, webhook } from './acts/clickup.ts'
import { job, kill, pause, rotateSigning, rotateToken } from './acts/operator.ts'
import { bulk, deleteTask, hide, people, place, restoreTask, show } from './acts/people.ts'
import type { Command } from './command.ts'
import type { Scene } from './scene.ts'

type Acts = { [Kind in Command['kind']]: (scene: Scene, command: Extract<Command, { kind: Kind }>) => unknown }

const ACTS: Acts = {
  ...{ people, bulk, deleteTask, restoreTask, place, hide, show },
  ...{ deliveries, latency, outage, stranger, webhook, tokenDies },
  ...{ rotateSigning, rotateToken, pause, kill, job },
  wait: (scene, { ms }) => scene.pass(ms),
}

/** Has a command happen. One that finds nothing to do does nothing. */
export async function perform<Kind extends Command['kind']>(
  scene: Scene,
  command: Extract<Command, { kind: Kind }> & { kind: Kind },
): Promise<void> {
  const act: Acts[Kind] = ACTS[command.kind]
  await act(scene, command)
}
