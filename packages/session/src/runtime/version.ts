/** The version in package.json, which a bundled package cannot read. */
export const VERSION = "0.1.0";
