import type { Handler } from './call.ts'
import { accountRoutes } from './routes/account.ts'
import { commentRoutes } from './routes/comments.ts'
import { emptyWorkspaceRoutes } from './routes/empty-workspace.ts'
import { goalRoutes } from './routes/goals.ts'
import { listRoutes } from './routes/lists.ts'
import { folderRoutes, spaceRoutes } from './routes/spaces.ts'
import { taskListRoutes } from './routes/task-lists.ts'
import { fieldRoutes, taskPartRoutes } from './routes/task-parts.ts'
import { taskTimeRoutes } from './routes/task-time.ts'
import { taskRoutes } from './routes/tasks.ts'
import { timeEntryRoutes } from './routes/time-entries.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** Everything that the API answers, below its base URL. */
export const ROUTES: Readonly<Record<string, Handler>> = {
  ...accountRoutes,
  ...emptyWorkspaceRoutes,
  ...webhookRoutes,
  ...spaceRoutes,
  ...folderRoutes,
  ...listRoutes,
  ...taskListRoutes,
  ...taskRoutes,
  ...taskPartRoutes,
  ...fieldRoutes,
  ...commentRoutes,
  ...timeEntryRoutes,
  ...taskTimeRoutes,
  ...goalRoutes,
}
