import { Flashes } from "../flashes";

export const instant = false;

export default function Page() {
  return (
    <main>
      <Flashes />
    </main>
  );
}
