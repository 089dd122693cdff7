// Plain JavaScript for any Node.js: what follows it is TypeScript, which only the pinned one reads. npm puts that one first
// in the path of every script, unless its install script was not allowed to run.
const NEEDED = 24

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Hookline needs Node.js ${NEEDED} and brings it along, but this is ${process.version}: ` +
      'npm was not allowed to run install scripts. Run: npm rebuild node esbuild --ignore-scripts=false\n',
  )
  process.exitCode = 1
}
