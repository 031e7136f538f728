"""What stands on pictures in words, in English and in Chinese; and people's names for labels of a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PHRASES: Mapping[str, tuple[str, str]] = {
    "median": ("median", "中位数"),
    "mean": ("mean", "均值"),
    "stated": ("as stated", "按原话取值"),
    "error": ("Monte Carlo error, 95 %", "蒙特卡洛误差 95 %"),
    "difference": ("difference", "差值"),
    "chance_below": ("Chance of at most so much", "不超过该值的概率"),
    "each_dot": ("each dot: {0} of 100", "每点代表 {0}% 的概率"),
    "share": ("Share", "占比"),
    "of_mean": ("share of the mean", "占均值比例"),
    "low_end": ("input in its lowest tenth", "输入处于最低十分之一"),
    "high_end": ("input in its highest tenth", "输入处于最高十分之一"),
    "low": ("input low", "输入偏低"),
    "high": ("input high", "输入偏高"),
    "claim": ("from a claim", "来自访谈"),
    "mixed": ("in part assumed", "部分为假设"),
    "assumption": ("assumed", "假设"),
    "rest": ("all others", "其余"),
    "points": ("points", "个百分点"),
    "together": ("inputs together", "输入交互"),
    "of_variance": ("Share of the variance", "方差占比"),
    "domestic": ("domestic", "国产"),
    "nvidia": ("NVIDIA", "英伟达"),
    "density": ("Density", "概率密度"),
    "chance": ("Chance", "概率"),
    "never": ("never", "从不"),
    "under": ("under {0}", "{0} 情景下"),
    "hedges": ("hedges", "语气"),
    "no_claim": ("No claim: our own assumption.", "无原话依据：本方假设。"),
    "claims": ("Claims", "原话"),
    "inputs": ("Inputs", "输入"),
    "outputs": ("Outputs", "输出"),
    "assumptions": ("{0}: {1} assumed", "{0}：{1} 项假设"),
    "errors_up_to": ("standard errors up to {0}", "标准误不超过 {0}"),
    "quarter": ("Quarter", "季度"),
    "year": ("Year", "年份"),
}

NAMES: Mapping[str, Mapping[str, str]] = {
    "buyer": {
        "alibaba_cloud": "Alibaba Cloud",
        "alibaba_group": "Alibaba group",
        "baidu": "Baidu",
        "bytedance": "ByteDance",
        "tencent": "Tencent",
        "qihoo360": "360",
    },
    "lab": {"alibaba": "Alibaba", "baidu": "Baidu", "bytedance": "ByteDance", "tencent": "Tencent"},
    "accelerator": {
        "mlu370": "MLU370",
        "mlu590": "MLU590",
        "ppu": "PPU",
        "ascend910": "Ascend 910",
        "dcu": "DCU",
        **{name: name.upper() for name in ("v100", "a100", "a800", "h800", "br100")},
    },
    "speed": {"100": "100 Gb/s", "200": "200 Gb/s", "400": "400 Gb/s"},
}


def say(key: str, lang: str, *parts: object) -> str:
    """A phrase in a language, its gaps filled."""
    return PHRASES[key][lang == "zh"].format(*parts)


def name_of(dim: str, label: object, lang: str, coords: Any = None) -> str:
    """What people call a label: of a coordinate ``<dim>_zh`` or ``<dim>_label`` if there is one, else as it is known here.

    Parameters
    ----------
    dim, label: the dimension and the label.
    lang: ``"en"`` or ``"zh"``.
    coords: coordinates of an array or a dataset that has the dimension.
    """
    further = f"{dim}_zh" if lang == "zh" else f"{dim}_label"
    if coords is not None and further in coords and dim in coords:
        known = [str(each) for each in coords[dim].values.ravel()]
        if str(label) in known:
            return str(coords[further].values.ravel()[known.index(str(label))])
    text = str(label)
    if dim == "quarter" and lang == "zh":
        return text.replace("Q", "年Q")
    return NAMES.get(dim, {}).get(text) or text.replace("_", " ")


def long_name(attributes: Mapping[str, Any], name: str, lang: str) -> str:
    """The label of a variable for people."""
    english = str(attributes.get("long_name", "") or name)
    return str(attributes.get("long_name_zh", "") or english) if lang == "zh" else english


def of_record(records: Mapping[str, Any], name: str, lang: str) -> str:
    """The label of a book's record for people; without one, or without the record, its name."""
    known = records.get(name)
    labels = {} if known is None else {"long_name": known.label, "long_name_zh": known.label_zh}
    return long_name(labels, name, lang)


def shortened(text: str, most: int) -> str:
    """``text`` in at most so many characters, cut between words where there are any; a Chinese one counts twice."""
    if _width(text) <= most:
        return text
    kept = ""
    for letter in text:
        if _width(kept + letter) > most - 1:
            break
        kept += letter
    at_word = kept.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > 0.6 * len(kept) else kept).rstrip(" ,;，；：") + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width``, a Chinese character counting twice."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> Iterable[str]:
    """Words with the space behind them; Chinese characters one by one."""
    word = ""
    for letter in text:
        if ord(letter) > 0x2E7F:
            if word:
                yield word
            yield letter
            word = ""
        else:
            word += letter
            if letter == " ":
                yield word
                word = ""
    if word:
        yield word


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
