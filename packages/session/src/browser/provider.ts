import { useRouter } from "next/navigation.js";
import { createElement, type ReactNode, use, useEffect, useState } from "react";
import type { PublicTimes } from "../core/public-session.ts";
import type { Kind, Known, Newer } from "./kind.ts";
import { joinTabs, type Tab } from "./tabs.ts";

/** Milliseconds that the server has to say whether the session was refreshed, before it counts as ended. */
const PATIENCE = 5000;

interface Props<Public extends PublicTimes> {
  readonly kind: Kind<Public>;
  readonly session: Promise<Public>;
  readonly children?: ReactNode;
}

export function Provider<Public extends PublicTimes>(props: Props<Public>): ReactNode {
  const outer = use(props.kind.context);
  return outer
    ? createElement(Messenger<Public>, { ...props, outer })
    : createElement(Keeper<Public>, props);
}

/** A provider inside another one: brings it what the page was given. */
function Messenger<Public extends PublicTimes>({
  session,
  outer: { replace },
  children,
}: Props<Public> & { readonly outer: Known<Public> }): ReactNode {
  useEffect(() => {
    // A page from the browser's memory has an older session.
    session.then((value) => {
      replace((before) => (value.readAt < before.readAt ? before : value));
    }, ignore);
  }, [session, replace]);
  return children;
}

/** Keeps the session in step with the server's answers, with other tabs, and with the clock. */
function Keeper<Public extends PublicTimes>({ kind, session, children }: Props<Public>): ReactNode {
  const { context, clock, channel } = kind;
  const router = useRouter();
  const [newer, setNewer] = useState<Newer<Public>>();
  const [memory] = useState(() => memoryWith<Public>(setNewer, () => router.refresh()));

  useEffect(() => {
    const { refresh } = memory;
    const refreshIfKept = (event: PageTransitionEvent) => event.persisted && refresh();
    const tab = joinTabs(channel, {
      refresh,
      extend: (expiresAt) => memory.replace((before) => ({ ...before, expiresAt })),
    });
    memory.tab = tab;
    // While the browser kept the page and showed another one, it heard of nothing.
    addEventListener("pageshow", refreshIfKept);
    return () => {
      removeEventListener("pageshow", refreshIfKept);
      tab.leave();
    };
  }, [channel, memory]);

  useEffect(() => {
    let cancel: (() => void) | undefined = ignore;
    Promise.resolve(newer?.than === session ? newer.value : session).then((value) => {
      if (!cancel) return;
      memory.latest = { than: session, value };
      clock.learn(value);
      memory.tab?.post(value);
      if (!value.expiresAt) return;
      cancel = clock.whenLeft(0, value, () => {
        // A later request may have refreshed it, of which the browser knows nothing.
        memory.refresh();
        const timer = setTimeout(() => memory.replace(ended), PATIENCE);
        cancel = () => clearTimeout(timer);
      });
    }, ignore);
    return () => {
      cancel?.();
      cancel = undefined;
    };
  }, [session, newer, clock, memory]);

  return createElement(
    context,
    { value: { given: session, newer, replace: memory.replace } },
    children,
  );
}

/** What a provider keeps from one rendering to the next. */
interface Memory<Public> extends Pick<Known<Public>, "replace"> {
  latest?: Newer<Public>;
  tab?: Tab;
  refresh(): void;
}

function memoryWith<Public>(
  setNewer: (newer: Newer<Public>) => void,
  refresh: () => void,
): Memory<Public> {
  const memory: Memory<Public> = {
    refresh() {
      // Offline, the router would leave the page for the browser's message.
      if (navigator.onLine) refresh();
    },
    replace(by) {
      const { latest } = memory;
      if (latest) setNewer({ ...latest, value: by(latest.value) });
    },
  };
  return memory;
}

function ended<Public extends PublicTimes>({ readAt }: Public): Public {
  return { readAt, expiresAt: undefined } as PublicTimes as Public;
}

/** The error boundary of the component that uses the session shows what went wrong. */
function ignore(): void {}
