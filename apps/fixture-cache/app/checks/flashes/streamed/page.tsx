import { Suspense } from "react";
import { Flashes } from "../flashes";

export default function Page() {
  return (
    <main>
      <Suspense>
        <Flashes />
      </Suspense>
    </main>
  );
}
