import { defineConfig } from './infra/config.ts'

/** What this deployment chooses; `infra/config.ts` lists every setting with its default. */
export default defineConfig({
  stage: 'prod',
  connections: [{ name: 'main' }],
})
