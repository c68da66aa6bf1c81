import { afterEach, describe, expect, it, vi } from "vitest";
import {
  cachesAreTold,
  namesAreNotConfused,
  newestSecretSigns,
  oldCookiesAreRefused,
  purposesDoNotRunTogether,
} from "../support/advisory-checks.ts";
import { type Library, loadLibrary } from "../support/library.ts";

const library = await loadLibrary();

describe("these tests notice a library in which", () => {
  afterEach(() => {
    vi.doUnmock("../../src/session/lifetime.ts");
    vi.doUnmock("../../src/jars/caching-headers.ts");
    vi.doUnmock("../../src/cookie/cookie-header.ts");
    vi.doUnmock("../../src/crypto/key-derivation.ts");
    vi.doUnmock("../../src/formats/signed.ts");
    vi.resetModules();
  });

  /** The library with some of one layer's functions replaced. */
  async function brokenLibrary(layer: string, replace: (original: never) => object) {
    vi.resetModules();
    vi.doMock(layer, async (original) => {
      const module = (await original()) as object;
      return { ...module, ...replace(module as never) };
    });
    return loadLibrary();
  }

  it("the age check is removed", async () => {
    const broken = await brokenLibrary("../../src/session/lifetime.ts", () => ({
      judgeAge: () => undefined,
    }));
    await expect(oldCookiesAreRefused(broken)).rejects.toThrow("and no longer");
  });

  it("nothing forbids shared caching", async () => {
    const broken = await brokenLibrary("../../src/jars/caching-headers.ts", () => ({
      varyByCookie: () => {},
      forbidSharedCaching: () => {},
    }));
    await expect(cachesAreTold(broken)).rejects.toThrow("private, no-store");
  });

  it("the oldest secret signs", async () => {
    type Make = typeof library.signedCodec;
    const broken = await brokenLibrary(
      "../../src/formats/signed.ts",
      ({ signedCodec }: { signedCodec: Make }) => ({
        signedCodec: (name: string, secrets: string[]) => signedCodec(name, secrets.toReversed()),
      }),
    );
    await expect(newestSecretSigns(broken)).rejects.toThrow("bad-signature");
  });

  it("name and salt run together", async () => {
    const broken = await brokenLibrary(
      "../../src/crypto/key-derivation.ts",
      ({ deriveKey }: { deriveKey: Library["deriveKey"] }) => ({
        deriveKey: (secret: string, purpose: string[]) => deriveKey(secret, [purpose.join("")]),
      }),
    );
    await expect(purposesDoNotRunTogether(broken)).rejects.toThrow("sign,edsession");
  });

  it.each([
    ["trimmed of all white space", (name: string) => name.trim(), "CVE-2026-39410"],
    ["decoded", decodeURIComponent, "CVE-2020-8184"],
    [
      "taken from behind a nameless sign",
      (name: string) => name.replace(/^=+/, ""),
      "CVE-2023-23934",
    ],
  ])("cookie names are %s", async (_, normal, advisory) => {
    const broken = await brokenLibrary("../../src/cookie/cookie-header.ts", () => ({
      cookieValues: (header: string, name: string) =>
        header
          .split("; ")
          .map((pair) => [
            pair.slice(0, pair.lastIndexOf("=")),
            pair.slice(pair.lastIndexOf("=") + 1),
          ])
          .filter(([found = ""]) => normal(found) === name)
          .map(([, value]) => value),
    }));
    await expect(namesAreNotConfused(broken)).rejects.toThrow(advisory);
  });
});
