import { setTimeout as pause } from "node:timers/promises";
import { type Mock, vi } from "vitest";

type TokenProvider = Mock<() => Promise<object>>;

/** A provider that gives another token each time. The session has the first one already. */
export function tokenProvider(): TokenProvider {
  let tokens = 1;
  return vi.fn(async () => {
    await pause(20);
    return { access: ++tokens };
  });
}

/** The provider's next answer waits until it is released. */
export function holdAnswer(provider: TokenProvider): () => void {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  provider.mockImplementationOnce(async () => {
    await released;
    return { access: 2 };
  });
  return release;
}
