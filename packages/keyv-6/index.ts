// Keyv 6 for the tests. It has a workspace of its own, because npm gives a package one release of its peers,
// and that of `packages/session` is Keyv 5.
export { default as KeyvRedis } from "@keyv/redis";
export { Keyv } from "keyv";
