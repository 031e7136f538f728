"use strict";
(() => {
  const tip = document.getElementById("tip");
  const said = document.getElementById("said");
  const SVG = "http" + "://www.w3.org/2000/svg";

  const done = (button) => {
    const text = button.textContent;
    button.textContent = button.dataset.done;
    said.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = text; said.textContent = ""; }, 1500);
  };

  // A page from a disk has no clipboard in some browsers; a text that is selected and copied works in all.
  const copyAsSelected = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch { copyAsSelected(text); }
  };

  const rows = (table) => [...table.rows].map((row) => {
    if (!row.classList.contains("more")) return [...row.cells].map((cell) => cell.textContent.trim()).join("\t");
    return "";
  }).filter(Boolean).join("\n");

  const save = (text, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const saveSvg = (figure) => {
    const drawn = figure.querySelector("svg").cloneNode(true);
    drawn.removeAttribute("tabindex");
    drawn.querySelectorAll(".shown").forEach((each) => each.classList.remove("shown"));
    drawn.setAttribute("xmlns", SVG);
    save(new XMLSerializer().serializeToString(drawn), figure.dataset.name + ".svg", "image/svg+xml");
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const what = button.dataset.do;
    if (what === "copy") await copy(rows(button.closest(".table").querySelector("table")));
    if (what === "code") await copy(button.closest(".code").querySelector("pre").textContent);
    if (what === "save") saveSvg(button.closest("figure"));
    if (what === "unfold") {
      const all = [...button.closest(".table").querySelectorAll("details")];
      const open = all.some((each) => !each.open);
      all.forEach((each) => { each.open = open; });
      return;
    }
    done(button);
  });
  document.querySelectorAll(".tools").forEach((tools) => { tools.hidden = false; });

  document.querySelectorAll("figure").forEach((figure) => {
    const drawn = figure.querySelector("svg");
    const tips = [...drawn.querySelectorAll("[data-tip]")];
    if (!tips.length) return;
    // What a browser shows of a title by itself comes late and would cover ours.
    tips.forEach((each) => each.querySelectorAll("title").forEach((title) => title.remove()));
    let at = -1;

    const hide = () => {
      tip.hidden = true;
      if (at >= 0) tips[at].classList.remove("shown");
      at = -1;
    };
    const show = (index) => {
      if (at >= 0) tips[at].classList.remove("shown");
      at = index;
      tips[at].classList.add("shown");
      tip.textContent = tips[at].dataset.tip;
      tip.hidden = false;
      const place = tips[at].getBoundingClientRect();
      const middle = (place.left + place.right - tip.offsetWidth) / 2;
      const above = place.top - tip.offsetHeight - 6;
      tip.style.left = Math.min(Math.max(middle, 4), innerWidth - tip.offsetWidth - 4) + "px";
      tip.style.top = (above > 4 ? above : place.bottom + 6) + "px";
    };
    const far = (place, x, y) => {
      const dx = Math.max(place.left - x, 0, x - place.right);
      const dy = Math.max(place.top - y, 0, y - place.bottom);
      return dx * dx + dy * dy + 1e-6 * (place.width * place.width + place.height * place.height);
    };
    const near = (event) => {
      const all = tips.map((each) => far(each.getBoundingClientRect(), event.clientX, event.clientY));
      const least = Math.min(...all);
      if (least > 60 * 60) hide(); else show(all.indexOf(least));
    };
    drawn.addEventListener("pointermove", near);
    drawn.addEventListener("pointerdown", near);
    drawn.addEventListener("pointerleave", hide);
    drawn.addEventListener("blur", hide);
    drawn.setAttribute("tabindex", "0");
    drawn.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      show((at + step + tips.length) % tips.length);
      said.textContent = tips[at].dataset.tip;
    });
  });
})();
