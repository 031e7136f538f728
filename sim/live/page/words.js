// Every word of the page, in both languages; numbers and units as people write them.

const WORDS = {
  en: {
    title: "suanli: move the assumptions",
    scenario: "Scenario", undo: "Undo", redo: "Redo", clear: "Reset", pin: "Pin", unpin: "Unpin", share: "Share", save: "Save",
    language: "中文", picture: "Answer", inputs: "Assumptions", search: "Search the assumptions",
    searchHint: "Search: growth, H800, Q04.6 …", only: "changed only", nothing: "Nothing fits.", all: "All headline answers",
    shareTitle: "Share this state", shareText: "Whoever was let in by this server can open this address. It holds the state and no token.",
    copied: "Copied.", close: "Close", saveTitle: "Save", name: "Name of the scenario",
    toml: "Scenario (.toml)", nc: "Result (.nc)", csv: "Table (.csv)",
    saveText: "The scenario is a file that suanli run takes; its first lines say how. The result is that of 65,536 draws.",
    working: "Working …", done: "Saved as",
    state: "this state", unchanged: "as in the book", base: "compared with", baseline: "the baseline", pinned: "the pinned state",
    difference: "Difference", draws: "draws", error: "largest error", sharpening: "sharpening …", rested: "done", waiting: "working …",
    lost: "The connection was lost; trying again.", gone: "The server does not let this page in any more. Open the address that suanli serve printed.",
    prior: "prior", fix: "fixed", never: "never", scale: "× value", width: "× width", yes: "yes", no: "no", reset: "Reset",
    value: "Value", mode: "How", why: "why", statedAs: "stated", basis: { claim: "claim", mixed: "partly a claim", assumption: "assumption" },
    changed: (n) => `${n} changed`, median: "median", noChange: "no difference", chance: (n) => `${n} of 100`, points: "pts",
    figure: ["mean", "5 %", "median", "95 %"], of: "of", range: "90 % of draws", pick: "Show",
    byScenario: "changed by the scenario",
  },
  zh: {
    title: "算力：移动假设",
    scenario: "情景", undo: "撤销", redo: "重做", clear: "复位", pin: "固定", unpin: "取消固定", share: "分享", save: "保存",
    language: "English", picture: "结果", inputs: "假设", search: "搜索假设",
    searchHint: "搜索：增速、H800、Q04.6 …", only: "仅看已改", nothing: "没有匹配的假设。", all: "全部主要结果",
    shareTitle: "分享当前状态", shareText: "已获准进入此服务器的人可打开此地址；其中只有状态，没有令牌。",
    copied: "已复制。", close: "关闭", saveTitle: "保存", name: "情景名称",
    toml: "情景 (.toml)", nc: "结果 (.nc)", csv: "表格 (.csv)",
    saveText: "情景文件可直接交给 suanli run，文件开头写明命令；结果按 65,536 次抽样计算。",
    working: "正在计算……", done: "已保存为",
    state: "当前状态", unchanged: "与书中相同", base: "对照", baseline: "基准情景", pinned: "固定的状态",
    difference: "差异", draws: "次抽样", error: "最大误差", sharpening: "继续细化……", rested: "完成", waiting: "计算中……",
    lost: "连接中断，正在重试。", gone: "服务器不再接受此页面。请打开 suanli serve 打印的地址。",
    prior: "先验", fix: "固定值", never: "永不", scale: "× 数值", width: "× 宽度", yes: "是", no: "否", reset: "复位",
    value: "数值", mode: "方式", why: "理由", statedAs: "陈述值", basis: { claim: "访谈陈述", mixed: "部分来自陈述", assumption: "假设" },
    changed: (n) => `已改 ${n} 项`, median: "中位数", noChange: "无差异", chance: (n) => `100 次中 ${n} 次`, points: "个百分点",
    figure: ["均值", "5% 分位", "中位数", "95% 分位"], of: "：", range: "90% 的抽样", pick: "查看",
    byScenario: "情景已改",
  },
};

const UNITS = {
  card: "张", A100: "A100", server: "台", module: "只", "bn RMB": "十亿元", "million USD": "百万美元", month: "月", quarter: "季",
  "card/yr": "张/年", "1/yr": "/年", "card/quarter": "张/季", "1/quarter": "/季", customer: "家", "bn RMB/yr": "十亿元/年",
  "thousand RMB/card": "千元/张", "USD/module": "美元/只", "module/server": "只/台", "A100·s": "A100·秒", "answer/day": "次/天",
};
const PLURALS = { card: "cards", module: "modules", server: "servers", customer: "customers" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export let lang = "en";

export function speak(language) {
  lang = language === "zh" ? "zh" : "en";
  document.documentElement.lang = lang;
  document.title = say("title");
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
}

export const say = (key) => WORDS[lang][key];
export const label = (thing) => (lang === "zh" ? thing.label_zh : thing.label);
export const labels = (dim) => (lang === "zh" ? dim.labels_zh : dim.labels);
export const unit = (text) => (text === "1" || text === "0/1" ? "" : (lang === "zh" ? UNITS : PLURALS)[text] ?? text);

// With so many decimals. What knows how costs more to make than all else that a move draws, so it is kept.
const writers = new Map();
function written(value, decimals) {
  if (!writers.has(decimals)) {
    writers.set(decimals, new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return writers.get(decimals).format(value);
}

// A number to three figures, fewer where its error is larger; 万 and 亿 in Chinese.
export function plain(value, error = 0) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  let [scale, word] = [1, ""];
  if (lang === "zh" && Math.abs(value) >= 1e8) [scale, word] = [1e8, "亿"];
  else if (lang === "zh" && Math.abs(value) >= 1e4) [scale, word] = [1e4, "万"];
  const size = Math.floor(Math.log10(Math.abs(value / scale)));
  let place = size - 2;
  if (error > 0) place = Math.max(place, Math.ceil(Math.log10(error / scale)));
  const unitOf = 10 ** place;
  const text = written(Math.round(value / scale / unitOf) * unitOf, Math.max(0, -place));
  return text.replace("-", "−") + word;
}

// Without zeros at the end of its decimals.
export const trimmed = (text) => text.replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");

export function month(value) {
  if (value === null) return "–";
  if (value >= 9999) return say("never");
  const whole = Math.floor(value) - 1;
  const [year, index] = [2023 + Math.floor(whole / 12), ((whole % 12) + 12) % 12];
  return lang === "zh" ? `${year}年${index + 1}月` : `${MONTHS[index]} ${year}`;
}

// A number on an axis: no zeros behind the point, no unit but %.
export function tick(output, value, { difference = false } = {}) {
  if (output.kind === "month" && !difference) return month(value);
  const share = output.unit === "1";
  const text = trimmed(plain(share ? 100 * value : value));
  return `${difference && value > 0 ? "+" : ""}${text}${share && !difference ? (lang === "zh" ? "%" : " %") : ""}`;
}

// A figure of an output, or a difference of two.
export function figure(output, value, { difference = false, error = 0 } = {}) {
  if (value === null || value === undefined) return "–";
  const sign = difference && value > 0 ? "+" : "";
  if (output.kind === "month") return difference ? `${sign}${plain(value, error)} ${unit("month")}` : month(value);
  if (output.kind === "chance" && !difference) {
    const of100 = Math.round(100 * value);
    return say("chance")(value > 0 && of100 === 0 ? "<1" : value < 1 && of100 === 100 ? ">99" : String(of100));
  }
  if (output.unit === "1") {
    const text = plain(100 * value, Math.max(100 * error, 0.01));
    return difference ? `${sign}${text} ${say("points")}` : `${text}${lang === "zh" ? "" : " "}%`;
  }
  return `${sign}${plain(value, error)}`;
}
