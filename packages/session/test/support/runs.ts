/** How many random cases each of the long properties tries. `npm run fuzz` sets more. */
export const RUNS = Number(process.env.PROPERTY_RUNS ?? 1000);
