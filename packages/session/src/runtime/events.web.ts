/** The edge has no `node:diagnostics_channel`. */
export function publish(): void {}
