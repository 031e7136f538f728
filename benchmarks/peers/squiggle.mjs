// Squiggle under Node: the small model in its own language, sample sets of the size asked for.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, draws, seed, repeats, definition] = process.argv.slice(2);
const root = `${folder}/node_modules/@quri/squiggle-lang`;
const { run } = await import(pathToFileURL(`${root}/dist/index.js`));
const { version } = JSON.parse(readFileSync(`${root}/package.json`));

const { inputs, levels } = JSON.parse(definition);
const written = {
  normal: (mean, sd) => `normal(${mean}, ${sd})`,
  lognormal: (mu, sigma) => `lognormal(${mu}, ${sigma})`,
  uniform: (low, high) => `uniform(${low}, ${high})`,
  pert: (low, mode, high) => {
    const a = 1 + (4 * (mode - low)) / (high - low);
    const b = 1 + (4 * (high - mode)) / (high - low);
    return `${low} + ${high - low} * beta(${a}, ${b})`;
  },
};
const lines = Object.entries(inputs).map(
  ([name, [family, ...parameters]]) => `${name.replaceAll("_", "")} = SampleSet.fromDist(${written[family](...parameters)})`,
);
const code = [
  ...lines,
  "compute = held + bought * (share * perf + 1 - share)",
  "load = answers * seconds / ((1 + gain) * 86400 * utilisation) / compute",
  "spend = bought * (share * pricenew + (1 - share) * priceold) * 1e-6",
  `asked(d) = [mean(d), ${levels.map((level) => `quantile(d, ${level})`).join(", ")}]`,
  "[asked(compute), asked(load), asked(spend)]",
].join("\n");

async function once(count, number) {
  const environment = { sampleCount: count, xyPointLength: 1000, seed: String(number) };
  const output = await run(code, { environment });
  const result = output.result;
  if (!result.ok) throw new Error(String(result.value));
  return result.value.result.asJS();
}

await once(1000, 0);
const seconds = [];
let answers;
for (let i = 0; i < Number(repeats); i++) {
  if (seconds.reduce((sum, one) => sum + one, 0) > 3) break;
  const start = performance.now();
  answers = await once(Number(draws), Number(seed) + i);
  seconds.push((performance.now() - start) / 1000);
}
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, peak_mib: peak, answers, version }));
