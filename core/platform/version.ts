/** What this is, as `package.json` says; here, because a function's bundle carries no such file. */
export const VERSION = '0.1.0'
